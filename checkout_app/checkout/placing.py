"""Placing: what a buyer wants becomes an order that holds its units, once for each attempt."""

from collections.abc import Sequence
from contextlib import suppress

import structlog

from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.tokens import Claims, Identity
from checkout_app.checkout.errors import PriceChanged
from checkout_app.checkout.quote import Item, Quote, QuoteLine, quote_for
from checkout_app.core import clock, ids
from checkout_app.core.changes import Lost
from checkout_app.core.errors import ShopError, Unavailable
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import gateway_orders

log = structlog.stdlib.get_logger(__name__)

Placed = tuple[Order, Sequence[OrderLine] | None]
"""An order, and its lines when they were made now."""
_TRIES = 5
"""How often it is begun anew when an order that was to be given up is paid, or its units taken, in that very moment."""


async def place(asking: Claims, items: Sequence[Item], key: str | None, digest: str, shown: int | None) -> Placed:
    """Make the order row with its lines, and hold the stock, or find the order that was made under the key before."""
    try:
        for _ in range(_TRIES):
            with suppress(Lost):
                return await _place(asking, items, key, digest, shown)
        raise Unavailable
    except InvalidToken:
        raise
    except ShopError:  # what was ordered before may be sold out since, or cost something else
        known = await orders.order_under_key(asking, key) if key else None
        if known is None:
            raise
        await tokens.confirm(asking)  # what no database keeps is refused before it is asked who asks
        return known, None


async def _place(asking: Claims, items: Sequence[Item], key: str | None, digest: str, shown: int | None) -> Placed:
    buyer, priced = await quote_for(asking, items)
    if shown is not None and shown != priced.amount:
        raise PriceChanged(shown, priced.amount, priced.currency)
    order = _order(buyer, priced, key or ids.new_id(), digest)
    lines = [_line(order, position, line) for position, line in enumerate(priced.lines, start=1)]
    placed, fresh = await orders.place(order, lines, buyer, priced.instead_of)
    log.info("order placed", order_id=placed.id, amount=placed.amount, currency=placed.currency, fresh=fresh)
    return placed, lines if fresh else None


def _order(buyer: Identity, priced: Quote, key: str, digest: str) -> Order:
    now = clock.now()
    return Order(
        buyer_id=buyer.user_id,
        email=buyer.email,
        name=buyer.name,
        subtotal=priced.amount,
        tax=priced.tax,
        amount=priced.amount,
        currency=priced.currency,
        tax_scheme=priced.tax_scheme,
        idempotency_key=key,
        request_digest=digest,
        expires_at=now + orders.HOLD,
        updated_at=now,
        due_at=now + orders.CHECKS[0],
        opening_until=now + gateway_orders.OPENING_LEASE,
    )


def _line(order: Order, position: int, line: QuoteLine) -> OrderLine:
    product, variant = line.offer.product, line.offer.variant
    return orders.line_of(order, position, product, variant, line.quantity, line.tax_rate, line.tax)
