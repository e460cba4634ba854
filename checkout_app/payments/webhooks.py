"""Webhooks: kept before they are acknowledged, handled afterwards, again and again until they are handled.

A webhook is a hint. What it says is read again from the gateway by `settle`, so neither order nor repetition of the
deliveries matters, and an event that got lost costs nothing but time.
"""

import hashlib
import hmac
import logging
import re
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.auth.errors import InvalidToken
from checkout_app.core import clock, database
from checkout_app.core.concurrency import few_at_a_time
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.payments import downtimes
from checkout_app.payments.gateway.errors import NotFound, RazorpayError
from checkout_app.payments.models import Payment, WebhookEvent
from checkout_app.payments.settle import ForeignPayment, settle

log = logging.getLogger(__name__)

_LEASE = timedelta(seconds=30)
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))
_LONGEST_ID = 80
_PAYMENT_ID = re.compile(r"pay_[A-Za-z0-9]{1,36}")


class Envelope(BaseModel):
    """The part of a webhook's body that says what it is about."""

    model_config = ConfigDict(extra="ignore")

    event: str = Field(max_length=80)
    payload: dict[str, Any] = Field(default_factory=dict)

    @property
    def payment_id(self) -> str | None:
        """The payment this event is about, if it is about one."""
        for name, key in (("payment", "id"), ("refund", "payment_id"), ("dispute", "payment_id")):
            wrapped = self.payload.get(name)
            entity = wrapped.get("entity") if isinstance(wrapped, dict) else None
            named = entity.get(key) if isinstance(entity, dict) else None
            if isinstance(named, str) and _PAYMENT_ID.fullmatch(named):
                return named
        return None


def check_signature(body: bytes, signature: str) -> None:
    """Check that Razorpay signed these bytes with one of our secrets; raises InvalidToken.

    During a change of the secret, repetitions of older events still carry signatures of the previous one.
    """
    secrets = (settings().razorpay_webhook_secret, settings().razorpay_webhook_secret_previous)
    given = signature.encode(errors="replace")
    known = [hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode() for secret in secrets if secret]
    if not any(hmac.compare_digest(expected, given) for expected in known):
        raise InvalidToken("The signature does not belong to this body.")


async def keep(body: bytes, event_id: str) -> bool:
    """Keep an authentic webhook under its event id; returns False when it was here before. Raises InvalidInput."""
    try:
        envelope = Envelope.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput({"body": "This is no webhook event."}) from error
    event_id = event_id or hashlib.sha256(body).hexdigest()
    row = WebhookEvent(id=event_id[:_LONGEST_ID], event=envelope.event, body=body.decode(), try_at=clock.now())
    async with database.write() as session:
        return await database.insert_new(session, row)


async def handle_due(*, limit: int = 50) -> int:
    """Handle the kept events that are due, a few at a time; returns how many were handled."""
    query = (
        select(WebhookEvent.id)
        .where(col(WebhookEvent.handled_at).is_(None), col(WebhookEvent.try_at) <= clock.now())
        .order_by(col(WebhookEvent.try_at))
        .limit(limit)
    )
    async with database.read() as session:
        due = (await session.exec(query)).all()
    return sum(await few_at_a_time(_handle, due))


async def _handle(event_id: str) -> bool:
    event = await _claim(event_id)
    if event is None:
        return False
    envelope = Envelope.model_validate_json(event.body)
    try:
        await _follow(envelope)
    except RazorpayError as failure:
        log.warning("Webhook %s (%s) waits for the gateway: %s", event.id, event.event, failure)
        return False
    async with database.write() as session:
        (await session.get_one(WebhookEvent, event.id)).handled_at = clock.now()
    return True


async def _claim(event_id: str) -> WebhookEvent | None:
    """Keep other workers away from an event for a while, and plan the next try in case this one fails."""
    now = clock.now()
    async with database.write() as session:
        [event] = await database.lock(session, WebhookEvent, [event_id])
        if event.handled_at is not None or event.try_at > now:
            return None
        event.try_at = now + max(_LEASE, _PAUSES[min(event.attempts, len(_PAUSES) - 1)])
        event.attempts += 1
        return event


async def _follow(envelope: Envelope) -> None:
    """Do what an event calls for. Events about other things, or about nothing of ours, call for nothing."""
    if envelope.event.startswith("payment.downtime."):
        await downtimes.refresh()
        return
    payment_id = envelope.payment_id
    if payment_id is None:
        return
    try:
        await settle(payment_id, announced=True)
    except (ForeignPayment, NotFound):
        log.info("Webhook %s is about %s, which is not ours.", envelope.event, payment_id)
        return
    if envelope.event.startswith("payment.dispute."):
        async with database.write() as session:
            await _note_dispute(session, payment_id, envelope.event.removeprefix("payment.dispute."))


async def _note_dispute(session: AsyncSession, payment_id: str, stage: str) -> None:
    payment = await session.get_one(Payment, payment_id)
    [order] = await database.lock(session, Order, [payment.order_id])
    words = f"The buyer's bank disputes this payment: {stage.replace('_', ' ')}."
    await orders.raise_attention(session, order, words)
