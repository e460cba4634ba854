"""Payments of orders that the books do not know: whose they are, and how much money of this shop is among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checkout_app.payments import orphans
from checkout_app.payments.checks.alarms import NothingIsMissing
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity, id_in

_MANY = 20
"""So many payments of one page whose orders are not known: asking for a list of orders is quicker than for each."""
_BEFORE = 3600
"""Seconds: most pay within an hour."""


@dataclass(slots=True)
class Others:
    """What another shop has at the gateway: how many payments, and how much of their money it has kept."""

    payments: int = 0
    amount: int = 0


class Unknown:
    """What a comparison has come upon that the books do not know."""

    def __init__(self) -> None:
        self.others: dict[str, Others] = {}
        """By shop; under an empty id what does not say whose it is."""

    async def look(self, page: Sequence[dict[str, Any]]) -> list[Violation]:
        """Tell whose these payments are; returns what is missing in our books. Raises RazorpayError."""
        payments = [payment for payment in PaymentEntity.read_each(page)[0] if orphans.left_of(payment)]
        if len(payments) > _MANY:
            await _learn(payments)
        missing = list[Violation]()
        for payment in payments:
            shop_id = await orphans.shop_of(payment.order_id) if payment.order_id else ""
            if orphans.is_ours(shop_id):
                missing.append(Violation(NothingIsMissing.name, payment.id, orphans.missing(payment.order_id or "")))
            else:
                other = self.others.setdefault(shop_id, Others())
                other.payments += 1
                other.amount += orphans.left_of(payment)
        return missing


async def _learn(payments: Sequence[PaymentEntity]) -> None:
    """Ask for the orders that were made about when these payments were, a hundred at once."""
    moments = [payment.created_at for payment in payments if payment.created_at]
    if not moments:
        return
    about_then = {"from": min(moments) - _BEFORE, "to": max(moments)}
    async for orders in gateway().pages(gateway().order.all, about_then):
        for order in orders:
            orphans.remember(id_in(order, "id"), order)
