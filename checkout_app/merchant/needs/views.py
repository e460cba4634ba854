"""What waits for a person as the back office shows it: ready-made text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.money import format_amount, in_major_units
from checkout_app.core.pagination import Page
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.needs.ways import Way, ways_of
from checkout_app.merchant.needs.words import LABELS, REASONS, comes_of, how_long, wanted
from checkout_app.merchant.orders.views import row_path
from checkout_app.merchant.shop.views import COMPLAINTS
from checkout_app.orders.timeline import IssueKind, issue_sentence
from checkout_app.payments import disputes
from checkout_app.payments.balance import balance, returnable
from checkout_app.payments.checks.watch import Look
from checkout_app.payments.issues import SOON, OpenIssue
from checkout_app.seller.complaints.service import Clocks

NEEDS: Final = "/merchant/needs"
ANSWER_AT: Final = "https://dashboard.razorpay.com/app/disputes"


@dataclass(frozen=True, slots=True)
class MoneyView:
    """The money between gateway and books; `said` says all of it in a sentence, nothing of what is not about money."""

    held: str = ""
    kept: str = ""
    of_books: str = ""
    apart: str = ""
    is_apart: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class WayView:
    """Something that can be done: what it is called, what comes of it, and where it is sent or leads to."""

    way: str
    label: str
    comes: str
    path: str
    amount: str = ""
    payment: str = ""
    minor: str = ""
    """The amount as the form sends it."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CardView:
    """One thing that waits; `order` is what its link says, empty where there is no order."""

    id: str
    what: str
    order: str
    href: str
    buyer: str
    about: str
    """What the gateway calls it, where the books know no order of it."""
    since: str
    deadline: str
    presses: bool
    wanted: str
    money: MoneyView
    ways: tuple[WayView, ...]


@dataclass(frozen=True, slots=True)
class NeedsView:
    """A page of what waits; `none` says that nothing does, `looked` when the books were looked over last."""

    desk: Desk
    cards: tuple[CardView, ...]
    none: str
    looked: str
    wrong: tuple[str, ...]
    older: str
    all: str


def needs_view(person: Identity, page: Page[OpenIssue], look: Look, *, is_all: bool = True) -> NeedsView:
    """Describe a page of what waits, for who looks at it; `is_all` where it begins with the first of all."""
    wrong = tuple(dict.fromkeys(violation.rule for violation in look.violations))
    return NeedsView(
        desk=desk(person),
        cards=tuple(_card(found, person) for found in page.items),
        none="" if page.items else "Nothing needs you." if is_all else "Nothing more needs you.",
        looked=_looked(look.at, is_right=not wrong, is_still=is_all and not page.items),
        wrong=tuple(f"This does not hold: {rule}." for rule in wrong),
        older=f"{NEEDS}?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else "",
        all="" if is_all else NEEDS,
    )


def needs_of(order_id: str) -> str:
    """Return the address of what waits about one order."""
    return f"{NEEDS}?{urlencode({'order': order_id})}"


def _looked(at: datetime | None, *, is_right: bool, is_still: bool) -> str:
    """Say what was found as the books were looked over; `is_still` when nothing waits either."""
    if at is None:
        return ""
    looked = f"The books were looked over on {clock.format_moment(at)}"
    if not is_right:
        return f"{looked}, and not all of them holds."
    return f"Every paisa is in its place. {looked}." if is_still else f"{looked}, and add up."


def _card(found: OpenIssue, person: Identity) -> CardView:
    issue, order = found.issue, found.order
    until = _until(found)
    is_owner = person.role is Role.OWNER
    return CardView(
        id=f"needs-{issue.id}",
        what=issue_sentence(issue),
        order=f"Order {order.number}" if order else "",
        href=row_path(order.id) if order else "",
        buyer=(order.name or order.email) if order else "",
        about=_about(found),
        since=clock.format_moment(issue.created_at),
        deadline=f"Answer by {clock.format_moment(until)}: {how_long(until)}." if until else "",
        presses=until is not None and until <= clock.now() + SOON,
        wanted=wanted(found) if until else "",
        money=_money(found) if issue.kind != IssueKind.COMPLAINT else MoneyView(),
        ways=tuple(_way(way, found) for way in ways_of(found)) if is_owner else (),
    )


def _until(found: OpenIssue) -> datetime | None:
    """Return by when it has to be answered; None where nobody has said."""
    if found.issue.kind == IssueKind.COMPLAINT:
        return Clocks.of(found.issue.created_at).answer_by
    return found.dispute.respond_by if found.dispute and found.dispute.stage in disputes.ANSWERABLE else None


def _about(found: OpenIssue) -> str:
    """Say what it is about where that is no order of the books."""
    issue = found.issue
    if issue.kind == IssueKind.COMPLAINT:
        return "A complaint"
    return "" if found.order else f"{issue.about}, for {issue.subject_id} at Razorpay"


def _money(found: OpenIssue) -> MoneyView:
    money = balance(found)
    currency = found.order.currency if found.order else str(found.issue.data.get("currency", "INR"))
    held, kept, apart = (format_amount(amount, currency) for amount in (money.held, money.kept, money.apart))
    of_books = "The order awaits" if money.awaited else "The books keep"
    return MoneyView(
        held=held,
        kept=kept,
        of_books=of_books,
        apart=apart,
        is_apart=money.apart > 0,
        said=f"Razorpay holds {held}. {of_books} {kept}. They are {apart} apart.",
    )


def _way(way: Way, found: OpenIssue) -> WayView:
    issue, order = found.issue, found.order
    path, amount, payment, minor = f"/api/merchant/issues/{issue.id}/resolve", "", "", ""
    if way is Way.REFUND and (going := returnable(found)):
        path, payment = "/api/merchant/refunds", going.payment.id
        amount = format_amount(going.amount, going.payment.currency)
        minor = str(in_major_units(going.amount, going.payment.currency))
    elif way is Way.OUTSIDE:
        path = f"/api/merchant/issues/{issue.id}/outside"
    elif way is Way.RECOVER:
        path = f"/api/merchant/issues/{issue.id}/recover"
    elif way is Way.ANSWER:
        path = ANSWER_AT
    elif way is Way.READ:
        path = f"{COMPLAINTS}#complaint-{issue.subject_id}"
    elif way is Way.CHOOSE and order:
        path = row_path(order.id)
    return WayView(
        way=way,
        label=LABELS[way].format(amount=amount),
        comes=comes_of(way, found),
        path=path,
        amount=amount,
        payment=payment,
        minor=minor,
        reason=_reason(found) if way is Way.REFUND else "",
    )


def _reason(found: OpenIssue) -> str:
    """Return why money goes back, to begin with: what was said the first time it was to."""
    before = next((refund.reason for refund in found.refunds if refund.id == found.issue.about), "")
    return before or REASONS.get(IssueKind(found.issue.kind), "")
