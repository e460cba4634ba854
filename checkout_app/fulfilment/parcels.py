"""What of an order was shipped, what of that came back, and what is left to ship."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlmodel import bindparam, col, select

from checkout_app.catalog.models import Product
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.fulfilment.models import Shipment, ShipmentLine
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import PAID
from checkout_app.payments import refund_parts, refunds, service
from checkout_app.payments.models import Payment
from checkout_app.payments.statuses import Purpose

_PARCELS: Final = Statement[tuple[Shipment, ShipmentLine]](
    select(Shipment, ShipmentLine)
    .join(ShipmentLine, col(ShipmentLine.shipment_id) == col(Shipment.id))
    .where(Shipment.order_id == bindparam("order"))
    .order_by(col(Shipment.created_at), col(Shipment.id), col(ShipmentLine.line_id))
)
_LINES: Final = Statement[tuple[OrderLine, bool]](
    select(OrderLine, Product.digital)
    .join(Product, col(Product.id) == col(OrderLine.product_id))
    .where(OrderLine.order_id == bindparam("order"))
    .order_by(col(OrderLine.position))
)


@dataclass(slots=True)
class Parcel:
    """A parcel, and how many units of which line are in it."""

    shipment: Shipment
    units: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineSent:
    """How many units of a line were shipped, how many of these came back, and how many may still be shipped."""

    line: OrderLine
    shipped: int
    returned: int
    left: int

    @property
    def out(self) -> int:
        """How many are with the buyer, or on their way there."""
        return self.shipped - self.returned


@dataclass(frozen=True, slots=True)
class Sent:
    """An order and what was sent of it, line by line and parcel by parcel; files are in no parcel."""

    order: Order
    is_paid: bool
    """Whether any of its money stays with the shop: else nothing of it is left to ship."""
    lines: Sequence[LineSent]
    parcels: Sequence[Parcel]

    @property
    def shipped(self) -> Sequence[Parcel]:
        """The parcels that were shipped, oldest first."""
        return [parcel for parcel in self.parcels if not parcel.shipment.came_back]

    @property
    def returned(self) -> Sequence[Parcel]:
        """Those that came back, oldest first."""
        return [parcel for parcel in self.parcels if parcel.shipment.came_back]

    @property
    def left(self) -> Mapping[str, int]:
        """How many units of which line are left to ship."""
        return {sent.line.id: sent.left for sent in self.lines if sent.left}

    @property
    def out(self) -> Mapping[str, int]:
        """How many units of which line were shipped and have not come back."""
        return {sent.line.id: sent.out for sent in self.lines if sent.out}


async def of_order(session: Session, order_id: str) -> Sequence[Parcel]:
    """Return the parcels of an order, oldest first."""
    found: dict[str, Parcel] = {}
    for shipment, line in await session.exec(_PARCELS, order=order_id):
        found.setdefault(shipment.id, Parcel(shipment)).units[line.line_id] = line.units
    return list(found.values())


async def sent(session: Session, order: Order) -> Sent:
    """Return what was sent of an order."""
    parcels, payment = await of_order(session, order.id), await _paying(session, order)
    parts = await refund_parts.remainder(session, payment) if payment else refund_parts.Remainder()
    stays = {each.line.id: each.units for each in parts.lines}
    found = (await session.exec(_LINES, order=order.id)).all()
    lines = [_line_sent(line, parcels, stays.get(line.id)) for line, digital in found if not digital]
    return Sent(order, payment is not None, lines, parcels)


async def _paying(session: Session, order: Order) -> Payment | None:
    """Return the payment that pays an order, unless all of it has gone back or is about to."""
    for payment in await service.payments_of(session, order.id) if order.payment_status in PAID else ():
        if payment.purpose == Purpose.ORDER and await refunds.left(session, payment) > 0:
            return payment
    return None


def _line_sent(line: OrderLine, parcels: Sequence[Parcel], stays: int | None) -> LineSent:
    """Count the units of a line, of which so many were not refunded by their line; None where nothing is to be shipped.

    Money is not given back for a particular unit: what was refunded is what came back, and beyond that what was not
    shipped. So one that a buyer keeps, and has their money for, is one less to ship.
    """
    shipped = sum(parcel.units.get(line.id, 0) for parcel in parcels if not parcel.shipment.came_back)
    returned = sum(parcel.units.get(line.id, 0) for parcel in parcels if parcel.shipment.came_back)
    if stays is None:
        return LineSent(line, shipped, returned, 0)
    refunded = max(line.quantity - stays - returned, 0)
    return LineSent(line, shipped, returned, max(line.quantity - shipped - refunded, 0))
