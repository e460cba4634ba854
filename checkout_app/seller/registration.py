"""How the seller stands to GST: their scheme, their State, their number, and whether they make handicrafts.

That the number is theirs, the shopkeeper says.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlmodel import false, func, select

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import OPERATOR
from checkout_app.seller import gstin as numbers
from checkout_app.seller.models import ONLY, Seller
from checkout_app.seller.service import TAX_SCHEME, change
from checkout_app.seller.states import STATES

_DIGITS: Final = {name.casefold(): digits for digits, name in STATES.items()}


class Registration(NamedTuple):
    """How the seller stands to GST; what is empty nobody has said."""

    scheme: str
    state: str
    handicraft: bool
    gstin: str


def _said(name: str, otherwise: Any) -> Any:
    its = select(getattr(Seller, name)).where(Seller.id == ONLY).scalar_subquery()
    return func.coalesce(its, otherwise).label(f"seller_{name}")


SUPPLY: Final[tuple[Any, ...]] = (TAX_SCHEME, _said("state", ""), _said("handicraft", false()))
"""The part of it by which a sale is taxed, for a question that is about more."""
_ALL: Final[tuple[Any, ...]] = (*SUPPLY, _said("gstin", ""))
_REGISTRATION: Final = Statement[tuple[str, str, bool, str]](select(*_ALL))


async def registration() -> Registration:
    """Return how the seller stands to GST now."""
    async with database.ask() as session:
        return Registration(*(await session.exec(_REGISTRATION)).one())


async def register(
    *, state: str | None = None, gstin: str | None = None, handicraft: bool | None = None
) -> Registration:
    """Say where the seller is and what they make; None leaves it, no words take it back. Raises InvalidInput.

    A GSTIN says where they are as well; while there is one, it is the one that counts.
    """
    said: dict[str, Any] = {} if handicraft is None else {"handicraft": handicraft}
    if state is not None:
        said["state"] = fit_state(state)
    if gstin is not None:
        said["gstin"] = fit_number(gstin)
    async with database.write() as session:
        seller = await change(session, OPERATOR)
        await change(session, OPERATOR, **placed(seller, said))
    return await registration()


def placed(seller: Seller, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a seller together with the State of their number; raises InvalidInput for another one."""
    number = said.get("gstin", seller.gstin)
    if not number:
        return dict(said)
    its_state = numbers.state(number)
    if said.get("state", its_state) != its_state:
        raise InvalidInput({"state": f"The GSTIN {number} is of {STATES[its_state]}."})
    return {**said, "state": its_state}


def fit_state(words: str) -> str:
    """Return the code of the State that somebody names; raises InvalidInput."""
    digits = _DIGITS.get(words.strip().casefold(), words.strip())
    if digits and digits not in STATES:
        raise InvalidInput({"state": "Give a State by its name, or by its two digits with GST."})
    return digits


def fit_number(words: str) -> str:
    """Return the GSTIN that somebody has typed, as it is written on paper; raises InvalidInput."""
    if not words.strip():
        return ""
    try:
        return numbers.read(words)
    except numbers.NoGstin as unfit:
        raise InvalidInput({"gstin": str(unfit)}) from unfit
