"""What waits for a person: which orders are listed, and when one may say that nothing is left to do."""

import pytest

from checkout_app.buyer.order.views import display_state
from checkout_app.core import database
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.payments import issues, refunds, service
from checkout_app.payments.errors import MoneyUnplaced, NothingToDecide
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.record import gather
from tests.support.acts import at_the_bank, in_the_dashboard, other_gateway_order, refunds_end
from tests.support.histories import History
from tests.support.inside import let_refund_be_due, row, rows, timeline, violations
from tests.support.neighbours import Neighbour, move_in

WORDS = "We wrote to the buyer."


async def _raise(*order_ids: str) -> None:
    for order_id in order_ids:
        async with database.write() as session:
            await orders.raise_attention(session, await session.get_one(Order, order_id), "Look at this.")


async def _listed(cursor: str | None = None, limit: int = 20) -> tuple[list[str], str | None]:
    async with database.read() as session:
        page = await issues.waiting(session, cursor=cursor, limit=limit)
    return [found.order.id for found in page.items], page.next_cursor


async def _face(order_id: str) -> str:
    async with database.read() as session:
        return display_state(await gather(session, await session.get_one(Order, order_id)))


async def _wrong_sum(history: History) -> str:
    """Let a payment of ₹470 arrive for an order of ₹480; returns its id."""
    await other_gateway_order(history, 47000)
    await history.live(("attempt", 0, "success"), ("poll", 0, ""))
    [payment] = await rows(Payment)
    assert payment.purpose == "attention"
    return payment.id


async def test_only_what_waits_is_listed_the_oldest_first_and_by_pages(history: History) -> None:
    neighbour = await move_in(history)
    first, *others = sorted(order.id for order in await rows(Order))
    assert await _listed() == ([], None)
    await _raise(*others)
    assert await _listed() == (others, None)
    await _raise(first)
    assert await _listed(limit=2) == ([first, others[0]], others[0])
    assert await _listed(cursor=others[0], limit=2) == (others[1:], None)
    async with database.read() as session:
        page = await issues.waiting(session)
    payments = {found.order.id: [payment.id for payment in found.payments] for found in page.items}
    assert payments.pop(neighbour.order_id) == [neighbour.payment_id, neighbour.begun_id]
    assert set(map(tuple, payments.values())) == {()}


async def test_what_was_decided_is_written_down_and_the_order_waits_no_more(
    history: History, neighbour: Neighbour, paid: str
) -> None:
    await history.live(("dispute", 0, ""), ("handle", 0, ""))
    assert (await row(Payment, paid)).purpose == "order"
    assert await _listed() == ([history.order_id], None)
    decided = await issues.decide(history.order_id, WORDS)
    assert (decided.order_id, decided.kind, decided.words) == (history.order_id, "decided", WORDS)
    assert ((await row(Order, history.order_id)).attention, await _listed()) == (None, ([], None))
    assert (await timeline(history.order_id))[-1] == ("decided", WORDS)
    assert (await issues.decide(history.order_id, WORDS)).id == decided.id
    assert [words for kind, words in await timeline(history.order_id) if kind == "decided"] == [WORDS]
    with pytest.raises(NothingToDecide):
        await issues.decide(history.order_id, "Something else.")
    assert neighbour


async def test_there_is_nothing_to_decide_about_an_order_that_does_not_wait_or_is_not_there(
    history: History, paid: str
) -> None:
    assert paid
    said = (await timeline(history.order_id))[-1][1]
    with pytest.raises(NothingToDecide):
        await issues.decide(history.order_id, said)
    with pytest.raises(OrderNotFound):
        await issues.decide("01HZZZZZZZZZZZZZZZ7F3K9Q2D", WORDS)


async def test_money_of_another_sum_has_to_go_back_whole_before_it_is_decided_about(history: History) -> None:
    payment_id = await _wrong_sum(history)
    for amount, left in ((10000, "₹370.00"), (36999, "₹0.01")):
        in_the_dashboard(history, payment_id, amount)
        await refunds.adopt(payment_id)
        with pytest.raises(MoneyUnplaced, match=f"^{left} of payment {payment_id} "):
            await issues.decide(history.order_id, WORDS)
        assert (await row(Order, history.order_id)).attention
        assert await _face(history.order_id) == "attention"
    in_the_dashboard(history, payment_id, 1)
    await refunds.adopt(payment_id)
    await issues.decide(history.order_id, WORDS)
    assert (await _listed(), await violations()) == (([], None), [])
    assert await _face(history.order_id) == "unpaid", "its own sum can still be paid"


async def test_money_that_the_bank_sent_back_has_to_go_out_again_before_it_is_decided_about(history: History) -> None:
    await history.live(("cancel", 0, ""), ("refunds end", 0, "pending"), ("attempt", 0, "success"), ("poll", 0, ""))
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    [payment] = await rows(Payment)
    with pytest.raises(MoneyUnplaced, match=r"₹480\.00"):
        await issues.decide(history.order_id, WORDS)
    await service.refund(payment.id, None, reason="Once more.", request_key="again")
    await issues.decide(history.order_id, WORDS)
    assert await violations() == []
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    assert await _listed() == ([history.order_id], None), "it failed again, and nobody was told"
    assert await violations() == []


async def test_authorised_money_and_a_planned_refund_are_in_nobodys_way(history: History) -> None:
    payment_id = await _wrong_sum(history)
    await history.act(("attempt", 0, "authorized"))
    await history.act(("poll", 0, ""))
    refunds_end(history, "no_balance")
    planned = await service.refund(payment_id, None, reason="Not the sum.", request_key="all")
    assert planned.status == "planned"
    await issues.decide(history.order_id, WORDS)
    assert await violations() == []


async def test_what_a_refund_does_not_give_back_is_left(history: History, paid: str) -> None:
    refunds_end(history, "pending")
    await service.refund(paid, 1000, reason="A part.", request_key="part")
    in_the_dashboard(history, paid, 200)
    await history.act(("poll", 0, ""))
    payment = await row(Payment, paid)
    async with database.read() as session:
        assert await refunds.left(session, payment) == 46800
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    async with database.read() as session:
        assert await refunds.left(session, payment) == 47000


async def test_a_refund_too_many_has_to_be_refused_before_its_money_is_decided_about(history: History) -> None:
    payment_id = await _wrong_sum(history)
    refunds_end(history, "no_balance")
    planned = await service.refund(payment_id, 10000, reason="Not the sum.", request_key="part")
    refunds_end(history, "processed")
    in_the_dashboard(history, payment_id, 47000)
    await refunds.adopt(payment_id)
    async with database.read() as session:
        assert await refunds.left(session, await session.get_one(Payment, payment_id)) == -10000
    with pytest.raises(MoneyUnplaced, match=f"^₹100.00 more than there is of payment {payment_id} "):
        await issues.decide(history.order_id, WORDS)
    await let_refund_be_due(planned.id)
    await refunds.carry_out_due()
    assert (await row(Refund, planned.id)).status == "failed"
    await issues.decide(history.order_id, WORDS)
    assert await violations() == []
