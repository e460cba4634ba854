"""Shares: nobody keeps the shelf from others by orders that they don't pay.

What is counted is unpaid orders, a buyer's own and those from the same network address. An order does not keep that
address, only what tells it from another, and only as long as it is unpaid.
"""

from collections.abc import Sequence

from checkout_app.auth.tokens import Claims
from checkout_app.checkout.errors import UnpaidOrders
from checkout_app.checkout.quote import Quote, QuoteLine
from checkout_app.core import rates, signing
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings
from checkout_app.orders.models import LONGEST_MARK
from checkout_app.orders.unpaid import Unpaid

FEW = 3
"""Units that may be held of anything: somebody has to be able to buy the last ones."""


def most_of(on_hand: int) -> int:
    """Return how many units of a product one buyer or one address may hold and not have paid: half of it, or a few."""
    return max(FEW, (on_hand + 1) // 2)


def are_counted() -> bool:
    """Tell whether unpaid orders are counted at all: an operator may leave that to what stands in front of the shop."""
    return _most() is not None


def _most() -> int | None:
    return rates.most("unpaid", settings().rate_limits)


def mark_of(address: str) -> str | None:
    """Return what an order keeps of the address it comes from; None when nothing is counted, or it is not known."""
    if not address or not are_counted():
        return None
    key = signing.key_for(signing.Purpose.ORDERED_FROM, settings().jwt_secret)
    return signing.sign(key, address.encode())[:LONGEST_MARK]


def require(buyer: Claims, priced: Quote) -> None:
    """Refuse an order beside too many unpaid ones, or of too much beside what they hold.

    Raises UnpaidOrders, and InvalidInput where one order would be too much by itself.
    """
    most = _most()
    if most is None:
        return
    own = [order for order in priced.beside if order.buyer_id in buyer.known_as]
    if len(priced.beside) >= most or 2 * len(own) >= most:
        raise _unpaid(buyer, own)
    for line in priced.lines:
        _require_share(buyer, line, priced.beside)


def _require_share(buyer: Claims, line: QuoteLine, beside: Sequence[Unpaid]) -> None:
    variant = line.offer.variant
    if variant.on_hand is None:
        return
    most, holding = most_of(variant.on_hand), [order for order in beside if variant.id in order.units]
    if line.quantity > most:
        raise InvalidInput({"quantity": f"Of {line.offer.name} there are few: choose 1 to {most}."})
    if line.quantity + sum(order.units[variant.id] for order in holding) > most:
        raise _unpaid(buyer, holding)


def _unpaid(buyer: Claims, orders: Sequence[Unpaid]) -> UnpaidOrders:
    """Name the newest of some orders that the buyer can pay or cancel."""
    named = next((order for order in orders if order.buyer_id == buyer.user_id), None)
    return UnpaidOrders(named.id, named.number) if named else UnpaidOrders()
