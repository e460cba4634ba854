"""What `check` looks at beside the books: that what is on sale can be paid."""

from typing import Any

from sqlalchemy import and_, case, literal, or_, select
from sqlmodel import col

from checkout_app.catalog.models import Product, Variant
from checkout_app.core.money import LARGEST_AMOUNT
from checkout_app.payments.checks.rules import Offenders, Rule
from checkout_app.payments.checks.scope import Where
from checkout_app.payments.gateway import amounts


class WhatIsOnSaleCanBePaid(Rule):
    """Razorpay takes what one of each product costs."""

    name = "what is on sale can be paid"

    def offenders(self, of: Where) -> Offenders:  # noqa: ARG002 - no order is concerned
        """Find what costs too little, too much, or a sum or a currency that Razorpay does not know."""
        amount, currency = col(Variant.amount), col(Variant.currency)
        least = case(dict(amounts.LEAST), value=currency, else_=amounts.LEAST_ELSEWHERE)
        return (
            select(col(Product.slug), literal(""), amount, currency)
            .join(Variant, col(Variant.product_id) == col(Product.id))
            .where(col(Product.on_sale))
            .where(
                or_(
                    currency.not_in(amounts.CURRENCIES),
                    amount < least,
                    amount > LARGEST_AMOUNT,
                    and_(currency.in_(amounts.THREE_DECIMALS), amount % 10 != 0),
                )
            )
        )

    def detail(self, amount: int, currency: str) -> str:
        """Say why one of it can't be paid."""
        return amounts.why_not(amount, currency)

    def _values(self) -> dict[str, Any]:
        return {}
