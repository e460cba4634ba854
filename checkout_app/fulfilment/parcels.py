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
from checkout_app.payments import refund_parts, service
from checkout_app.payments.refund_parts import Gone
from checkout_app.payments.statuses import Purpose

_PARCELS: Final = Statement[tuple[Shipment, ShipmentLine]](
    select(Shipment, ShipmentLine)
    .join(ShipmentLine, col(ShipmentLine.shipment_id) == col(Shipment.id))
    .where(col(Shipment.order_id).in_(bindparam("orders", expanding=True)))
    .order_by(col(Shipment.created_at), col(Shipment.id), col(ShipmentLine.line_id))
)
_LINES: Final = Statement[tuple[OrderLine, bool]](
    select(OrderLine, Product.digital)
    .join(Product, col(Product.id) == col(OrderLine.product_id))
    .where(col(OrderLine.order_id).in_(bindparam("orders", expanding=True)))
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
    return (await _of_orders(session, [order_id]))[order_id]


async def sent(session: Session, order: Order) -> Sent:
    """Return what was sent of an order."""
    [found] = await sent_of_each(session, [order])
    return found


async def sent_of_each(session: Session, orders: Sequence[Order]) -> Sequence[Sent]:
    """Return what was sent of each of some orders: as many questions for fifty of them as for one."""
    order_ids = [order.id for order in orders]
    parcels = await _of_orders(session, order_ids)
    paid = await _paid_by(session, orders)
    lines: dict[str, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    for line, digital in await session.exec(_LINES, orders=order_ids):
        if not digital:
            lines[line.order_id].append(line)
    return [_sent(order, lines[order.id], parcels[order.id], paid.get(order.id)) for order in orders]


async def _of_orders(session: Session, order_ids: Sequence[str]) -> Mapping[str, Sequence[Parcel]]:
    """Return the parcels of some orders, by order, oldest first."""
    found: dict[str, dict[str, Parcel]] = {order_id: {} for order_id in order_ids}
    for shipment, line in await session.exec(_PARCELS, orders=list(order_ids)):
        found[shipment.order_id].setdefault(shipment.id, Parcel(shipment)).units[line.line_id] = line.units
    return {order_id: list(parcels.values()) for order_id, parcels in found.items()}


async def _paid_by(session: Session, orders: Sequence[Order]) -> Mapping[str, Gone]:
    """Say of each order that keeps some of its money what of it goes back or has; of the others nothing."""
    paying = [order.id for order in orders if order.payment_status in PAID]
    attempts = (await service.payments_of_orders(session, paying)).values() if paying else ()
    payments = [each for order in attempts for each in order if each.purpose == Purpose.ORDER]
    gone = await refund_parts.gone_of_each(session, [payment.id for payment in payments]) if payments else {}
    return {each.order_id: gone[each.id] for each in payments if gone[each.id].amount < each.refundable}


def _sent(order: Order, lines: Sequence[OrderLine], parcels: Sequence[Parcel], gone: Gone | None) -> Sent:
    return Sent(order, gone is not None, [_line_sent(line, parcels, gone) for line in lines], parcels)


def _line_sent(line: OrderLine, parcels: Sequence[Parcel], gone: Gone | None) -> LineSent:
    """Count the units of a line of an order of which so much was refunded; None where nothing is to be shipped.

    Money is not given back for a particular unit: what was refunded is what came back, and beyond that what was not
    shipped. So one that a buyer keeps, and has their money for, is one less to ship.
    """
    shipped = sum(parcel.units.get(line.id, 0) for parcel in parcels if not parcel.shipment.came_back)
    returned = sum(parcel.units.get(line.id, 0) for parcel in parcels if parcel.shipment.came_back)
    if gone is None:
        return LineSent(line, shipped, returned, 0)
    refunded = max(gone.units.get(line.id, 0) - returned, 0)
    return LineSent(line, shipped, returned, max(line.quantity - shipped - refunded, 0))
