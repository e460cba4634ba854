"""One order as the shop knows it: its record, what can go back of it, who did what, and what else its buyer ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import bindparam, col, select

from checkout_app.auth.models import User
from checkout_app.core import database
from checkout_app.core.statements import Statement
from checkout_app.fulfilment import parcels
from checkout_app.fulfilment.parcels import Sent
from checkout_app.merchant.orders.listing import Listed, former
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.payments import record, service
from checkout_app.payments.record import Record
from checkout_app.payments.service import Refundable
from checkout_app.payments.statuses import Purpose

_ACTORS: Final = Statement[User](select(User).where(col(User.id).in_(bindparam("people", expanding=True))))


@dataclass(frozen=True, slots=True)
class Found:
    """An order with all that the shop knows of it; `refundable` is None where no payment pays it."""

    record: Record
    refundable: Refundable | None
    people: Mapping[str, str]
    """The e-mail addresses of who did something to it, by their ids."""
    sent: Sent
    former: Sequence[Listed]


async def find(order_id: str) -> Found:
    """Find an order by its id; raises OrderNotFound."""
    async with database.read() as session:
        order = await session.get(Order, order_id)
        if order is None:
            raise OrderNotFound
        known = await record.gather(session, order)
        actors = {event.actor_id for event in known.events if event.actor_id}
        people = (await session.exec(_ACTORS, people=list(actors))).all() if actors else ()
        paid = next((payment for payment in known.payments if payment.purpose == Purpose.ORDER), None)
        return Found(
            record=known,
            refundable=await service.refundable_of(session, paid) if paid else None,
            people={person.id: person.email for person in people},
            sent=await parcels.sent(session, order),
            former=await former(session, order),
        )
