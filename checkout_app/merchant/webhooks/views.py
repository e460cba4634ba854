"""What Razorpay told as the back office shows it: ready-made text."""

import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.pagination import Page
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.needs.views import NEEDS
from checkout_app.merchant.orders.views import ORDERS
from checkout_app.payments import webhooks
from checkout_app.payments.models import WebhookEvent
from checkout_app.payments.received import Received
from checkout_app.payments.webhooks import Envelope

WEBHOOKS: Final = f"{NEEDS}/webhooks"


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message in the list; `how` says whether it was handled, or why it was not."""

    href: str
    event: str
    id: str
    at: str
    how: str
    tone: str


@dataclass(frozen=True, slots=True)
class MessagesView:
    """A page of the list, the newest first, or of those that speak of a `payment`, as they came."""

    desk: Desk
    payment: str
    order: str
    """Where the order of that is found."""
    rows: tuple[MessageView, ...]
    none: str
    older: str
    newest: str
    later: str


@dataclass(frozen=True, slots=True)
class OneMessageView:
    """A message; `body` is empty once its words are not kept any more, `again` for who may not have it handled."""

    desk: Desk
    about: MessageView
    body: str
    payment: str
    """The payment it is about, if it is about one."""
    order: str
    """Where the order of that is found."""
    again: str


def messages_view(person: Identity, payment: str, cursor: str, page: Page[Received]) -> MessagesView:
    """Describe a page of the list for who looks at it."""
    none = "Nothing is kept here of what it told of this payment." if payment else "Razorpay has told nothing yet."
    following = _at(payment=payment, cursor=page.next_cursor) if page.next_cursor else ""
    return MessagesView(
        desk=desk(person),
        payment=payment,
        order=_order_of(payment),
        rows=tuple(_message(row) for row in page.items),
        none="" if page.items else none,
        older="" if payment else following,
        newest=WEBHOOKS if cursor and not payment else "",
        later=following if payment else "",
    )


def messages_of(payment: str) -> str:
    """Return where the messages that speak of a payment are."""
    return _at(payment=payment)


def _at(**asked: str) -> str:
    return f"{WEBHOOKS}?{urlencode({name: said for name, said in asked.items() if said})}"


def _order_of(payment: str) -> str:
    return f"{ORDERS}?{urlencode({'view': 'all', 'search': payment})}" if payment else ""


def one_message_view(person: Identity, row: WebhookEvent) -> OneMessageView:
    """Describe a message for who looks at it."""
    payment = (Envelope.model_validate_json(row.body).payment_id or "") if row.body else ""
    may = person.role is Role.OWNER and row.body != ""
    return OneMessageView(
        desk=desk(person),
        about=_message(Received.of(row)),
        body=json.dumps(json.loads(row.body), ensure_ascii=False, indent=2) if row.body else "",
        payment=payment,
        order=_order_of(payment),
        again=f"/api/merchant/webhooks/{quote(row.id, safe='')}/handle" if may else "",
    )


def _message(row: Received) -> MessageView:
    how, tone = _how(row)
    return MessageView(
        href=f"{WEBHOOKS}/{quote(row.id, safe='')}",
        event=row.event,
        id=row.id,
        at=clock.format_moment(row.created_at),
        how=how,
        tone=tone,
    )


def _how(row: Received) -> tuple[str, str]:
    """Say whether a message was handled, and what tone that has."""
    if row.due_at is None:
        return (f"Handled {clock.format_moment(row.handled_at)}" if row.handled_at else "Handled"), "success"
    if row.attempts == 0:
        return "Its turn is next", "info"
    if webhooks.LADDER.is_held(row.due_at, row.attempts, clock.now()):
        return f"Being handled. If Razorpay does not answer, again {clock.format_moment(row.due_at)}", "info"
    times = "once" if row.attempts == 1 else f"{row.attempts} times"
    return f"Tried {times}, Razorpay did not answer. Again {clock.format_moment(row.due_at)}", "warning"
