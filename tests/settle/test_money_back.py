"""What a buyer reads of money that goes back: how much, by when and why, in words and as a sum that adds up."""

from datetime import timedelta

from sqlmodel import col, update

from checkout_app.buyer.order.status import order_status
from checkout_app.buyer.order.views import OrderView, order_view
from checkout_app.buyer.orders.views import statement_line
from checkout_app.core import clock, database
from checkout_app.journal.actors import OPERATOR
from checkout_app.orders import listing, requests
from checkout_app.orders.models import Order
from checkout_app.orders.requests import Request
from checkout_app.orders.timeline import Reader
from checkout_app.payments import issues, service
from checkout_app.payments.models import Refund
from checkout_app.payments.record import Record, gather
from checkout_app.seller.service import Terms
from tests.support.acts import at_the_bank, in_the_dashboard, refunds_end
from tests.support.histories import History
from tests.support.inside import BUYER

BY = clock.format_date(clock.now() + timedelta(days=10))
Rows = list[tuple[str, str]]


async def _record(history: History) -> Record:
    async with database.read() as session:
        return await gather(session, await session.get_one(Order, history.order_id))


async def _page(history: History, reader: Reader = Reader.BUYER) -> OrderView:
    record = await _record(history)
    view, status = order_view(record, reader, Terms()), order_status(record, reader)
    assert (view.headline, view.message, view.display_state) == (status.headline, status.message, status.state)
    return view


def _rows(view: OrderView) -> Rows:
    return [(refund.amount, refund.status) for refund in view.back.refunds]


async def test_of_a_part_it_says_how_much_of_what_comes_back_and_by_when(history: History, paid: str) -> None:
    refunds_end(history, "pending")
    await service.refund(paid, 10000, reason="One cup broke", request_key="key")
    view = await _page(history)
    assert view.headline == "Part of your money is on its way back"
    assert view.message == f"₹100.00 of ₹480.00 is on its way back and is with you by {BY}. One cup broke."
    assert (_rows(view), view.back.paid, view.back.kept) == (
        [("₹100.00", f"On its way, with you by {BY}")],
        "",
        "₹380.00",
    )
    assert view.steps, "the rest of the order goes on"


async def test_of_all_it_says_when_it_has_left_and_what_the_bank_calls_it(history: History, paid: str) -> None:
    refunds_end(history, "pending")
    await service.refund(paid, None, reason="It broke.", request_key="key")
    at_the_bank(history, "processed")
    await history.act(("poll", 0, ""))
    view = await _page(history)
    assert view.headline == "Your money was sent back"
    assert view.message == f"₹480.00 was sent back and is with you by {BY}. It broke."
    [(amount, said)] = _rows(view)
    reference = (await _record(history)).refunds[0].bank_reference
    assert reference
    assert (amount, said) == ("₹480.00", f"Sent back, with you by {BY}. Bank reference {reference}")
    assert (view.back.kept, view.steps) == ("₹0.00", ())


async def test_what_should_be_there_by_now_is_not_promised_for_later(history: History, paid: str) -> None:
    await service.refund(paid, None, reason="It broke.", request_key="key")
    then = clock.now() - timedelta(days=11)
    async with database.write() as session:
        await session.exec(update(Refund).values(created_at=then))
    view = await _page(history)
    by = clock.format_date(then + timedelta(days=10))
    assert view.message == f"₹480.00 was sent back and should have reached you by {by}. It broke."
    assert "with you by" not in view.back.refunds[0].status


async def test_somebody_else_than_the_buyer_reads_of_the_buyer(history: History, paid: str) -> None:
    await service.refund(paid, 10000, reason="One cup broke.", request_key="key")
    view = await _page(history, Reader.OTHER)
    assert view.headline == "Part of the buyer's money was sent back"
    assert f"is with the buyer by {BY}." in view.message
    assert f"with the buyer by {BY}" in view.back.refunds[0].status
    assert (view.email, view.steps) == ("a…@example.in", ())
    assert " you" not in f"{view.headline} {view.message} {view.next}"


async def test_who_paid_twice_is_thanked_and_told_of_the_second_payment(history: History) -> None:
    await history.begin(on_hand=3, twice=True)
    await history.live(("attempt", 0, "success"), ("poll", 0, ""), ("attempt", 1, "success"), ("poll", 0, ""))
    view = await _page(history)
    assert (view.display_state, view.headline) == ("paid", "This order is paid")
    why = "The order was paid twice, so this payment goes back."
    assert view.message == f"₹480.00 is paid. ₹480.00 was sent back and is with you by {BY}. {why}"
    assert (view.back.paid, view.back.kept) == ("₹960.00", "₹480.00")


async def test_where_a_refund_was_made_is_not_given_as_its_reason(history: History, paid: str) -> None:
    in_the_dashboard(history, paid, 10000)
    await history.act(("poll", 0, ""))
    assert (await _page(history)).message == f"₹100.00 of ₹480.00 was sent back and is with you by {BY}."


async def test_money_that_came_too_late_is_said_to_come_back(history: History) -> None:
    await history.live(("cancel", 0, ""), ("attempt", 0, "success"), ("poll", 0, ""))
    view = await _page(history)
    why = "The order was cancelled before this payment arrived."
    assert view.message == f"₹480.00 was sent back and is with you by {BY}. {why}"
    assert (view.back.paid, view.back.kept) == ("", "₹0.00")


async def test_a_refund_that_is_held_up_or_came_back_is_not_said_to_arrive(history: History, paid: str) -> None:
    refunds_end(history, "no_balance")
    await service.refund(paid, 10000, reason="One cup broke.", request_key="key")
    view = await _page(history)
    assert view.message == "₹480.00 is paid. A refund of ₹100.00 is held up; we look into it."
    assert (_rows(view), view.back.kept) == ([], "")
    refunds_end(history, "pending")
    in_the_dashboard(history, paid, 20000)
    await history.act(("poll", 0, ""))
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    assert "A refund of ₹200.00 came back from the bank; we look into it." in (await _page(history)).message


async def test_a_payment_that_was_one_too_many_is_no_answer_to_what_the_buyer_asks(history: History) -> None:
    await history.begin(on_hand=3, twice=True)
    await history.live(("attempt", 0, "success"), ("poll", 0, ""))
    asked, _ = await requests.ask(history.order_id, BUYER, Request.CANCEL, "")
    await history.live(("attempt", 1, "success"), ("poll", 0, ""))
    view = await _page(history)
    assert view.back.paid == "₹960.00"
    assert view.asked == f"You asked to cancel on {clock.format_moment(asked.created_at)}. The shop answers by e-mail."


async def test_what_the_buyer_asks_does_not_open_again_what_was_looked_into(history: History, paid: str) -> None:
    refunds_end(history, "pending")
    await service.refund(paid, 10000, reason="One cup broke.", request_key="key")
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    [issue] = (await _record(history)).issues
    await issues.resolve(issue.id, "We sent it by bank transfer.", OPERATOR)
    before = (await _page(history)).message
    await requests.ask(history.order_id, BUYER, Request.CANCEL, "")
    assert (await _page(history)).message == before
    assert "we look into it" not in before


async def test_the_list_says_what_the_page_says(history: History, paid: str) -> None:
    async def listed() -> str:
        [order] = (await listing.list_orders(BUYER)).items
        async with database.ask() as session:
            lines, waiting = await listing.contents(session, [order.id])
        return statement_line(order, lines[order.id], waits=order.id in waiting).status

    assert await listed() == "Paid"
    await service.refund(paid, 10000, reason="One cup broke.", request_key="key")
    assert (await listed(), (await _page(history)).display_state) == ("Partly refunded", "partially_refunded")


async def test_the_list_calls_an_order_expired_as_soon_as_its_page_does(history: History) -> None:
    async with database.write() as session:
        await session.exec(update(Order).where(col(Order.id) == history.order_id).values(expires_at=clock.now()))
    [order] = (await listing.list_orders(BUYER)).items
    async with database.ask() as session:
        lines, _ = await listing.contents(session, [order.id])
    assert (await _page(history)).headline == "This order has expired"
    assert statement_line(order, lines[order.id], waits=False).status == "Expired"
