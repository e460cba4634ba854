"""Read and change what the shopkeeper says of themselves."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeVar

from sqlmodel import func, select

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.orm import Base
from checkout_app.core.session import Session
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal import service as journal
from checkout_app.journal.actors import OPERATOR, Actor
from checkout_app.journal.models import Subject
from checkout_app.seller.models import LONGEST_PROMISE, ONLY, Seller, TaxScheme

Said = TypeVar("Said", bound=Base)
CHANGED: Final = "changed"
"""What the journal calls it that the shopkeeper says something else of the shop."""


class Terms(NamedTuple):
    """What the seller says of what they sell; what is empty they don't promise. By itself it claims nothing."""

    tax_scheme: str = TaxScheme.UNREGISTERED
    shipping: str = ""
    returns: str = ""


TAX_SCHEME = func.coalesce(
    select(Seller.tax_scheme).where(Seller.id == ONLY).scalar_subquery(), TaxScheme.REGULAR.value
).label("tax_scheme")
"""The scheme a sale is taxed by now, for a question that is about more; a shop that has said nothing is regular."""
TERMS: Final[tuple[Any, ...]] = (
    TAX_SCHEME,
    *(
        func.coalesce(select(getattr(Seller, name)).where(Seller.id == ONLY).scalar_subquery(), "").label(name)
        for name in ("shipping_promise", "returns_promise")
    ),
)
"""What `Terms` are made of, likewise."""


def tax_rate(scheme: str, rate: int) -> int:
    """Return the rate that a sale is taxed by, in basis points as `rate` is; only a regular seller may collect tax."""
    return rate if scheme == TaxScheme.REGULAR else 0


async def choose_tax_scheme(scheme: TaxScheme) -> None:
    """Let sales from now on be taxed by a scheme; orders that exist keep theirs."""
    async with database.write() as session:
        await change(session, OPERATOR, tax_scheme=scheme)


async def promise(*, shipping: str | None = None, returns: str | None = None) -> Seller:
    """Promise buyers something of how a parcel reaches them, or of sending it back; None leaves it, no words end it.

    Raises InvalidInput.
    """
    said = {"shipping_promise": shipping, "returns_promise": returns}
    fit = {name: fit_promise(name, words) for name, words in said.items() if words is not None}
    async with database.write() as session:
        return await change(session, OPERATOR, **fit)


def fit_promise(name: str, words: str) -> str:
    """Return what may be kept of a promise; raises InvalidInput."""
    try:
        return one_line(words, LONGEST_PROMISE)
    except Unfit as unfit:
        raise InvalidInput({name: f"A promise has at most {LONGEST_PROMISE} ordinary characters."}) from unfit


async def change(session: Session, by: Actor, **said: str | int) -> Seller:
    """Let columns of the seller's row say something else, and write down who said what before; returns the row."""
    return await say(session, Seller, by, said)


async def say(session: Session, table: type[Said], by: Actor, said: Mapping[str, str | int]) -> Said:
    """Let columns of a table's only row say something else, likewise."""
    await database.insert_new(session, table())
    [row] = await database.lock(session, table, [ONLY])
    for name, value in said.items():
        before = getattr(row, name)
        if value != before:
            setattr(row, name, value)
            await journal.record(session, Subject.SELLER, ONLY, CHANGED, by, what=name, before=before, after=value)
    return row
