"""How much money somebody of the shop gives back before they have to show that it is them."""

from typing import Final

from sqlmodel import func, select

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import OPERATOR
from checkout_app.seller.models import ONLY, Seller
from checkout_app.seller.service import change

_HIGHEST: Final = 2**31 - 1
_LIMIT: Final = Statement[int](
    select(func.coalesce(select(Seller.refund_limit).where(Seller.id == ONLY).scalar_subquery(), Seller().refund_limit))
)


async def limit() -> int:
    """Return how much of a payment goes back without a second factor shown lately, in minor units."""
    async with database.ask() as session:
        return (await session.exec(_LIMIT)).one()


async def set_limit(amount: int) -> int:
    """Let so many minor units go back from now on, and return them; 0 wants it for each. Raises InvalidInput."""
    fit_limit("amount", amount)
    async with database.write() as session:
        await change(session, OPERATOR, refund_limit=amount)
    return amount


def fit_limit(name: str, amount: int) -> int:
    """Return so many minor units, if they can be a limit; raises InvalidInput."""
    if not 0 <= amount <= _HIGHEST:
        raise InvalidInput({name: f"From 0 to {_HIGHEST}."})
    return amount
