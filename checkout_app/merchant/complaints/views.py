"""Complaints as the back office shows them: ready-made text."""

from dataclasses import dataclass
from urllib.parse import urlencode

from checkout_app.accounts.service import can_mail
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.pagination import Page
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.orders.views import ORDERS
from checkout_app.merchant.shop.views import COMPLAINTS, may_change
from checkout_app.seller.complaints.service import Clocks, Handled


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """A complaint; `action` takes the answer and is empty when there is one, which is `answer` then."""

    id: str
    number: str
    made: str
    status: str
    tone: str
    who: str
    email: str
    order: str
    order_href: str
    words: tuple[str, ...]
    due: str
    answer: str
    action: str


@dataclass(frozen=True, slots=True)
class ComplaintsView:
    """A page of complaints, the newest first."""

    desk: Desk
    changes: bool
    complaints: tuple[ComplaintView, ...]
    none: bool
    sent: str
    """How an answer reaches who complained."""
    older: str
    newest: str


def complaints_view(person: Identity, page: Page[Handled], cursor: str) -> ComplaintsView:
    """Describe a page of complaints for who looks at it."""
    return ComplaintsView(
        desk=desk(person),
        changes=may_change(person),
        complaints=tuple(_complaint(handled) for handled in page.items),
        none=not page.items,
        sent="It is mailed to them." if can_mail() else "This shop sends no mails: write to them yourself, too.",
        older=f"{COMPLAINTS}?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else "",
        newest=COMPLAINTS if cursor else "",
    )


def _complaint(handled: Handled) -> ComplaintView:
    complaint, issue = handled.complaint, handled.issue
    status, tone, due = _standing(handled)
    return ComplaintView(
        id=f"complaint-{complaint.id}",
        number=complaint.number,
        made=clock.format_moment(complaint.created_at),
        status=status,
        tone=tone,
        who=complaint.name,
        email=complaint.email,
        order=complaint.order_number,
        order_href=f"{ORDERS}?{urlencode({'view': 'all', 'search': complaint.order_number})}",
        words=tuple(complaint.words.splitlines()) or ("Who wrote it has erased it.",),
        due=due,
        answer=issue.note,
        action="" if issue.resolved_at else f"/api/merchant/issues/{issue.id}/resolve",
    )


def _standing(handled: Handled) -> tuple[str, str, str]:
    """Say how a complaint stands, in which tone, and what is due when."""
    issue, now = handled.issue, clock.now()
    if issue.resolved_at:
        return "Answered", "success", f"Answered on {clock.format_moment(issue.resolved_at)}"
    clocks = Clocks.of(handled.complaint.created_at)
    answer_by, settle_by = clock.format_moment(clocks.answer_by), clock.format_date(clocks.settle_by)
    if now > clocks.settle_by:
        return "Overdue", "danger", f"It had to be settled by {settle_by}"
    if now > clocks.answer_by:
        return "Overdue", "danger", f"It had to be answered by {answer_by}, and has to be settled by {settle_by}"
    return "Waits for you", "warning", f"Answer it by {answer_by}, and have it settled by {settle_by}"
