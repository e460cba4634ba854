"""The first money of an order is settled without holding it: whatever happens to it meanwhile, nothing is lost."""

from collections.abc import Sequence
from typing import Any, Final

import pytest
from sqlmodel import col, select

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import settle
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.settle import Settlement
from tests.conftest import ON_BOTH
from tests.support.happenings import Step
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, put_on_shelf, row, timeline
from tests.support.statements import asking, trips
from tests.support.verdict import verdict

# SQLite's writers come one at a time, so nothing happens meanwhile.
on_postgresql = pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
MEANWHILE: Final[dict[str, tuple[Sequence[Step], str, str]]] = {
    "nothing": ([], "paid", "order"),
    "the same money is settled": ([("callback", 0, "")], "paid", "order"),
    "other money pays it": ([("attempt", 1, "success"), ("callback", 1, "")], "paid", "return"),
    "other money fails": ([("attempt", 1, "failure"), ("read", 0, ""), ("write", 0, "")], "paid", "order"),
    "the same money is awaited": (
        [*[("trouble", 0, "html")] * 3, ("callback", 0, "")],
        "paid",
        "order",
    ),
    "it is cancelled": ([("cancel", 0, "")], "refunded", "return"),
    "it expires": ([("expire", 0, "")], "paid", "order"),
    "it expires, and others take its unit": ([("expire", 0, ""), ("sell out", 0, "")], "refunded", "return"),
}
"""By what happens to the order: how, and where it and the money that was being settled are in the end."""


_SEEN = (
    select(GatewayOrder, Order, OrderLine)
    .join(Order, col(Order.id) == col(GatewayOrder.order_id))
    .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
)


@pytest.fixture
async def history(inside: Inside) -> History:
    """An order of one unit, of three on the shelf, with two ways to pay it; the buyer has paid."""
    begun = History(inside)
    await begun.begin(on_hand=3, twice=True)
    await begun.live(("attempt", 0, "success"))
    return begun


@on_postgresql
@pytest.mark.parametrize("what", MEANWHILE)
async def test_whatever_happens_meanwhile_the_money_is_in_one_place(
    history: History, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, status, purpose = MEANWHILE[what]
    decide = settle._record  # noqa: SLF001 - between what it decides and its being written is where the others come in
    [payment] = history.inside.entities("payment")

    async def decide_and_wait(*given: Any, **also: Any) -> Settlement:
        """Decide what is to be written, and let things happen before it is."""
        settlement = await decide(*given, **also)
        monkeypatch.setattr(settle, "_record", decide)
        await history.live(*steps)
        return settlement

    monkeypatch.setattr(settle, "_record", decide_and_wait)
    settlement = await settle.settle(payment["id"])
    await _is_in_one_place(history, settlement, status, purpose)


@ON_BOTH
@pytest.mark.parametrize("what", MEANWHILE)
async def test_whatever_happens_while_the_gateway_is_asked_the_money_is_in_one_place(
    history: History, what: str
) -> None:
    steps, status, purpose = MEANWHILE[what]
    [payment] = history.inside.entities("payment")
    async with database.ask() as session:
        seen = (await session.exec(_SEEN.where(GatewayOrder.id == payment["order_id"]))).all()
    await history.live(*steps)
    settlement = await settle.settle(payment["id"], seen=seen)
    await _is_in_one_place(history, settlement, status, purpose)


async def _is_in_one_place(history: History, settlement: Settlement, status: str, purpose: str) -> None:
    payment = history.inside.entities("payment")[0]["id"]
    assert (settlement.payment.id, settlement.payment.purpose) == (payment, purpose)
    await history.end()
    await verdict(history)
    assert (await row(Order, history.order_id)).status == status
    assert (await row(Payment, payment)).purpose == purpose
    assert [kind for kind, _ in await timeline(history.order_id)].count("paid") == (status == "paid")


async def test_what_was_seen_of_another_payment_is_not_taken_for_this_one(history: History) -> None:
    other = await put_on_shelf(1, slug="other")
    made = await checkout.create_order(BUYER, [Item(other)])
    [payment] = history.inside.entities("payment")
    async with database.ask() as session:
        seen = (await session.exec(_SEEN.where(GatewayOrder.id == made.razorpay_order_id))).all()
    settlement = await settle.settle(payment["id"], seen=seen)
    assert (settlement.order.id, settlement.order.status) == (history.order_id, "paid")
    assert (await row(Order, made.order.id)).status == "created"


@pytest.mark.parametrize("was_seen", [False, True])
async def test_the_books_are_asked_once_what_it_is_for_and_not_at_all_where_that_was_seen(
    history: History, *, was_seen: bool
) -> None:
    [payment] = history.inside.entities("payment")
    async with database.ask() as session:
        found = (await session.exec(_SEEN.where(GatewayOrder.id == payment["order_id"]))).all()
    with asking() as asked:
        settlement = await settle.settle(payment["id"], seen=found if was_seen else [])
    assert settlement.order.status == "paid"
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == (not was_seen)


@on_postgresql
async def test_what_comes_next_holds_the_order(history: History) -> None:
    [payment] = history.inside.entities("payment")
    async with trips() as first:
        await settle.settle(payment["id"])
    async with trips() as again:
        await settle.settle(payment["id"])
    assert [len(first), any("FOR UPDATE" in text for text in first)] == [2, False]
    # The order comes before the shelf, as it does for whoever locks it: no two of them wait for each other.
    assert first[1].startswith("WITH c0 AS (UPDATE orders ")
    assert any("FOR UPDATE" in text for text in again)


async def test_a_session_for_what_follows_from_one_question_refuses_another(history: History) -> None:
    async with database.change() as session:
        order = await session.get_one(Order, history.order_id)
        order.state = "expired"
        with pytest.raises(RuntimeError, match="one statement"):
            await session.get(Payment, "unknown")
    assert (await row(Order, history.order_id)).state == "expired"
