"""What Razorpay told is read page by page, and handled again without doing anything twice."""

import json
from datetime import timedelta

import pytest

from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.pagination import Page
from checkout_app.journal import audit
from checkout_app.merchant.webhooks.views import messages_view
from checkout_app.payments import received, webhooks
from checkout_app.payments.errors import WebhookForgotten, WebhookNotFound
from checkout_app.payments.models import Payment, WebhookEvent
from checkout_app.payments.received import Received
from tests.settle.test_needs import OWNER
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import row, rows, timeline


async def _hear(history: History) -> str:
    """Hear what the gateway tells, and handle it; the id of the newest message."""
    for event_id, body in history.inside.events():
        await webhooks.receive(body, event_id)
    await webhooks.handle_due()
    return (await rows(WebhookEvent))[-1].id


async def test_the_newest_come_first_and_each_once_also_of_one_moment(history: History) -> None:
    async with database.write() as session:
        at = clock.now()
        for n in range(5):
            moment = at - timedelta(seconds=n // 2)
            session.add(WebhookEvent(id=f"evt_{n}", event="order.paid", body="{}", digest=f"{n}", created_at=moment))
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await received.messages(cursor=cursor, limit=3)
        seen += [message.id for message in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == ["evt_1", "evt_0", "evt_3", "evt_2", "evt_4"]
    with pytest.raises(InvalidInput):
        await received.messages(cursor="evt_9")
    assert history


async def test_what_speaks_of_a_payment_is_found_a_page_at_a_time_however_much_came_between(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    await _hear(history)
    [payment] = await rows(Payment)
    at_once = [each.id for each in sorted(await rows(WebhookEvent), key=lambda each: (each.created_at, each.id))]
    async with database.write() as session:
        for n in range(received.REACH):
            session.add(_told_later(n, "pay_other"))
        session.add(_told_later(received.REACH, payment.id))
    seen: list[str] = []
    pages, cursor = 0, None
    while pages == 0 or cursor:
        page = await received.messages_about(payment.id, cursor=cursor, limit=2)
        seen, pages, cursor = [*seen, *(message.id for message in page.items)], pages + 1, page.next_cursor
    assert (seen, pages > 2) == ([*at_once, f"evt_{received.REACH}"], True)
    with pytest.raises(InvalidInput):
        await received.messages_about("pay_unknown")
    with pytest.raises(InvalidInput):
        await received.messages_about(payment.id, cursor="evt_unknown")


def _told_later(n: int, payment_id: str) -> WebhookEvent:
    """Make a message about a refund, which came in its turn."""
    body = json.dumps({"payload": {"refund": {"entity": {"payment_id": payment_id}}}})
    at = clock.now() + timedelta(seconds=n)
    return WebhookEvent(id=f"evt_{n}", event="refund.processed", body=body, digest=f"{n}", created_at=at)


async def test_handled_again_it_does_what_it_did_and_nothing_twice(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    message_id = await _hear(history)
    before = (await timeline(history.order_id), [payment.model_dump() for payment in await rows(Payment)])
    assert await webhooks.handle_due() == 0
    for _ in range(2):
        due = await received.handle_again(message_id, SHOPKEEPER)
        assert (due.handled_at, due.attempts) == (None, 0)
    assert await webhooks.handle_due() == 1
    assert (await row(WebhookEvent, message_id)).handled_at
    assert (await timeline(history.order_id), [payment.model_dump() for payment in await rows(Payment)]) == before
    told = [entry.event for entry in (await audit.entries()).items if entry.event.kind == received.AGAIN]
    assert [(event.actor_id, event.data["webhook_id"]) for event in told] == [(SHOPKEEPER.user_id, message_id)]


async def test_one_that_was_given_up_for_long_has_its_turn_at_once(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    message_id = await _hear(history)
    async with database.write() as session:
        message = await session.get_one(WebhookEvent, message_id)
        message.handled_at, message.attempts, message.due_at = None, 7, clock.now() + timedelta(hours=1)
    assert await webhooks.handle_due() == 0
    await received.handle_again(message_id, SHOPKEEPER)
    assert await webhooks.handle_due() == 1


async def test_what_is_not_there_or_has_no_words_any_more_is_not_handled(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    message_id = await _hear(history)
    async with database.write() as session:
        (await session.get_one(WebhookEvent, message_id)).body = ""
    [message, *_] = (await received.messages()).items
    assert (message.id, message.whole) == (message_id, False)
    with pytest.raises(WebhookForgotten):
        await received.handle_again(message_id, SHOPKEEPER)
    for unknown in ("evt_unknown", "e" * 81):
        with pytest.raises(WebhookNotFound):
            await received.message(unknown)
        with pytest.raises(WebhookNotFound):
            await received.handle_again(unknown, SHOPKEEPER)
    assert (await row(WebhookEvent, message_id)).due_at is None


async def test_how_it_went_is_said_and_nobody_blamed_while_somebody_is_at_it() -> None:
    now = clock.now()
    came = Received("evt_1", "order.paid", now, None, now, 0, whole=True)
    page = Page(
        [
            came,
            came._replace(attempts=1, due_at=now + timedelta(seconds=59)),
            came._replace(attempts=5, due_at=now + timedelta(minutes=20)),
            came._replace(due_at=None, handled_at=now),
        ],
        None,
    )
    said = [row.how.partition(".")[0].partition(" 2")[0] for row in messages_view(OWNER, "", "", page).rows]
    assert said == ["Its turn is next", "Being handled", "Tried 5 times, Razorpay did not answer", "Handled"]
