"""Several refunds that are due at once: none waits for another payment's, and a gateway that hangs ends the round."""

import asyncio
from collections import Counter

import pytest

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database, due
from checkout_app.core.concurrency import CONCURRENCY
from checkout_app.payments import refunds, settle
from checkout_app.payments.gateway import client
from checkout_app.payments.models import Payment, Refund
from razorpay_sandbox.payments import attempts
from tests.support.histories import History
from tests.support.inside import BUYER, let_refund_be_due, put_on_shelf, row, rows, violations
from tests.support.shops import KEY_ID


async def _paid(history: History, count: int) -> list[str]:
    """Let so many orders be paid; returns the payments' ids."""
    gateway, product_id = history.inside.gateway, await put_on_shelf(count, slug="bowl", name="Bell metal bowl")
    payment_ids = []
    for _ in range(count):
        made = await checkout.create_order(BUYER, [Item(product_id)])
        request = attempts.AttemptRequest(order_id=made.razorpay_order_id)
        payment_ids.append(attempts.begin(gateway, KEY_ID, request)["id"])
        attempts.conclude(gateway, payment_ids[-1], "success")
        await settle.settle(payment_ids[-1])
    return payment_ids


async def _plan(*payment_ids: str) -> list[str]:
    """Let refunds of these payments be due, the first for the longest; returns their ids."""
    planned = []
    for number, payment_id in enumerate(payment_ids):
        async with database.write() as session:
            payment = await session.get_one(Payment, payment_id)
            refund = await refunds.plan(session, payment, 100, reason="Asked for.", request_key=f"{number}")
        await let_refund_be_due(refund.id, len(payment_ids) - number)
        planned.append(refund.id)
    return planned


async def test_settling_an_order_sends_what_is_due_of_it_and_of_no_other(history: History) -> None:
    payment_ids = await _paid(history, 2)
    planned = await _plan(*payment_ids)
    await settle.settle(payment_ids[1])
    assert [(await row(Refund, refund_id)).status for refund_id in planned] == ["planned", "processed"]


async def test_a_gateway_that_hangs_is_asked_a_few_times_and_then_the_round_ends(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = await _plan(*await _paid(history, 2 * CONCURRENCY) * 4)
    taken_on, beyond = planned[: due.BATCH], planned[due.BATCH :]
    line, before = history.inside.line, clock.now()
    line.calls.clear()
    line.troubles = ["hang"] * len(planned)
    with monkeypatch.context() as impatience:
        impatience.setattr(client, "LONGEST_SECONDS", 0.1)
        assert await refunds.carry_out_due() == 0
    asked = len(line.calls)
    assert 1 <= asked <= CONCURRENCY, "asked on although nobody answers"
    tried = [await row(Refund, refund_id) for refund_id in taken_on]
    assert Counter(refund.attempts for refund in tried) == {1: asked, 0: len(taken_on) - asked}
    for refund in tried:
        assert refund.due_at
        assert before < refund.due_at - refunds.LADDER.lease < clock.now(), "the first rung of the ladder"
    for refund_id in beyond:
        left = await row(Refund, refund_id)
        assert left.due_at
        assert (left.due_at < before, left.attempts) == (True, 0)
    line.troubles.clear()
    assert await refunds.carry_out_due() == len(beyond)
    monkeypatch.setattr(clock, "now", lambda: before + 2 * refunds.LADDER.lease)
    assert await refunds.carry_out_due() == len(taken_on)
    assert await violations() == []


async def test_several_refunds_at_once_overtake_a_slow_one(history: History) -> None:
    await _plan(*await _paid(history, 4))
    overtaken = asyncio.Event()

    async def the_others_are_there() -> None:
        while [refund.status for refund in await rows(Refund)].count("processed") < 3:
            pass  # each look lets the others go on
        overtaken.set()

    history.inside.line.meanwhile = the_others_are_there  # the answer comes then, if the client is patient
    assert await refunds.carry_out_due() == 4
    assert overtaken.is_set()
    assert await violations() == []


async def test_two_refunds_of_one_payment_never_run_together(history: History) -> None:
    one, other = await _paid(history, 2)
    planned = await _plan(one, one, one, other)
    line, of_one = history.inside.line, f"POST /v1/payments/{one}/refund"
    under_way: list[int] = []

    async def the_other_payments_refund_is_there() -> None:
        if line.calls[-1] != of_one:
            line.meanwhile = the_other_payments_refund_is_there
            return
        while (await row(Refund, planned[-1])).status == "planned":
            pass  # each look lets the others go on
        under_way.append(line.calls.count(of_one))

    line.calls.clear()
    line.meanwhile = the_other_payments_refund_is_there
    assert await refunds.carry_out_due() == 4
    assert (under_way, line.calls.count(of_one)) == ([1], 3)
    assert await violations() == []


async def test_an_outage_in_the_middle_of_one_payments_refunds_leaves_the_rest_of_them_for_later(
    history: History,
) -> None:
    [payment_id] = await _paid(history, 1)
    planned = await _plan(*[payment_id] * 4)
    history.inside.line.troubles = [None, "reset"]
    assert await refunds.carry_out_due() == 1
    tried = [await row(Refund, refund_id) for refund_id in planned]
    assert [(refund.status, refund.attempts) for refund in tried] == [
        ("processed", 1),
        ("planned", 1),
        ("planned", 0),
        ("planned", 0),
    ]


async def test_one_answer_that_cant_be_understood_is_no_outage(history: History) -> None:
    planned = await _plan(*await _paid(history, 3))
    history.inside.line.troubles = ["200 what is this"]
    assert await refunds.carry_out_due() == 2
    assert [(await row(Refund, refund_id)).attempts for refund_id in planned] == [1, 1, 1]
    [odd] = [refund for refund in await rows(Refund) if refund.status == "planned"]
    await let_refund_be_due(odd.id)
    assert await refunds.carry_out_due() == 1
    assert len(history.inside.entities("refund")) == 3, "asked again under the same key, so the money left once"
