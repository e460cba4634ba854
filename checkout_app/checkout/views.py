"""Checkout as the page shows it, and what Razorpay's modal is opened with. Never a secret."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from checkout_app.auth.tokens import Identity
from checkout_app.checkout.delivery.views import charge, takes
from checkout_app.checkout.quote import Quote
from checkout_app.checkout.service import PaymentOrder
from checkout_app.checkout.shown import TOTAL, Figures, figures_of, figures_of_order
from checkout_app.core import clock
from checkout_app.core.assets import versioned
from checkout_app.core.ids import new_id
from checkout_app.core.money import format_amount
from checkout_app.core.settings import settings
from checkout_app.delivery.rules import Delivery
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments.models import Downtime
from checkout_app.pricing.derivation import Derivation
from checkout_app.seller.models import TaxScheme
from checkout_app.seller.presentation import Presentation

LOADING = timedelta(seconds=15)
"""How long the payment window may take until it is there: so much sooner than the hold it closes by itself."""
_MOST_BY_UPI = 10_000_000
"""Minor units that most banks take by UPI at a time: one lakh rupees."""
_NO_COLLECTING = {"display": {"hide": [{"method": "upi", "flows": ["collect"]}]}}
"""Nobody types a UPI address any more: banks ended that in February 2026, and Razorpay wants it hidden."""
PRODUCT_GONE = "The link may be old, or what it led to has found its last home."


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of what is about to be bought."""

    name: str
    label: str
    image: str
    quantity: str
    unit: str
    amount: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What is about to be bought, and for how much."""

    lines: tuple[SummaryLine, ...] = ()
    amount: int = 0
    """The total, in minor units."""
    figures: tuple[tuple[str, int], ...] = ()
    """All that it is made of, by name: an order is made at these, or they are shown anew."""
    discount: str = ""
    """What a coupon takes off; else empty."""
    total: str = ""
    tax: str = ""
    delivery: str = ""
    """What sending it costs; empty as long as it is not known where to, and of files."""
    takes: str = ""
    """How long it is on its way, in a sentence; else empty."""
    hint: str = ""
    """What to know before choosing how to pay; else empty."""
    asks_firm: bool = False
    """Whether it may be for a firm: the seller collects tax, which a firm can be credited."""


def summary(quote: Quote) -> Summary:
    """Describe a quote."""
    lines = [
        _line(
            (line.offer.name, line.offer.product.image),
            line.quantity,
            line.offer.variant.amount,
            line.figures.amount,
            quote.currency,
        )
        for line in quote.lines
    ]
    described = _summary(lines, quote.derived, figures_of(quote), quote.currency, quote.basis.supply.scheme)
    sent = replace(quote.delivery, charge=quote.derived.delivery) if quote.delivery else None  # less by a coupon
    return replace(described, delivery=charge(sent, quote.currency), takes=takes(sent))


def ordered(order: Order, lines: Sequence[OrderLine]) -> Summary:
    """Describe an order that is not paid yet, as it was when it was made."""
    described = [
        _line((line.name, line.image), line.quantity, line.unit_amount, line.amount, order.currency) for line in lines
    ]
    its = _summary(described, order, figures_of_order(order, lines), order.currency, order.tax_scheme)
    return replace(its, delivery=charge(Delivery(order.delivery, ""), order.currency)) if order.ships_to else its


def _summary(
    lines: Sequence[SummaryLine], of: Derivation | Order, figures: Figures, currency: str, tax_scheme: str
) -> Summary:
    amount = figures[TOTAL]
    return Summary(
        lines=tuple(lines),
        amount=amount,
        figures=tuple(figures.items()),
        discount=format_amount(of.discount, currency) if of.discount else "",
        total=format_amount(amount, currency),
        tax=format_amount(of.tax, currency) if of.tax else "",
        hint=_upi_hint() if amount > _MOST_BY_UPI and currency == "INR" else "",
        asks_firm=tax_scheme == TaxScheme.REGULAR,
    )


def _upi_hint() -> str:
    most = format_amount(_MOST_BY_UPI, "INR")
    return f"Most banks take no more than {most} by UPI at a time. A card or net banking takes more."


def _line(looks: tuple[str, str], quantity: int, unit: int, amount: int, currency: str) -> SummaryLine:
    """Describe so many units of what has such a name and picture."""
    name, image = looks
    return SummaryLine(
        name=name,
        label=name if quantity == 1 else f"{quantity} × {name}",  # noqa: RUF001 - a true multiplication sign
        image=versioned(f"/{image}"),
        quantity=str(quantity),
        unit=format_amount(unit, currency),
        amount=format_amount(amount, currency),
    )


_METHODS = {"upi": "UPI", "card": "cards", "netbanking": "net banking", "wallet": "wallets"}
_MOST_NAMED = 3


def downtime_notice(downtimes: Iterable[Downtime]) -> str:
    """Say which payment methods are down now, in a sentence; empty when none is."""
    found = dict.fromkeys((_METHODS.get(each.method, each.method), each.instrument) for each in downtimes)
    names = [f"{method} ({instrument})" if instrument else method for method, instrument in found]
    if not names:
        return ""
    if len(names) > _MOST_NAMED:
        return "Several ways to pay have trouble at the moment. If yours does not work, choose another."
    listed = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return f"There is trouble with {listed} at the moment. Any other way to pay will do."


def hold_notice(order: Order) -> str:
    """Say until when an unpaid order's items are kept."""
    return f"We keep your items until {clock.format_time(order.expires_at)}."


def closes_at(order: Order) -> datetime:
    """Return when the payment window closes by itself, so that nobody pays for what is not kept for them any more."""
    return order.expires_at - LOADING


def modal_payment(opened: PaymentOrder, shop: Presentation, buyer: Identity) -> dict[str, Any]:
    """Return what the modal component needs: a nonce that opens it once, our order's id, and Razorpay's options."""
    url, left = settings().public_url, closes_at(opened.order) - clock.now()
    return {
        "nonce": new_id(),
        "orderId": opened.order.id,
        "options": {
            "key": opened.razorpay_key_id,
            "order_id": opened.razorpay_order_id,
            "amount": opened.order.amount,
            "currency": opened.order.currency,
            "name": shop.name,
            "description": f"Order {opened.order.number}",
            "image": f"{url}{shop.logo}",
            "prefill": {"name": buyer.name, "email": buyer.email} | _contact(opened.order),
            "theme": {"color": shop.accent},
            # The script posts here instead of calling back where pages can't be relied on: in-app browsers.
            "callback_url": f"{url}/api/checkout/callback",
            "retry": {"enabled": True},
            "timeout": max(1, int(left.total_seconds())),  # 0 would be no end at all
            "config": _NO_COLLECTING,
        },
    }


def _contact(order: Order) -> dict[str, str]:
    """Return the phone that the courier calls: the window asks for one as well, and has not to where it is known."""
    return {"contact": order.ships_to["phone"]} if order.ships_to else {}
