"""Webhooks in the inbox: what is kept of them, what they are about, and when they are handled."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from checkout_app.core import clock, concurrency, database, due
from checkout_app.core.errors import InvalidInput
from checkout_app.orders.models import Order
from checkout_app.payments import webhooks
from checkout_app.payments.models import Payment, WebhookEvent
from tests.support.histories import History
from tests.support.inside import row, rows
from tests.support.webhooks import event

PAUSES = (60, 60, 120, 600, 3600, 3600)
"""Seconds between two tries to handle an event: never sooner than another worker's lease ends."""


async def _let_it_be_due(event_id: str, ago: int = 1) -> None:
    async with database.write() as session:
        (await session.get_one(WebhookEvent, event_id)).due_at = clock.now() - timedelta(seconds=ago)


async def _captured(history: History) -> bytes:
    await history.act(("attempt", 0, "success"))
    return history.inside.events()[-1][1]


async def _two_are_due(history: History) -> None:
    """Keep two events about one payment, the first due before the second."""
    await history.act(("attempt", 0, "success"))
    for number, (_, body) in enumerate(history.inside.events()[-2:], start=1):
        assert await webhooks.receive(body, f"event {number}")
        await _let_it_be_due(f"event {number}", 3 - number)


async def test_an_event_is_kept_whole_and_once(history: History) -> None:
    body, before = await _captured(history), clock.now()
    assert await webhooks.receive(body, "event 1")
    assert not await webhooks.receive(body, "event 1")
    [kept] = await rows(WebhookEvent)
    assert (kept.id, kept.event, kept.body.encode()) == ("event 1", "order.paid", body)
    assert (kept.digest, kept.attempts, kept.handled_at) == (hashlib.sha256(body).hexdigest(), 0, None)
    assert kept.due_at
    assert before < kept.due_at < clock.now()


async def test_an_event_without_an_id_is_known_by_its_body(history: History) -> None:
    body = await _captured(history)
    assert await webhooks.receive(body, "")
    assert not await webhooks.receive(body, "")
    assert [kept.id for kept in await rows(WebhookEvent)] == [hashlib.sha256(body).hexdigest()]


async def test_one_body_is_one_event_under_any_id_also_when_copies_arrive_together(history: History) -> None:
    body, (_, other) = await _captured(history), history.inside.events()[0]
    assert sorted(await asyncio.gather(*(webhooks.receive(body, f"event {n}") for n in range(4)))) == [False] * 3 + [
        True
    ]
    assert not await webhooks.receive(body, "")
    assert await webhooks.receive(other, "another event")
    assert [kept.body.encode() for kept in await rows(WebhookEvent)] == [body, other]
    assert await webhooks.handle_due() == 2


@pytest.mark.parametrize(
    ("age", "outdated"),
    [
        (timedelta(days=3, seconds=1), True),
        (timedelta(days=3), False),
        (timedelta(0), False),
        (timedelta(days=-1), False),
    ],
    ids=str,
)
async def test_an_event_older_than_any_delivery_can_be_is_not_kept(
    history: History, monkeypatch: pytest.MonkeyPatch, age: timedelta, *, outdated: bool
) -> None:
    now = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    body = event("payment.captured", payment={"id": "pay_A"})
    body = json.dumps(json.loads(body) | {"created_at": int((now - age).timestamp())}).encode()
    assert await webhooks.receive(body, "event 1") is not outdated
    assert len(await rows(WebhookEvent)) == int(not outdated)
    assert history.inside.line.calls[1:] == []


async def test_a_long_id_is_cut_to_what_the_column_holds(history: History) -> None:
    body = await _captured(history)
    assert await webhooks.receive(body, "i" * 81)
    assert [kept.id for kept in await rows(WebhookEvent)] == ["i" * 80]


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"event": 7}', b'{"event": "' + b"e" * 81 + b'"}'], ids=repr)
async def test_what_is_no_event_is_not_kept(history: History, body: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        await webhooks.receive(body, "event 1")
    assert refused.value.fields == {"body": "This is no webhook event."}
    assert (await rows(WebhookEvent), history.inside.line.calls[1:]) == ([], [])


def _entity(**fields: object) -> dict[str, object]:
    return {"entity": fields}


@pytest.mark.parametrize(
    ("payload", "payment_id"),
    [
        ({"payment": _entity(id="pay_A")}, "pay_A"),
        ({"refund": _entity(id="rfnd_A", payment_id="pay_A")}, "pay_A"),
        ({"dispute": _entity(id="disp_A", payment_id="pay_A")}, "pay_A"),
        ({"refund": _entity(payment_id="pay_B"), "payment": _entity(id="pay_A")}, "pay_A"),
        ({"payment": _entity(id="order_A"), "refund": _entity(payment_id="pay_A")}, "pay_A"),
        ({"payment": _entity(id="pay_" + "A" * 36)}, "pay_" + "A" * 36),
        ({"payment": _entity(id="pay_" + "A" * 37)}, None),
        ({"payment": _entity(id="pay_")}, None),
        ({"payment": _entity(id="pay_A/../orders")}, None),
        ({"payment": _entity(id=7)}, None),
        ({"payment": _entity(payment_id="pay_A")}, None),
        ({"refund": _entity(id="pay_A")}, None),
        ({"payment": {"entity": []}, "refund": []}, None),
        ({"settlement": _entity(id="pay_A")}, None),
        ({}, None),
    ],
    ids=repr,
)
def test_an_event_is_about_the_payment_it_names(payload: Mapping[str, Any], payment_id: str | None) -> None:
    assert webhooks.Envelope(event="any", payload=dict(payload)).payment_id == payment_id


async def test_an_event_is_handled_once(history: History) -> None:
    await webhooks.receive(await _captured(history), "event 1")
    before = clock.now()
    assert await webhooks.handle_due() == 1
    handled = await row(WebhookEvent, "event 1")
    assert handled.due_at is None
    assert handled.handled_at
    assert before < handled.handled_at < clock.now()
    assert ((await row(Order, history.order_id)).status, handled.attempts) == ("paid", 1)
    assert (await rows(Payment))[0].announced_at
    assert not await webhooks.receive(history.inside.events()[-1][1], "event 1")
    assert await webhooks.handle_due() == 0
    assert await row(WebhookEvent, "event 1") == handled


async def test_an_event_that_waits_for_the_gateway_is_tried_again_ever_later(history: History) -> None:
    await webhooks.receive(await _captured(history), "event 1")
    for attempt, seconds in enumerate(PAUSES, start=1):
        await _let_it_be_due("event 1")
        history.inside.line.troubles = ["500", "500", "500"]
        before = clock.now()
        assert await webhooks.handle_due() == 0
        tried = await row(WebhookEvent, "event 1")
        assert tried.due_at
        assert before <= tried.due_at - timedelta(seconds=seconds) <= clock.now()
        assert (tried.attempts, tried.handled_at) == (attempt, None)
    assert await webhooks.handle_due() == 0


async def test_an_event_that_is_due_this_very_instant_is_handled(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    await webhooks.receive(await _captured(history), "event 1")
    moment = (await row(WebhookEvent, "event 1")).due_at
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert await webhooks.handle_due() == 1


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("awaited", ["payment.captured", "order.paid", "payment.authorized"])
async def test_what_a_buyer_may_wait_for_is_handled_before_all_that_came_earlier(
    monkeypatch: pytest.MonkeyPatch, awaited: str
) -> None:
    monkeypatch.setattr(concurrency, "CONCURRENCY", 1)
    monkeypatch.setattr(due, "BATCH", 2)
    earlier = ["payment.failed", "refund.processed", "payment.dispute.created", "settlement.processed", "unknown"]
    for name in (*earlier, awaited, awaited):
        event_id = f"{name} {len(await rows(WebhookEvent))}"
        assert await webhooks.receive(event(name, settlement={"id": "setl_A"}), event_id)
        await _let_it_be_due(event_id, 100 - len(await rows(WebhookEvent)))
    assert await webhooks.handle_due() == 7
    handled = sorted(await rows(WebhookEvent), key=lambda kept: str(kept.handled_at))
    assert [kept.event for kept in handled] == [awaited, awaited, *earlier]


async def test_a_worker_that_comes_second_finds_nothing_to_do(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concurrency, "CONCURRENCY", 1)  # the second event waits until the first is done
    await _two_are_due(history)
    done: list[int] = []

    async def another_worker_comes() -> None:
        done.append(await webhooks.handle_due())

    history.inside.line.calls.clear()
    history.inside.line.meanwhile = another_worker_comes
    assert (await webhooks.handle_due(), done) == (2, [0])
    assert [kept.attempts for kept in await rows(WebhookEvent)] == [1, 1]
    assert len(history.inside.line.calls) == 2


async def test_an_event_whose_worker_died_is_taken_on_by_the_next_one(history: History) -> None:
    await webhooks.receive(await _captured(history), "event 1")

    async def the_worker_dies() -> None:
        raise asyncio.CancelledError

    history.inside.line.meanwhile = the_worker_dies
    with pytest.raises(BaseExceptionGroup):
        await webhooks.handle_due()
    assert await webhooks.handle_due() == 0, "it is the dead worker's until the lease ends"
    await _let_it_be_due("event 1")
    assert await webhooks.handle_due() == 1
    assert (await row(WebhookEvent, "event 1")).attempts == 2


async def test_an_event_that_waits_for_its_answer_holds_up_no_other(history: History) -> None:
    await _two_are_due(history)
    overtaken = asyncio.Event()

    async def event_2_is_handled() -> None:
        while (await row(WebhookEvent, "event 2")).handled_at is None:
            pass  # each look lets the others go on
        overtaken.set()

    history.inside.line.meanwhile = event_2_is_handled  # the answer about event 1 comes then, if the client is patient
    assert await webhooks.handle_due() == 2
    assert overtaken.is_set()
    assert len(await rows(Payment)) == 1


async def test_an_event_about_nothing_of_ours_is_handled_without_a_question(history: History) -> None:
    await webhooks.receive(event("settlement.processed", settlement={"id": "setl_A"}), "event 1")
    history.inside.line.calls.clear()
    assert await webhooks.handle_due() == 1
    assert (history.inside.line.calls, await rows(Payment)) == ([], [])
