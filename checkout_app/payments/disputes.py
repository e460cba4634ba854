"""Disputes: a buyer's bank wants a payment back. The shop keeps what it was told and by when it has to answer.

No money is moved here: whether the shop keeps the payment is decided at the bank.
"""

from datetime import UTC, datetime
from typing import Any

from checkout_app.core import clock, database
from checkout_app.journal.actors import GATEWAY
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderEvent
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments.gateway.entities import DisputeEntity
from checkout_app.payments.models import Dispute, Payment

EVENTS = "payment.dispute."
"""How the names of their webhooks begin; the rest is the stage."""
ANSWERABLE = frozenset({"created", "action_required"})
"""The stages in which the shop is asked for an answer."""
_RANK = {"created": 0, "under_review": 1, "action_required": 1, "won": 2, "lost": 2, "closed": 2}
"""How far along a stage is; those of one rank may follow each other either way."""


async def note(payment_id: str, stage: str, given: dict[str, Any]) -> bool:
    """Keep what a webhook says of a dispute about a payment of ours, and ask for a person at each new stage.

    `given` is the dispute as the webhook carries it; whatever of it can't be read is left out. Returns False when the
    books do not know the payment.
    """
    entity = DisputeEntity.read_leniently(given)
    async with database.write() as session:
        payment = await session.get(Payment, payment_id)
        if payment is None:
            return False
        [order] = await database.lock(session, Order, [payment.order_id])
        dispute_id = entity.id or payment_id
        dispute = await session.get(Dispute, dispute_id)
        if dispute is None:
            dispute = Dispute(id=dispute_id, payment_id=payment_id, order_id=order.id, stage="")
            session.add(dispute)
        elif _is_late(dispute, stage, entity.phase):
            return True
        is_news = dispute.stage != stage[:40]
        dispute.stage, dispute.updated_at = stage[:40], clock.now()
        dispute.phase = (entity.phase or dispute.phase)[:40]
        dispute.amount = dispute.amount if entity.amount is None else entity.amount
        dispute.currency = entity.currency or dispute.currency
        dispute.respond_by = _moment(entity.respond_by) or dispute.respond_by
        if is_news:
            is_open = not await orders.open_issue(
                session, order, IssueKind.DISPUTE, dispute_id, data={"stage": dispute.stage}
            )
            if is_open:  # it was raised at an earlier stage, and still is
                await orders.record(session, order, OrderEvent.DISPUTE, GATEWAY, stage=dispute.stage)
    return True


def _is_late(dispute: Dispute, stage: str, phase: str | None) -> bool:
    """Tell whether a stage lies behind the one we know, since webhooks come in any order; a new phase begins anew."""
    if stage not in _RANK or dispute.stage not in _RANK:
        return False
    return phase in {None, dispute.phase} and _RANK[stage] < _RANK[dispute.stage]


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
