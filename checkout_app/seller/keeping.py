"""For how long the shop keeps what it does not need any more: the shopkeeper says it, in days."""

from typing import Final, NamedTuple

from sqlmodel import select

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.journal.actors import OPERATOR
from checkout_app.seller.models import LONGEST_KEPT, SHORTEST_KEPT, Seller
from checkout_app.seller.service import change


class Keeping(NamedTuple):
    """Days for which each kind of row is kept."""

    sign_ins: int
    guests: int
    messages: int


COLUMNS: Final = {name: f"keep_{name}" for name in Keeping._fields}


async def kept_for() -> Keeping:
    """Return what the shopkeeper has said, or what holds as long as they have not."""
    async with database.ask() as session:
        seller = (await session.exec(select(Seller))).first() or Seller()
    return Keeping(**{name: getattr(seller, column) for name, column in COLUMNS.items()})


async def keep(**days: int | None) -> Keeping:
    """Keep kinds of rows for so many days from now on; None leaves one as it is. Raises InvalidInput."""
    said = {name: number for name, number in days.items() if number is not None}
    for name, number in said.items():
        fit_days(name, number)
    async with database.write() as session:
        await change(session, OPERATOR, **{COLUMNS[name]: number for name, number in said.items()})
    return await kept_for()


def fit_days(name: str, number: int) -> int:
    """Return so many days, if something may be kept for them; raises InvalidInput."""
    if not SHORTEST_KEPT <= number <= LONGEST_KEPT:
        raise InvalidInput({name: f"From {SHORTEST_KEPT} to {LONGEST_KEPT} days."})
    return number
