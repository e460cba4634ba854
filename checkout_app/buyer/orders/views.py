"""Orders as the list shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout_app.buyer.standing import STANDINGS, standing_of
from checkout_app.core import clock
from checkout_app.core.money import format_amount
from checkout_app.orders.listing import Listed
from checkout_app.orders.models import OrderLine


@dataclass(frozen=True, slots=True)
class StatementLine:
    """An order in the list of orders."""

    href: str
    date: str
    title: str
    amount: str
    status: str
    tone: str


def statement_line(order: Listed, lines: Sequence[OrderLine], *, waits: bool) -> StatementLine:
    """Describe an order for the list; `waits` says that a person has to look at it."""
    first = lines[0]
    title = first.name if first.quantity == 1 else f"{first.quantity} × {first.name}"  # noqa: RUF001 - a true multiplication sign
    standing = STANDINGS[standing_of(order, waits=waits)]
    return StatementLine(
        href=f"/orders/{order.id}",
        date=clock.format_date(order.created_at),
        title=title if len(lines) == 1 else f"{title} and {len(lines) - 1} more",
        amount=format_amount(order.amount, order.currency),
        status=standing.label,
        tone=standing.tone,
    )
