"""Issues: what waits for a person, what became of the order's money, and what the person did about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import and_, col, select

from checkout_app.core import database
from checkout_app.core.money import format_amount
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.session import Session
from checkout_app.journal import issues
from checkout_app.journal.actors import Actor
from checkout_app.journal.errors import IssueNotFound, NothingToResolve
from checkout_app.journal.models import Issue, Subject
from checkout_app.orders.models import Order
from checkout_app.payments import refunds, service
from checkout_app.payments.errors import MoneyUnplaced
from checkout_app.payments.models import Payment
from checkout_app.payments.statuses import PaymentStatus, Purpose


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """An issue, its order, and the attempts to pay that; no order where the books do not know it."""

    issue: Issue
    order: Order | None
    payments: Sequence[Payment]


async def open_issues(session: Session, *, cursor: str | None = None, limit: int = 20) -> Page[OpenIssue]:
    """List the open issues, the oldest first; the cursor is the last id of the page before."""
    query = (
        select(Issue, Order)
        .outerjoin(Order, and_(col(Issue.subject) == Subject.ORDER, col(Order.id) == col(Issue.subject_id)))
        .where(col(Issue.resolved_at).is_(None), Issue.id > (cursor or ""))
        .order_by(col(Issue.id))
        .limit(limit + 1)
    )
    rows = (await session.exec(query)).all()
    payments = await service.payments_of_orders(session, [order.id for _, order in rows if order])
    found = [OpenIssue(issue, order, payments[order.id] if order else ()) for issue, order in rows]
    return page_of(found, limit, [issue.id for issue, _ in rows])


async def resolve(issue_id: str, note: str, actor: Actor) -> Issue:
    """Write down what a person did about an issue; the same note again answers the same.

    Raises IssueNotFound, NothingToResolve, and MoneyUnplaced while money of its order is in no place.
    """
    async with database.write() as session:
        issue = await session.get(Issue, issue_id)
        if issue is None:
            raise IssueNotFound
        await database.lock(session, Order, [issue.subject_id])
        await session.refresh(issue)
        if issue.resolved_at is not None:
            if issue.note == note:
                return issue
            raise NothingToResolve
        for payment in await service.payments_of(session, issue.subject_id):
            await _require_a_place(session, payment)
        await issues.close_issue(session, issue, note, actor)
        return issue


async def _require_a_place(session: Session, payment: Payment) -> None:
    """Refuse while captured money neither pays the order nor goes back."""
    if payment.status != PaymentStatus.CAPTURED or payment.purpose == Purpose.ORDER:
        return
    left = await refunds.left(session, payment)
    amount = format_amount(abs(left), payment.currency)
    if left > 0:
        raise MoneyUnplaced(f"{amount} of payment {payment.id} neither pays the order nor goes back: refund it first.")
    if left < 0:
        raise MoneyUnplaced(f"{amount} more than there is of payment {payment.id} is to go back; it will be refused.")
