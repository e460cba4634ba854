"""A round of the reconciler: which orders are looked at, when each is looked at again, and which holds end."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import update

from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database, due
from checkout_app.core.concurrency import CONCURRENCY
from checkout_app.orders.models import Order
from checkout_app.payments import holds, reconcile
from checkout_app.payments.gateway.client import READ_TRIES
from tests.support.histories import History
from tests.support.inside import BUYER, row, rows, timeline
from tests.support.neighbours import move_in
from tests.support.statements import reading


async def _let_it_be_due(history: History) -> None:
    async with database.write() as session:
        (await session.get_one(Order, history.order_id)).due_at = clock.now() - timedelta(seconds=1)


async def _let_all_be_due(history: History, count: int) -> None:
    """Let so many orders be due, ours the first."""
    async with database.write() as session:
        (await session.get_one(Variant, history.product_id)).on_hand = count
    for _ in range(count - 1):
        await checkout.create_order(BUYER, [Item(history.product_id)])
    for order in await rows(Order):
        async with database.write() as session:
            (await session.get_one(Order, order.id)).due_at = order.created_at


async def test_an_order_that_is_due_is_looked_at_and_planned_anew_and_no_other_is(history: History) -> None:
    neighbour = await move_in(history)
    before = await row(Order, neighbour.order_id)
    await history.act(("attempt", 0, "success"))
    await _let_it_be_due(history)
    assert await reconcile.check_due() == 1
    order = await row(Order, history.order_id)
    assert (order.status, await row(Order, neighbour.order_id)) == ("paid", before)
    assert order.due_at
    assert order.attempts == 0
    assert timedelta(0) <= order.due_at - order.updated_at - timedelta(minutes=1) < timedelta(seconds=5)
    assert await reconcile.check_due() == 0


async def test_an_order_that_did_not_change_for_a_week_is_not_looked_at_any_more(history: History, paid: str) -> None:
    assert paid
    async with database.write() as session:
        (await session.get_one(Order, history.order_id)).updated_at = clock.now() - timedelta(days=7)
    await _let_it_be_due(history)
    assert await reconcile.check_due() == 1
    assert (await row(Order, history.order_id)).due_at is None


async def test_an_order_of_which_the_gateway_does_not_tell_comes_again_in_about_a_minute(history: History) -> None:
    await _let_it_be_due(history)
    history.inside.line.troubles = ["reset"] * 3
    before = clock.now()
    assert await reconcile.check_due() == 0
    order = await row(Order, history.order_id)
    assert order.due_at
    assert before <= order.due_at - timedelta(minutes=1) < clock.now() + timedelta(seconds=5)


async def test_an_order_that_waits_for_its_answer_holds_up_no_other(history: History) -> None:
    await _let_all_be_due(history, 3)
    overtaken = asyncio.Event()

    async def the_others_are_looked_at() -> None:
        claimed = {order.id: order.due_at for order in await rows(Order)}
        while sum(order.due_at != claimed[order.id] for order in await rows(Order)) < 2:
            pass  # each look lets the others go on
        overtaken.set()

    # The answer about one order comes then, if the client is patient.
    history.inside.line.meanwhile = the_others_are_looked_at
    assert await reconcile.check_due() == 3
    assert overtaken.is_set()


async def test_an_outage_ends_the_round_and_the_orders_come_again_spread_out(history: History) -> None:
    count = 2 * CONCURRENCY
    await _let_all_be_due(history, count)
    history.inside.line.calls.clear()
    history.inside.line.troubles.extend(["reset"] * READ_TRIES * count)
    assert await reconcile.check_due() == 0
    assert len(history.inside.line.calls) <= READ_TRIES * CONCURRENCY, "asked on although nobody answered"
    assert len({order.due_at for order in await rows(Order)}) > count / 2, "by chance a few may come together"
    history.inside.line.troubles.clear()


async def _let_the_hold_have_ended(history: History, ago: timedelta) -> None:
    async with database.write() as session:
        (await session.get_one(Order, history.order_id)).expires_at = clock.now() - ago


async def _shelf(history: History) -> tuple[int | None, int]:
    variant = await row(Variant, history.product_id)
    return variant.on_hand, variant.held


async def test_a_hold_that_lapsed_a_while_ago_ends_although_the_gateway_is_down(history: History) -> None:
    neighbour = await move_in(history)
    before = await neighbour.everything()
    await _let_the_hold_have_ended(history, holds.GRACE + timedelta(seconds=1))
    await _let_it_be_due(history)
    history.inside.line.troubles = ["reset"] * READ_TRIES
    assert await _shelf(history) == (2, 1)
    assert await reconcile.check_due() == 0
    assert await holds.end_lapsed() == 1
    assert ((await row(Order, history.order_id)).status, await _shelf(history)) == ("expired", (2, 0))
    assert (await timeline(history.order_id))[-1] == (
        "expired",
        "It was not paid in time, so its items went back on the shelf.",
    )
    assert await neighbour.everything() == before


async def test_control_a_hold_that_lapsed_just_now_waits_for_the_gateway(history: History) -> None:
    await _let_the_hold_have_ended(history, holds.GRACE - timedelta(seconds=10))
    await _let_it_be_due(history)
    history.inside.line.troubles = ["reset"] * READ_TRIES
    assert await reconcile.check_due() == 0
    assert await holds.end_lapsed() == 0
    assert ((await row(Order, history.order_id)).status, await _shelf(history)) == ("created", (3, 1))
    await history.act(("attempt", 0, "success"))
    await _let_it_be_due(history)
    assert await reconcile.check_due() == 1
    assert ((await row(Order, history.order_id)).status, await _shelf(history)) == ("paid", (2, 0))


async def test_a_hold_ends_by_itself_when_its_grace_is_over_and_not_an_instant_sooner(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = (await row(Order, history.order_id)).expires_at + holds.GRACE
    assert await holds.WORK.next_at() == until

    def let_it_be(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    let_it_be(until)
    assert await holds.end_lapsed() == 0
    let_it_be(until + timedelta(microseconds=1))
    assert await holds.end_lapsed() == 1
    assert ((await row(Order, history.order_id)).status, await holds.WORK.next_at()) == ("expired", None)


async def test_all_holds_that_lapsed_end_in_one_round_also_more_than_are_taken_on_at_once(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "BATCH", 2)
    await _let_all_be_due(history, 4)
    async with database.write() as session:
        await session.exec(update(Order).values(expires_at=clock.now() - holds.GRACE - timedelta(seconds=1)))
    with reading() as seen:
        assert await holds.end_lapsed() == 4
    assert len(seen) == 3, "two, two, and a look at whether there are more"
    assert [order.status for order in await rows(Order)] == ["expired"] * 4
    assert await _shelf(history) == (4, 0)


@pytest.mark.parametrize("status", ["confirming", "paid"])
async def test_a_hold_of_an_order_whose_money_is_there_or_on_its_way_never_lapses(
    history: History, status: str
) -> None:
    if status == "confirming":
        history.inside.line.troubles = [None, "500"] * 2  # the payment is read and not taken
    await history.live(("attempt", 0, "authorized"), ("poll", 0, ""))
    assert (await row(Order, history.order_id)).status == status
    shelf = await _shelf(history)
    await _let_the_hold_have_ended(history, timedelta(days=1))
    assert await reconcile.check_due() == 0
    assert ((await row(Order, history.order_id)).status, await _shelf(history)) == (status, shelf)
