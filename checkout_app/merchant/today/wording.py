"""Sentences about today: what was sold, what waits, and whether every paisa is in its place."""

from collections.abc import Mapping
from typing import Final

from checkout_app.core import clock
from checkout_app.core.money import format_amount, format_price
from checkout_app.merchant.today.service import Today
from checkout_app.merchant.today.sums import CURRENCY, DAYS
from checkout_app.orders.timeline import ASKED, IssueKind
from checkout_app.payments.checks.watch import UNWATCHED

_WAITS: Final[Mapping[str, tuple[str, str]]] = {
    IssueKind.CANCEL_ASKED: ("buyer asks to cancel", "buyers ask to cancel"),
    IssueKind.RETURN_ASKED: ("buyer asks to send something back", "buyers ask to send something back"),
    IssueKind.DISPUTE: ("payment is disputed at a bank", "payments are disputed at a bank"),
    IssueKind.WRONG_AMOUNT: ("payment differs from its order's total", "payments differ from their orders' totals"),
    IssueKind.REFUND_REFUSED: ("refund is refused by Razorpay", "refunds are refused by Razorpay"),
    IssueKind.REFUND_FAILED: ("refund failed at a bank", "refunds failed at a bank"),
    IssueKind.UNCONFIRMED: ("payment is unconfirmed for long", "payments are unconfirmed for long"),
    IssueKind.UNREADABLE: ("order is one that Razorpay does not tell about", "orders are not told of by Razorpay"),
    IssueKind.ORPHAN: ("paid order is missing in the books", "paid orders are missing in the books"),
    IssueKind.RECOVERED: ("order was made again from what Razorpay keeps", "orders were made again likewise"),
    IssueKind.OTHER: ("order wants to be looked at", "orders want to be looked at"),
}
"""What waits for a person, behind how many there are of it."""


def counted(number: int, one: str, many: str) -> str:
    """Say how many there are of something."""
    return f"{number:,} {one if number == 1 else many}"


def price(amount: int) -> str:
    """Say what something comes to, as price tags do."""
    return format_price(amount, CURRENCY)


def sold(today: Today) -> str:
    """Say what was sold, as the beginning of a sentence that goes on with `today`; empty where nothing was."""
    sold = today.days.today
    return f"{price(sold.sales)} from {counted(sold.orders, 'order', 'orders')}" if sold.orders else ""


def waits(kind: str, number: int) -> str:
    """Say how much of a kind waits for a person."""
    return counted(number, *_WAITS.get(kind, (kind.replace("_", " "),) * 2))


def others(today: Today) -> str:
    """Say what is not added up, being in another currency; empty where there is nothing."""
    said = [f"{counted(number, 'order', 'orders')} in {currency}" for currency, number in today.days.others.items()]
    return f"Not in these figures: {', '.join(said)}." if said else ""


def books(today: Today) -> tuple[str, str]:
    """Say whether every paisa is in its place, as far as that is known, in which tone."""
    look, payments = today.books, counted(today.days.orders, "payment", "payments")
    if look.at is None:
        return "info", "Nobody has looked over the books yet. It happens by itself, every minute."
    checked = f"checked {clock.format_ago(look.at, today.at)}"
    rules = sorted({violation.rule for violation in look.violations})
    if UNWATCHED in rules:
        when = clock.format_moment(look.at)
        return "warning", f"The books were looked over last on {when}. Ask who runs the server why; its log says it."
    if rules:
        return "danger", f"Something is not as it has to be: {'; '.join(rules)}. {checked.capitalize()}."
    so = f"{payments} in {DAYS} days, {format_amount(0, CURRENCY)} apart, {checked}."
    if money := sum(number for kind, number in today.waiting.items() if kind not in ASKED):
        return "warning", f"The books are right: {so} About {counted(money, 'order', 'orders')} you have to decide."
    return "success", f"Every paisa is in its place: {so}"
