"""An order that its buyer wants again: what of it can still be had goes into their cart, and the rest is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checkout_app.auth.tokens import Identity
from checkout_app.cart import service as carts
from checkout_app.cart.contents import Contents
from checkout_app.cart.owner import Owner
from checkout_app.catalog import service as catalog
from checkout_app.catalog.service import Offer
from checkout_app.core import database
from checkout_app.orders import files, looking
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So many units of a variant as an order had them, and how that stands now; amounts in minor units."""

    product_id: str
    variant_id: str
    name: str
    ordered: int
    in_cart: int
    for_sale: bool
    left: int | None
    """How many are left; None where nobody counts."""
    was: int
    """What one cost in the order."""
    unit_amount: int | None
    """What one costs now; None where it is not for sale in the order's currency."""
    is_had: bool
    """Whether it is a file that the order still gives, which nobody needs twice."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order that is wanted again, beside the cart that it was put into."""

    number: str
    currency: str
    lines: tuple[WantedLine, ...]


@dataclass(frozen=True, slots=True)
class _Former:
    """An order with its lines by their variants, and the variants whose files it still gives."""

    order: Order
    lines: Mapping[str, Sequence[OrderLine]]
    had: frozenset[str]


async def order_again(owner: Owner, buyer: Identity, order_id: str) -> tuple[Contents, Wanted]:
    """Let what was ordered be in somebody's cart, as much as can be had; raises OrderNotFound unless it is theirs.

    What is in the cart already counts, so doing it twice adds nothing. A file that they still have is left out.
    """
    former = await _find(buyer, order_id)
    units = {variant: _units(lines) for variant, lines in former.lines.items() if variant not in former.had}
    cart = await carts.add_what_can_be_had(owner, units)
    return cart, await _compare(former, cart)


async def wanted(cart: Contents, buyer: Identity, order_id: str) -> Wanted:
    """Compare an order of somebody's own with what is in their cart now; raises OrderNotFound."""
    return await _compare(await _find(buyer, order_id), cart)


async def _find(buyer: Identity, order_id: str) -> _Former:
    """Find an order and its lines by their variants, of each of which it may have several."""
    ordered: dict[str, list[OrderLine]] = {}
    async with database.read() as session:
        order = await looking.get_order(session, order_id, buyer)
        lines = await orders.lines(session, order.id)
        for line in lines:
            ordered.setdefault(line.variant_id, []).append(line)
        given = await files.of_order(session, order, await orders.timeline(session, order.id))
    had = {one.line_id for one in given if one.left}
    return _Former(order, ordered, frozenset(line.variant_id for line in lines if line.id in had))


async def _compare(former: _Former, cart: Contents) -> Wanted:
    async with database.ask() as session:
        offers = {offer.variant.id: offer for offer in await catalog.named(session, former.lines)}
    held = {line.variant_id: line.quantity for line in cart.lines}
    order = former.order
    lines = [
        _line(its, held.get(variant, 0), offers.get(variant), order.currency, is_had=variant in former.had)
        for variant, its in former.lines.items()
    ]
    return Wanted(order.number, order.currency, tuple(lines))


def _line(lines: Sequence[OrderLine], in_cart: int, offer: Offer | None, currency: str, *, is_had: bool) -> WantedLine:
    first, variant = lines[0], offer.variant if offer else None
    return WantedLine(
        product_id=first.product_id,
        variant_id=first.variant_id,
        name=first.name,
        ordered=_units(lines),
        in_cart=in_cart,
        for_sale=variant is not None,
        left=variant.available if variant else 0,
        was=first.unit_amount,
        unit_amount=variant.amount if variant and variant.currency == currency else None,
        is_had=is_had,
    )


def _units(lines: Sequence[OrderLine]) -> int:
    return sum(line.quantity for line in lines)
