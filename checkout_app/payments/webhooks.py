"""Webhooks: kept before they are acknowledged, handled afterwards, again and again until they are handled.

A webhook is a hint. What it says is read again from the gateway by `settle`, so neither order nor repetition of the
deliveries matters, and an event that got lost costs nothing but time.
"""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Counter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlmodel import bindparam, col, func, null, select, update
from structlog.contextvars import bind_contextvars

from checkout_app.auth.errors import InvalidToken
from checkout_app.core import clock, database, due, signing
from checkout_app.core.errors import InvalidInput
from checkout_app.core.metrics import REGISTRY
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.payments import disputes, downtimes, gateway_orders, orphans
from checkout_app.payments.gateway.entities import id_in
from checkout_app.payments.gateway.errors import NotFound, RazorpayError
from checkout_app.payments.models import LONGEST_WEBHOOK_ID, WebhookEvent
from checkout_app.payments.settle import ForeignPayment, settle

log = structlog.stdlib.get_logger(__name__)

LADDER = due.Ladder(
    pauses=tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600)), lease=timedelta(seconds=60)
)
OLDEST = timedelta(days=3)
"""How old an event may be. Razorpay repeats one for a day; what is older than that by far is being played back."""
_AWAITED = col(WebhookEvent.event).in_(("payment.captured", "order.paid", "payment.authorized"))
"""Of what a buyer may be waiting for who has no page any more; everything else gives way to it."""
_HANDLED = Statement[None](
    update(WebhookEvent)
    .where(col(WebhookEvent.id) == bindparam("event_id"))
    .values(handled_at=bindparam("now"), due_at=null())
)
_CAME = func.coalesce(col(WebhookEvent.created_at), col(WebhookEvent.created_at))
UNHANDLED_SINCE = Statement[datetime | None](select(func.min(_CAME)).where(col(WebhookEvent.due_at).is_not(None)))
"""Finds when the oldest event came that is not handled yet.

A plain column would be looked for by the index of all moments, the handled ones first; those that are due are few.
"""
_TOLD = Counter("shop_webhooks", "Webhooks received, received again, and handled", ["what"], registry=REGISTRY)
PAYMENT_ID = "pay_[A-Za-z0-9]{1,36}"
"""What the id of a payment looks like."""


class Envelope(BaseModel):
    """The part of a webhook's body that says what it is about; `created_at` in unix seconds."""

    model_config = ConfigDict(extra="ignore")

    event: str = Field(max_length=80)
    payload: dict[str, Any] = Field(default_factory=dict)
    created_at: Any = None

    @property
    def payment_id(self) -> str | None:
        """The payment this event is about, if it is about one."""
        for name, key in (("payment", "id"), ("refund", "payment_id"), ("dispute", "payment_id")):
            named = self.entity(name).get(key)
            if isinstance(named, str) and re.fullmatch(PAYMENT_ID, named):
                return named
        return None

    def entity(self, name: str) -> dict[str, Any]:
        """Return one of the entities it carries; an empty one when there is none that can be read."""
        wrapped = self.payload.get(name)
        entity = wrapped.get("entity") if isinstance(wrapped, dict) else None
        return entity if isinstance(entity, dict) else {}

    def is_outdated(self, now: datetime) -> bool:
        """Tell whether it is older than any delivery can be; one that does not say when it was made is not."""
        made = self.created_at
        return type(made) is int and 0 < made < (now - OLDEST).timestamp()


def check_signature(body: bytes, signature: str) -> None:
    """Check that Razorpay signed these bytes with one of our secrets; raises InvalidToken.

    During a change of the secret, repetitions of older events still carry signatures of the previous one.
    """
    secrets = (settings().razorpay_webhook_secret, settings().razorpay_webhook_secret_previous)
    known = [signing.sign(secret.encode(), body) for secret in secrets if secret]
    if not any(signing.same(ours, signature) for ours in known):
        raise InvalidToken("The signature does not belong to this body.")


async def receive(body: bytes, event_id: str) -> bool:
    """Keep an authentic webhook and have it handled at once; raises InvalidInput.

    Returns False when it was here before, under its id or another, or is so old that it is only played back.
    """
    try:
        envelope = Envelope.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput({"body": "This is no webhook event."}) from error
    now = clock.now()
    if envelope.is_outdated(now):
        log.warning("webhook too old to be a delivery", webhook=envelope.event, made_at=envelope.created_at)
        return False
    digest = hashlib.sha256(body).hexdigest()
    kept_id = (event_id or digest)[:LONGEST_WEBHOOK_ID]
    row = WebhookEvent(id=kept_id, event=envelope.event, body=body.decode(), digest=digest, due_at=now)
    async with database.change() as session:
        kept = await database.insert_new(session, row)
    _TOLD.labels("received" if kept else "received_again").inc()
    log.info("webhook received", event_id=row.id, webhook=row.event, payment_id=envelope.payment_id, new=kept)
    WORK.wake()
    return kept


async def handle_due() -> int:
    """Handle the kept events that are due, a few at a time, first what a buyer may wait for; returns how many."""
    return await due.drain(WebhookEvent, LADDER, _handle, first=_AWAITED)


async def _handle(event: WebhookEvent) -> bool:
    bind_contextvars(event_id=event.id, webhook=event.event)
    try:
        await _follow(Envelope.model_validate_json(event.body))
    except RazorpayError as failure:
        log.warning("webhook waits for the gateway", failure=str(failure))
        return False
    async with database.change() as session:
        session.change(WebhookEvent, _HANDLED, event_id=event.id, now=clock.now())
    _TOLD.labels("handled").inc()
    log.info("webhook handled")
    return True


async def oldest_unhandled() -> datetime | None:
    """Return when the oldest event came that is not handled yet."""
    async with database.ask() as session:
        return (await session.exec(UNHANDLED_SINCE)).one()


async def _follow(envelope: Envelope) -> None:
    """Do what an event calls for. Events about other things, or about nothing of ours, call for nothing."""
    if envelope.event.startswith("payment.downtime."):
        await downtimes.refresh()
        return
    payment_id = envelope.payment_id
    if payment_id is None:
        return
    if await gateway_orders.are_of_other_mode(id_in(envelope.entity("payment"), "order_id"), payment_id):
        log.info("webhook is about an order of another mode", payment_id=payment_id)
        return
    noted = await _note_dispute(envelope, payment_id)  # a bank's deadline does not wait for the gateway
    try:
        await settle(payment_id, announced=True)
    except ForeignPayment as foreign:
        await orphans.report(foreign.payment)
        return
    except NotFound:
        log.info("webhook is about a payment that the gateway does not know", payment_id=payment_id)
        return
    if not noted:
        await _note_dispute(envelope, payment_id)


async def _note_dispute(envelope: Envelope, payment_id: str) -> bool:
    """Keep what an event says of a dispute, if it does; returns False when we do not know the payment yet."""
    if not envelope.event.startswith(disputes.EVENTS):
        return True
    return await disputes.note(payment_id, envelope.event.removeprefix(disputes.EVENTS), envelope.entity("dispute"))


WORK = due.of_rows("webhooks", lambda: handle_due(), WebhookEvent)  # noqa: PLW0108 - looked up when it is called
