"""What the API tells the people of the shop of what Razorpay told."""

import json
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from checkout_app.payments.models import WebhookEvent
from checkout_app.payments.received import Received


class MessageBody(BaseModel):
    """A message: `next_try_at` is null once it is handled; `whole` is false once its words are not kept any more."""

    id: str
    event: str
    received_at: datetime
    handled_at: datetime | None
    next_try_at: datetime | None
    tries: int
    whole: bool

    @classmethod
    def of(cls, row: Received) -> Self:
        """Describe one."""
        return cls(**_told(row))


class MessagePage(BaseModel):
    """Some messages, the newest first, and the cursor of the next ones."""

    items: list[MessageBody]
    next_cursor: str | None


class WholeMessageBody(MessageBody):
    """A message with what it says; `body` is null once that is not kept any more."""

    body: dict[str, Any] | None

    @classmethod
    def of_row(cls, row: WebhookEvent) -> Self:
        """Describe one."""
        return cls(**_told(Received.of(row)), body=json.loads(row.body) if row.body else None)


def _told(row: Received) -> dict[str, Any]:
    told = row._asdict()
    names = {"created_at": "received_at", "due_at": "next_try_at", "attempts": "tries"}
    return {names.get(name, name): value for name, value in told.items()}
