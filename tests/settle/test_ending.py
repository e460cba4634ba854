"""How an order moves and ends, and what that does to the shelf."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, update

from checkout_app.catalog.errors import OutOfStock
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database
from checkout_app.core.changes import Lost
from checkout_app.journal.actors import GATEWAY
from checkout_app.journal.models import Issue
from checkout_app.orders import listing
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderClosed, OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderEvent, OrderPayment, OrderState, Place
from checkout_app.orders.timeline import IssueKind
from tests.support.histories import History
from tests.support.inside import BUYER, put_on_shelf, row, rows, timeline, waits_for, written
from tests.support.neighbours import move_in


async def _shelf() -> list[tuple[str, int | None, int]]:
    """Every variant: what it is called, how many there are, how many are held."""
    return [(variant.sku, variant.on_hand, variant.held) for variant in await rows(Variant)]


@pytest.fixture
async def order_id(history: History) -> str:
    """An order of three kulhads and two lamps, of five on the shelf each, next to the history's and a neighbour's."""
    await move_in(history)
    lamp, kulhad = [await put_on_shelf(5, 10000, slug=slug, name=slug.title()) for slug in ("lamp", "kulhad")]
    made = await checkout.create_order(BUYER, [Item(kulhad, 3), Item(lamp, 2)])
    return made.order.id


NEIGHBOURS = ("cups", 2, 1)
"""One of three cups is sold and one is held, whatever happens to the order of a test."""


async def _after(order_id: str, lamps: tuple[int, int], kulhads: tuple[int, int], stock: str) -> None:
    assert await _shelf() == [NEIGHBOURS, ("lamp", *lamps), ("kulhad", *kulhads)]
    assert (await row(Order, order_id)).stock == stock


async def _change(order_id: str, **changes: object) -> None:
    async with database.write() as session:
        await session.exec(update(Order).where(col(Order.id) == order_id).values(changes))


async def _expire(order_id: str) -> bool:
    async with database.write() as session:
        return await orders.expire(session, order_id)


async def test_an_order_whose_hold_has_lapsed_expires_to_the_instant(
    order_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await row(Order, order_id)
    until = order.updated_at + timedelta(minutes=15)
    assert order.expires_at == until
    monkeypatch.setattr(clock, "now", lambda: until - timedelta(microseconds=1))
    assert not await _expire(order_id)
    await _after(order_id, (5, 2), (5, 3), "held")
    monkeypatch.setattr(clock, "now", lambda: until)
    assert await _expire(order_id)
    await _after(order_id, (5, 0), (5, 0), "released")
    assert (await row(Order, order_id)).status == "expired"
    assert not await _expire(order_id)
    told = [kind for kind, _ in await timeline(order_id)]
    assert told == ["created", "expired"]


ELSEWHERE = [
    (state, payment)
    for state in OrderState
    for payment in OrderPayment
    if (state, payment) != (OrderState.OPEN, OrderPayment.UNPAID)
]
"""Every place but the one of an order that waits for its buyer."""


@pytest.mark.parametrize("place", ELSEWHERE, ids=" ".join)
async def test_only_an_order_that_waits_for_its_buyer_expires_or_is_cancelled(order_id: str, place: Place) -> None:
    state, payment = place
    await _change(order_id, state=state, payment_status=payment, expires_at=clock.now() - timedelta(hours=1))
    assert not await _expire(order_id)
    async with database.write() as session:
        with pytest.raises(OrderClosed) as closed:
            await orders.cancel(session, order_id, BUYER)
    assert closed.value.order_id == order_id
    await _after(order_id, (5, 2), (5, 3), "held")
    order = await row(Order, order_id)
    assert (order.state, order.payment_status) == place


async def test_a_buyer_cancels_their_own_order_and_nobody_elses(order_id: str) -> None:
    for buyer, asked in ((replace(BUYER, user_id="STRANGER"), order_id), (BUYER, "UNKNOWN")):
        async with database.write() as session:
            with pytest.raises(OrderNotFound):
                await orders.cancel(session, asked, buyer)
    await _after(order_id, (5, 2), (5, 3), "held")
    async with database.write() as session:
        cancelled = await orders.cancel(session, order_id, BUYER)
    assert (cancelled.id, cancelled.status) == (order_id, "cancelled")
    await _after(order_id, (5, 0), (5, 0), "released")
    assert (await timeline(order_id))[-1] == ("cancelled", "The buyer cancelled the order.")
    async with database.read() as session:
        told = (await orders.timeline(session, order_id))[-1]
    assert (told.actor, told.actor_id) == ("buyer", BUYER.user_id)


async def _commit(order_id: str) -> None:
    async with database.write() as session:
        order = await session.get_one(Order, order_id)
        await orders.commit_stock(session, order, await orders.lines(session, order_id))


async def _release(order_id: str) -> None:
    async with database.write() as session:
        await orders.release_stock(session, await session.get_one(Order, order_id))


async def _restock(order_id: str) -> None:
    async with database.write() as session:
        await orders.restock(session, await session.get_one(Order, order_id))


async def test_units_are_taken_for_good_once(order_id: str) -> None:
    for _ in range(2):
        await _commit(order_id)
        await _after(order_id, (3, 0), (2, 0), "sold")
    await _release(order_id)
    await _after(order_id, (3, 0), (2, 0), "sold")


async def test_units_are_given_back_once_and_taken_again_while_there_are_any(order_id: str) -> None:
    for _ in range(2):
        await _release(order_id)
        await _after(order_id, (5, 0), (5, 0), "released")
    await _commit(order_id)
    await _after(order_id, (3, 0), (2, 0), "sold")


async def test_units_that_were_given_back_and_sold_meanwhile_cant_be_taken(order_id: str) -> None:
    await _release(order_id)
    async with database.write() as session:
        await session.exec(update(Variant).where(col(Variant.sku) == "lamp").values(on_hand=1))
    with pytest.raises(OutOfStock, match=r"^Lamp has only 1 left\.$"):
        await _commit(order_id)
    await _after(order_id, (1, 0), (5, 0), "released")


async def test_units_that_were_sold_go_back_on_the_shelf_once_and_are_not_taken_again(order_id: str) -> None:
    await _restock(order_id)
    await _after(order_id, (5, 2), (5, 3), "held")
    await _commit(order_id)
    for act in (_restock, _restock, _commit, _release):
        await act(order_id)
        await _after(order_id, (5, 0), (5, 0), "restocked")
    assert [kind for kind, _ in await timeline(order_id)] == ["created", "restocked"]
    assert (await timeline(order_id))[-1] == ("restocked", "Its items are back on the shelf.")


async def _move(order_id: str, event: OrderEvent, **data: str | int) -> Order | None:
    async with database.write() as session:
        order = await session.get_one(Order, order_id)
        return order if await orders.move(session, order, event, GATEWAY, **data) else None


async def test_a_move_is_dated_told_and_compared_with_the_gateway_a_minute_later(order_id: str) -> None:
    others = [order for order in await rows(Order) if order.id != order_id]
    before = clock.now()
    moved = await _move(order_id, OrderEvent.CONFIRMING, payment_id="pay_A")
    order = await row(Order, order_id)
    assert moved == order
    assert before < order.updated_at < clock.now()
    assert (order.state, order.status, order.paid_at) == ("open", "confirming", None)
    assert order.due_at == order.updated_at + timedelta(minutes=1)
    said = ("confirming", "Razorpay has the payment; its confirmation is awaited.")
    assert (await timeline(order_id))[-1] == said
    assert (await written(order_id))[-1] == ("confirming", "gateway", {"payment_id": "pay_A"})
    paid = await _move(order_id, OrderEvent.PAID, amount=50000, currency="INR")
    assert paid
    assert paid.paid_at == paid.updated_at
    assert (await timeline(order_id))[-1] == ("paid", "₹500.00 was paid.")
    assert [order for order in await rows(Order) if order.id != order_id] == others


async def _lose_a_race(order_id: str) -> None:
    """Move an order on the strength of what it was."""
    async with database.write() as session:
        order = await session.get_one(Order, order_id)
        await session.exec(update(Order).values(state=OrderState.CANCELLED))
        assert await orders.move(session, order, OrderEvent.PAID)


async def test_a_move_that_loses_a_race_changes_nothing(order_id: str) -> None:
    before = (await row(Order, order_id)).model_dump()
    with pytest.raises(Lost):
        await _lose_a_race(order_id)
    assert (await row(Order, order_id)).model_dump() == before
    assert [kind for kind, _ in await timeline(order_id)] == ["created"]


async def _raise(order_id: str, detail: str, about: str = "", kind: IssueKind = IssueKind.OTHER) -> bool:
    async with database.write() as session:
        return await orders.open_issue(session, await session.get_one(Order, order_id), kind, about, detail=detail)


async def test_an_issue_of_which_nothing_more_is_known_is_about_the_order_itself(order_id: str) -> None:
    async with database.write() as session:
        assert await orders.open_issue(session, await session.get_one(Order, order_id), IssueKind.UNCONFIRMED)
    [issue] = await rows(Issue)
    assert (issue.kind, issue.subject, issue.subject_id) == ("unconfirmed", "order", order_id)
    assert (issue.about, issue.data, issue.detail) == ("", {}, "")
    assert (await written(order_id))[-1] == ("attention", "shop", {"issue_id": issue.id})


async def test_an_issue_is_raised_for_one_order_and_cut_to_what_the_column_holds(order_id: str) -> None:
    [other] = [order for order in await rows(Order) if order.status == "created" and order.id != order_id]
    for asked in (other.id, order_id):
        assert await _raise(asked, "W" * 301)
    for asked in (other.id, order_id):
        assert await waits_for(asked) == ["W" * 300]
        assert (await timeline(asked))[-1] == ("attention", "W" * 300)
        async with database.read() as session:
            lines, waiting = await listing.contents(session, [asked, "UNKNOWN"])
        assert (waiting, len(lines[asked]), lines["UNKNOWN"]) == ({asked}, 2 if asked == order_id else 1, [])


async def test_the_same_of_one_order_is_told_once_and_learns_the_newest(
    order_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    raised = [await _raise(order_id, detail, about) for detail, about in (("One.", "a"), ("Two.", "b"), ("3.", "a"))]
    assert raised == [True, True, False]
    assert sorted(await waits_for(order_id)) == ["3.", "Two."]
    assert len([kind for kind, _ in await timeline(order_id) if kind == "attention"]) == 2
    assert len([record for record in caplog.records if order_id in record.message]) == 2
    assert await _raise(order_id, "No answer.", "a", IssueKind.UNREADABLE)
    assert len(await rows(Issue)) == 3
