"""What can be done with an order of the shop: how much of it may go back, and what of it may be sent."""

from dataclasses import dataclass

from checkout_app.core import database
from checkout_app.fulfilment import parcels
from checkout_app.fulfilment.parcels import Sent
from checkout_app.payments import service
from checkout_app.payments.record import Record
from checkout_app.payments.service import Refundable
from checkout_app.payments.statuses import Purpose


@dataclass(frozen=True, slots=True)
class Possible:
    """What can go back of the payment that pays an order, None where none does; and what was sent of it and may be."""

    refundable: Refundable | None
    sent: Sent


async def possible(record: Record) -> Possible:
    """Say what can be done with an order whose record somebody looks at."""
    paid = next((payment for payment in record.payments if payment.purpose == Purpose.ORDER), None)
    async with database.read() as session:
        refundable = await service.refundable_of(session, paid) if paid else None
        return Possible(refundable, await parcels.sent(session, record.order))
