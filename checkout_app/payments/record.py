"""Everything the books hold about one order, gathered in one place for whoever shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from checkout_app.core.session import Session
from checkout_app.journal import issues
from checkout_app.journal.models import Event, Issue, Subject
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.timeline import OF_THE_SHOP, Reader, sentence
from checkout_app.payments import failures, refunds, service
from checkout_app.payments.models import Dispute, Payment, Refund


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it is read out: its kind, the sentence, and when it happened."""

    kind: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """An order with all that belongs to it; `asked` when the gateway has just been asked as well."""

    order: Order
    lines: Sequence[OrderLine]
    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    disputes: Sequence[Dispute]
    events: Sequence[Event]
    issues: Sequence[Issue]
    asked: bool

    @property
    def waits(self) -> bool:
        """Whether the order waits for a person."""
        return any(issue.resolved_at is None for issue in self.issues)

    def timeline(self, reader: Reader) -> list[Told]:
        """Tell its reader what happened to the order, oldest first."""
        reasons = {refund.id: refunds.reason_of(refund) for refund in self.refunds}
        reasons |= {payment.id: failures.why(payment.error_reason).sentence for payment in self.payments}
        known = {issue.id: issue for issue in self.issues}
        told = [event for event in self.events if reader is Reader.SHOP or event.kind not in OF_THE_SHOP]
        return [Told(event.kind, sentence(event, reader, reasons, known), event.created_at) for event in told]


async def gather(session: Session, order: Order, *, asked: bool = False) -> Record:
    """Read what belongs to an order that its reader may see."""
    return Record(
        order=order,
        lines=await orders.lines(session, order.id),
        payments=await service.payments_of(session, order.id),
        refunds=await service.refunds_of(session, order.id),
        disputes=await service.disputes_of(session, order.id),
        events=await orders.timeline(session, order.id),
        issues=await issues.issues_of(session, Subject.ORDER, order.id),
        asked=asked,
    )
