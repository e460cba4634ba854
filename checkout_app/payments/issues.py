"""Issues: what waits for a person, what became of the order's money, and what the person did about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import Integer
from sqlmodel import and_, bindparam, col, select

from checkout_app.core import clock, database
from checkout_app.core.money import format_amount
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal import issues
from checkout_app.journal.actors import Actor
from checkout_app.journal.errors import IssueNotFound, NothingToResolve
from checkout_app.journal.models import Issue, Subject
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import disputes, refunds, service
from checkout_app.payments.errors import MoneyUnplaced
from checkout_app.payments.models import Dispute, Payment, Refund, RefundPart
from checkout_app.payments.statuses import PaymentStatus, Purpose

SOON: Final = timedelta(days=3)
"""A dispute that has to be answered within it comes before everything else that waits."""
_MOST_DISPUTES: Final = 100
_WAITS: Final = (
    select(Issue, Order)
    .outerjoin(Order, and_(col(Issue.subject) == Subject.ORDER, col(Order.id) == col(Issue.subject_id)))
    .where(col(Issue.resolved_at).is_(None))
    .order_by(col(Issue.id))
)
_OPEN: Final = Statement[tuple[Issue, Order | None]](
    _WAITS.where(Issue.id > bindparam("cursor")).limit(bindparam("limit", type_=Integer))
)
_OF_ORDER: Final = Statement[tuple[Issue, Order | None]](
    _WAITS.where(Issue.subject == Subject.ORDER, Issue.subject_id == bindparam("order"))
)
_DISPUTED: Final = Statement[tuple[Issue, Order | None]](
    _WAITS.where(Issue.kind == IssueKind.DISPUTE).limit(_MOST_DISPUTES)
)
_DISPUTES: Final = Statement[Dispute](select(Dispute).where(col(Dispute.id).in_(bindparam("ids", expanding=True))))


_IN_PARTS: Final = Statement[str](
    select(RefundPart.refund_id).where(col(RefundPart.refund_id).in_(bindparam("refunds", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """An issue, its order with the attempts to pay it and what goes back of them, and the dispute it may be about.

    There is no order where the books do not know it.
    """

    issue: Issue
    order: Order | None
    payments: Sequence[Payment] = ()
    refunds: Sequence[Refund] = ()
    dispute: Dispute | None = None
    in_parts: bool = False
    """Whether the refund that it is about was to give back parts of the order, and not just an amount."""


async def open_issues(session: Session, *, cursor: str | None = None, limit: int = 20) -> Page[OpenIssue]:
    """List the open issues, the oldest first; the cursor is the last id of the page before."""
    rows = (await session.exec(_OPEN, cursor=cursor or "", limit=limit + 1)).all()
    return page_of(await _with_money(session, rows), limit, [issue.id for issue, _ in rows])


async def by_need(session: Session, *, cursor: str | None = None, limit: int = 20) -> Page[OpenIssue]:
    """List them likewise, with the disputes they are about; those to be answered soon come first, on the first page."""
    rows = (await session.exec(_OPEN, cursor=cursor or "", limit=limit + 1)).all()
    disputed = (await session.exec(_DISPUTED)).all()
    told = await _disputes(session, [*rows, *disputed])
    until = {issue.id: due for issue, _ in disputed if (due := _due(told.get(issue.about)))}
    pressing = sorted((row for row in disputed if row[0].id in until), key=lambda row: until[row[0].id])
    page = page_of(rows, limit, [issue.id for issue, _ in rows])
    shown = [*(() if cursor else pressing), *(row for row in page.items if row[0].id not in until)]
    return Page(await _with_money(session, shown, told), page.next_cursor)


async def of_order(session: Session, order_id: str) -> Sequence[OpenIssue]:
    """List the open issues of one order, the oldest first, with the disputes they are about."""
    rows = (await session.exec(_OF_ORDER, order=order_id)).all()
    return await _with_money(session, rows, await _disputes(session, rows))


async def _disputes(session: Session, rows: Sequence[tuple[Issue, Order | None]]) -> Mapping[str, Dispute]:
    about = sorted({issue.about for issue, _ in rows})
    return {dispute.id: dispute for dispute in await session.exec(_DISPUTES, ids=about)}


def _due(dispute: Dispute | None) -> datetime | None:
    """Return until when a dispute has to be answered, if that is soon."""
    if dispute is None or dispute.respond_by is None or dispute.stage not in disputes.ANSWERABLE:
        return None
    return dispute.respond_by if dispute.respond_by <= clock.now() + SOON else None


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


async def _with_money(
    session: Session, rows: Sequence[tuple[Issue, Order | None]], told: Mapping[str, Dispute] = MappingProxyType({})
) -> Sequence[OpenIssue]:
    """Read the money of the orders that something is about."""
    order_ids = [order.id for _, order in rows if order]
    payments = await service.payments_of_orders(session, order_ids)
    back = await service.refunds_of_orders(session, order_ids)
    in_parts = set(await session.exec(_IN_PARTS, refunds=sorted({issue.about for issue, _ in rows})))
    return [
        OpenIssue(
            issue, order, payments[order.id], back[order.id], told.get(issue.about), in_parts=issue.about in in_parts
        )
        if order
        else OpenIssue(issue, None)
        for issue, order in rows
    ]
