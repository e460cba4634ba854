"""Another address for a paid order of which nothing was shipped yet.

What it came to is frozen. So a place is refused to which the sale would have borne another kind of tax, or for which
sending it costs more than was paid.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import bindparam, col, select

from checkout_app.catalog.models import Product, Variant
from checkout_app.core import database
from checkout_app.core.money import format_price
from checkout_app.core.statements import Statement
from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.delivery.rules import Parcel, Zone, delivery_of
from checkout_app.delivery.zones import ZONES, zones_in
from checkout_app.journal.actors import Actor
from checkout_app.orders import service
from checkout_app.orders.by_shop import locked
from checkout_app.orders.errors import AddressRefused
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import PAID, Fulfilment, OrderEvent
from checkout_app.pricing.derivation import Sending, Supply
from checkout_app.seller.models import TaxScheme
from checkout_app.seller.registration import SUPPLY
from checkout_app.seller.states import STATES

_LINES: Final = Statement[tuple[OrderLine, bool, int | None]](
    select(OrderLine, col(Product.digital), col(Variant.weight))
    .join(Product, col(Product.id) == col(OrderLine.product_id))
    .join(Variant, col(Variant.id) == col(OrderLine.variant_id))
    .where(OrderLine.order_id == bindparam("order"))
)
_SAID: Final[tuple[Any, ...]] = (*SUPPLY, ZONES)
_GROUNDS: Final[Statement[tuple[Any, ...]]] = Statement(select(*_SAID))


def may_change(order: Order) -> bool:
    """Tell whether an order may go elsewhere: it is paid, and nothing of it was shipped."""
    return order.payment_status in PAID and order.fulfilment_status == Fulfilment.UNFULFILLED


async def send_elsewhere(order_id: str, to: PostalAddress, by: Actor) -> None:
    """Let an order go to another address; raises OrderNotFound, or AddressRefused and NotDeliverable, that say why."""
    async with database.write() as session:
        order = await locked(session, order_id)
        if not may_change(order):
            raise AddressRefused
        if order.ships_to == to.as_kept():
            return
        found = (await session.exec(_LINES, order=order_id)).all()
        scheme, state, handicraft, zones = (await session.exec(_GROUNDS)).one()
        goods = [(line, weight or 0) for line, digital, weight in found if not digital]
        if not goods:
            raise AddressRefused("Nothing of it goes in a parcel.")
        if to.state != (order.ships_to or {}).get("state"):
            _require_same_tax([line for line, *_ in found], Supply(TaxScheme(scheme), state, handicraft), to.state)
        weight = sum(each * line.quantity for line, each in goods)
        _require_paid_way(order, zones_in(zones), to, Parcel(weight, sum(line.amount for line, _ in goods)))
        order.ships_to = to.as_kept()
        await service.record(session, order, OrderEvent.READDRESSED, by)


def _require_same_tax(lines: Sequence[OrderLine], supply: Supply, state: str) -> None:
    sending = Sending(state=state)
    if not supply.may_send_to(sending):
        raise NotDeliverable({"pin": "This shop can't send goods to another State."})
    across = supply.goes_across(sending)
    if any((line.cgst or line.sgst) if across else line.igst for line in lines):
        sold, would = ("CGST and SGST", "IGST") if across else ("IGST", "CGST and SGST")
        why = f"It was sold with {sold}, and in {STATES[state]} it would bear {would}."
        raise AddressRefused(f"{why} Refund it, and let them order anew.")


def _require_paid_way(order: Order, zones: Sequence[Zone], to: PostalAddress, parcel: Parcel) -> None:
    """Refuse a place that costs more than was paid, or, where a coupon may have paid it, than where it goes now."""
    charge, paid = delivery_of(zones, to.destination, parcel).charge, order.delivery
    if charge > paid and order.coupon and order.ships_to:
        paid = max(paid, delivery_of(zones, PostalAddress.of(order.ships_to).destination, parcel).charge)
    if charge > paid:
        said = [format_price(amount, order.currency) for amount in (charge, paid)]
        raise AddressRefused(
            f"Sending it to {to.pin} ({STATES[to.state]}) costs {said[0]}; for its way {said[1]} was paid."
        )
