"""One order as the shop's people see it: its record and who did what, what was sent, what its buyer bought else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import bindparam, col, select

from checkout_app.auth.models import User
from checkout_app.core import database
from checkout_app.core.statements import Statement
from checkout_app.fulfilment import parcels
from checkout_app.fulfilment.parcels import Sent
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders.listing import Listed
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.payments import service
from checkout_app.payments.record import Record, gather
from checkout_app.payments.service import Refundable
from checkout_app.payments.statuses import Purpose

_WHO: Final = Statement[tuple[str, str]](
    select(User.id, User.email).where(col(User.id).in_(bindparam("users", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Whole:
    """An order with all that belongs to it; `who` are the addresses of those who did something, by their ids."""

    record: Record
    who: Mapping[str, str]
    refundable: Refundable | None
    """What can go back of the payment that pays it; None where none does."""
    sent: Sent
    former: Sequence[Listed]


async def whole(order_id: str) -> Whole:
    """Find an order of the shop with all that belongs to it; raises OrderNotFound."""
    async with database.read() as session:
        order = await session.get(Order, order_id)
        if order is None:
            raise OrderNotFound
        record = await gather(session, order)
        users = sorted({event.actor_id for event in record.events if event.actor_id})
        who = dict((await session.exec(_WHO, users=users)).all())
        paid = next((payment for payment in record.payments if payment.purpose == Purpose.ORDER), None)
        refundable = await service.refundable_of(session, paid) if paid else None
        sent = await parcels.sent(session, order)
    return Whole(record, who, refundable, sent, await listing.former(order))
