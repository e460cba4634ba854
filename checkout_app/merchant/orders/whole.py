"""One order as the shop's people see it: what the books hold about it, who did what, what its buyer bought else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import bindparam, col, select

from checkout_app.auth.models import User
from checkout_app.core import database
from checkout_app.core.statements import Statement
from checkout_app.mail import again
from checkout_app.mail.again import Told
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders.listing import Listed
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.payments.record import Record, gather

_WHO: Final = Statement[tuple[str, str]](
    select(User.id, User.email).where(col(User.id).in_(bindparam("users", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Whole:
    """An order with all that belongs to it; `who` are the addresses of those who did something, by their ids.

    `mails` is what its buyer was told by mail.
    """

    record: Record
    who: Mapping[str, str]
    mails: Sequence[Told]
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
        mails = await again.told(session, record.events)
    return Whole(record, who, mails, await listing.former(order))
