"""Several orders that somebody has chosen, to do the same with all of them."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import bindparam, col, select

from checkout_app.core import database, ids
from checkout_app.core.errors import InvalidInput
from checkout_app.core.statements import Statement
from checkout_app.fulfilment import parcels
from checkout_app.fulfilment.parcels import Sent
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order

MOST_CHOSEN: Final = 50
"""As many as a page of the list has."""
_CHOSEN: Final = Statement[Order](
    select(Order).where(col(Order.id).in_(bindparam("orders", expanding=True))).order_by(col(Order.id).desc())
)


async def chosen(order_ids: Sequence[str]) -> Sequence[Sent]:
    """Find orders, newest first, with what was sent of each; one that is named twice is there once.

    Raises OrderNotFound when one of them is not there, and InvalidInput for none or more than MOST_CHOSEN.
    """
    wanted = set(order_ids)
    if not 0 < len(wanted) <= MOST_CHOSEN or any(len(each) > ids.ID_LENGTH for each in wanted):
        raise InvalidInput({"ids": f"Choose from 1 to {MOST_CHOSEN} orders."})
    async with database.read() as session:
        orders = (await session.exec(_CHOSEN, orders=sorted(wanted))).all()
        if len(orders) < len(wanted):
            raise OrderNotFound
        return await parcels.sent_of_each(session, orders)
