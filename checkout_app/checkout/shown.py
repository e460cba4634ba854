"""What somebody was shown of a price, figure by figure: an order is made only where each of them is still the same."""

from collections.abc import Iterable, Mapping, Sequence

from checkout_app.checkout.errors import PriceChanged
from checkout_app.checkout.quote import Quote
from checkout_app.orders.models import Order, OrderLine
from checkout_app.pricing.derivation import Derivation

TOTAL = "total"
Figures = Mapping[str, int]
"""Amounts by their names, in minor units, that of a line by what is bought; what was shown is the total at least."""


def figures_of(priced: Quote) -> dict[str, int]:
    """Return every figure that a quote shows."""
    lines = [(line.offer.id, line.figures.amount) for line in priced.lines]
    return _figures(priced.derived, priced.amount, lines)


def figures_of_order(order: Order, lines: Sequence[OrderLine]) -> dict[str, int]:
    """Return the same of an order as it was made."""
    return _figures(order, order.amount, [(line.offer_id, line.amount) for line in lines])


def changed(shown: Figures, costs: Figures) -> dict[str, dict[str, int]]:
    """Return what of it is another figure by now: what it was and what it is."""
    return {name: {"was": was, "now": costs.get(name, 0)} for name, was in shown.items() if was != costs.get(name, 0)}


def require_same(shown: Figures, priced: Quote) -> None:
    """Refuse what does not cost what was shown; raises PriceChanged."""
    costs = figures_of(priced)
    if figures := changed(shown, costs):
        raise PriceChanged(shown[TOTAL], costs[TOTAL], priced.currency, figures)


def _figures(of: Derivation | Order, total: int, lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums = {"subtotal": of.subtotal, "discount": of.discount, "delivery": of.delivery, "tax": of.tax, TOTAL: total}
    return sums | {f"lines.{offer_id}": amount for offer_id, amount in lines}
