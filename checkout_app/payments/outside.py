"""Money that went back outside the gateway: a person writes it down where the gateway or the bank refuses a refund.

It is a refund of its own, of which the gateway never hears: its buyer has the money, the order says so, and nobody
gives it back again. What the gateway holds of the payment stays what it is.
"""

from typing import Final

from sqlmodel import select

from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal import issues
from checkout_app.journal.actors import Actor
from checkout_app.journal.errors import IssueNotFound, NothingToResolve
from checkout_app.journal.models import Data, Issue
from checkout_app.orders import requests
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderEvent
from checkout_app.orders.timeline import IssueKind, OtherWay
from checkout_app.payments import refund_parts, refunded, refunds
from checkout_app.payments.errors import RefundRefused
from checkout_app.payments.left import owed
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.refund_parts import Parts
from checkout_app.payments.statuses import Purpose, RefundStatus

LONGEST_REFERENCE: Final = 80
KINDS: Final = frozenset({IssueKind.REFUND_REFUSED, IssueKind.REFUND_FAILED})
"""Issues about a refund that the gateway does not carry out."""


async def write_down(issue_id: str, way: OtherWay, reference: str, by: Actor) -> Refund:
    """Write down that the money an issue is about went back by another way, and resolve it; again answers the same.

    `reference` is what the buyer finds it by, and may be empty. Raises IssueNotFound, NothingToResolve, InvalidInput
    for a reference that can't be kept, and RefundRefused when nothing of it is left, or Razorpay is asked just now.
    """
    try:
        found_by = one_line(reference, LONGEST_REFERENCE)
    except Unfit as unfit:
        raise InvalidInput({"reference": f"At most {LONGEST_REFERENCE} ordinary characters."}) from unfit
    async with database.write() as session:
        issue = await session.get(Issue, issue_id)
        if issue is None or issue.kind not in KINDS:
            raise IssueNotFound
        [order] = await database.lock(session, Order, [issue.subject_id])
        [refused] = await database.lock(session, Refund, [issue.about])
        await session.refresh(issue)
        if known := await _written(session, issue, refused):
            return known
        if issue.resolved_at is not None:
            raise NothingToResolve
        sent = await _in_its_place(session, issue, refused, found_by)
        said: Data = {"amount": sent.amount, "currency": sent.currency, "way": way.value, "reference": found_by}
        await orders.record(session, order, OrderEvent.OUTSIDE, by, refund_id=sent.id, **said)
        await refunded.follow(session, order)
        await issues.close_issue(session, issue, "", by)
        return sent


async def _written(session: Session, issue: Issue, refused: Refund) -> Refund | None:
    """Return what was written down about an issue already."""
    known = select(Refund).where(Refund.payment_id == refused.payment_id, Refund.request_key == _key(issue))
    return (await session.exec(known)).one_or_none()


async def _in_its_place(session: Session, issue: Issue, refused: Refund, reference: str) -> Refund:
    """Put one that went outside in the place of a refund, which nobody asks for any more."""
    payment = await session.get_one(Payment, refused.payment_id)
    if refused.status == RefundStatus.PLANNED:
        if refunds.LADDER.is_held(refused.due_at, refused.attempts, clock.now()):
            raise RefundRefused("Razorpay is being asked for it at this moment. Try again in a minute.")
        refused.status, refused.due_at = RefundStatus.FAILED, None
        await session.flush()
    amount = owed(refused, payment, await refunds.of_payment(session, payment.id), issue.created_at)
    if amount == 0:
        raise RefundRefused("Nothing of it is left to go back.")
    same = {"payment_id", "order_id", "currency", "cause", "reason", "restock"}
    sent = Refund(
        **refused.model_dump(include=same),
        request_key=_key(issue),
        amount=amount,
        status=RefundStatus.OUTSIDE,
        bank_reference=reference or None,
    )
    session.add(sent)
    if amount == refused.amount:
        await _keep_parts(session, payment, refused, sent)
    if payment.purpose == Purpose.ORDER:
        order = await session.get_one(Order, refused.order_id)
        await requests.answer(session, order)
    await session.flush()
    return sent


async def _keep_parts(session: Session, payment: Payment, refused: Refund, sent: Refund) -> None:
    """Let it remember what was to go back, unless that went back since: then RefundRefused is raised."""
    of = await refund_parts.of_refund(session, refused.id)
    if of != Parts():
        refund_parts.keep(session, sent, await refund_parts.priced(session, payment, of))


def _key(issue: Issue) -> str:
    return f"outside-{issue.id}"
