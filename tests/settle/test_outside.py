"""Money that went back outside Razorpay: what the books say of it, and that it is not given back again."""

import pytest

from checkout_app.buyer.order.money_back import money_back, refund_message
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.journal.errors import IssueNotFound, NothingToResolve
from checkout_app.journal.models import Issue
from checkout_app.orders import requests
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, Stock
from checkout_app.orders.requests import Request
from checkout_app.orders.timeline import IssueKind, OtherWay, Reader
from checkout_app.payments import issues, outside, refunded, refunds, service
from checkout_app.payments.balance import Balance, balance
from checkout_app.payments.errors import RefundRefused
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.record import gather
from checkout_app.payments.refund_parts import Parts
from tests.support.acts import at_the_bank, in_the_dashboard, refunds_end
from tests.support.histories import AMOUNT, SHOPKEEPER, History
from tests.support.inside import BUYER, let_refund_be_due, row, rows, timeline, violations, waits_for
from tests.support.neighbours import Neighbour

UTR = "AXISN26332912345"


async def _refused(
    history: History, paid: str, of: Parts | None = None, amount: int | None = None, *, restock: bool = True
) -> Refund:
    """Let a refund be refused that is not asked for just now."""
    refunds_end(history, "no_balance")
    refund = await service.refund(paid, amount, of=of, reason="It broke.", request_key="key", restock=restock)
    await let_refund_be_due(refund.id)
    return refund


async def _issue() -> Issue:
    [issue] = [issue for issue in await rows(Issue) if issue.resolved_at is None]
    return issue


async def _write_down(issue: Issue, reference: str = UTR) -> Refund:
    return await outside.write_down(issue.id, OtherWay.BANK_TRANSFER, reference, SHOPKEEPER)


async def test_all_of_an_orders_money_that_went_back_outside_is_back_and_the_gateway_still_holds_it(
    history: History, paid: str, neighbour: Neighbour
) -> None:
    refund = await _refused(history, paid)
    issue = await _issue()
    sent = await _write_down(issue, f"  {UTR} ")
    assert (sent.amount, sent.status, sent.bank_reference, sent.reason) == (AMOUNT, "outside", UTR, "It broke.")
    assert ((await row(Refund, refund.id)).status, (await row(Refund, refund.id)).due_at) == ("failed", None)
    order, payment = await row(Order, history.order_id), await row(Payment, paid)
    assert (order.status, order.stock, payment.amount_refunded) == ("refunded", Stock.RESTOCKED, 0)
    assert (await waits_for(order.id), await violations()) == ([], [])
    told = [message for _, message in await timeline(order.id)]
    assert f"₹480.00 was sent back by bank transfer, outside Razorpay, reference {UTR}. It broke." in told
    assert told[-1] == "Its money went back outside Razorpay."
    async with database.read() as session:
        [event] = [each for each in await orders.timeline(session, order.id) if each.kind == "outside"]
    assert (event.actor, event.actor_id) == ("merchant", SHOPKEEPER.user_id)
    async with database.read() as session:
        record = await gather(session, order)
    assert [back.status for back in money_back(record, Reader.BUYER).refunds] == [
        f"Sent back outside Razorpay. Reference {UTR}"
    ]
    assert refund_message(record, Reader.BUYER) == "₹480.00 was sent back outside Razorpay. It broke."
    with pytest.raises(RefundRefused, match=r"Only ₹0\.00 is left"):
        await service.refund(paid, reason="Again.", request_key="other")
    refunds_end(history, "processed")
    assert await refunds.carry_out_due(order.id) == 0  # nobody asks the gateway for it any more
    assert neighbour


async def test_written_down_again_it_is_the_same_and_what_was_resolved_otherwise_stays_so(
    history: History, paid: str
) -> None:
    await _refused(history, paid)
    issue = await _issue()
    assert (await _write_down(issue)).id == (await _write_down(issue, "another")).id
    assert len([refund for refund in await rows(Refund) if refund.status == "outside"]) == 1


async def test_what_waits_no_longer_or_is_about_no_refund_is_refused(history: History, paid: str) -> None:
    await _refused(history, paid)
    issue = await _issue()
    with pytest.raises(InvalidInput) as unfit:
        await _write_down(issue, "7" * 81)
    assert list(unfit.value.fields) == ["reference"]
    await issues.resolve(issue.id, "The balance is topped up.", SHOPKEEPER)
    with pytest.raises(NothingToResolve):
        await _write_down(issue)
    async with database.write() as session:
        await orders.open_issue(session, await session.get_one(Order, history.order_id), IssueKind.OTHER)
    for other in (await _issue(), Issue(id="nobody's", kind="other", subject="order", subject_id="")):
        with pytest.raises(IssueNotFound):
            await _write_down(other)
    assert [refund.status for refund in await rows(Refund)] == ["planned"]


async def test_the_units_stay_away_that_were_to_and_who_asked_to_cancel_has_an_answer(
    history: History, paid: str
) -> None:
    await _refused(history, paid, restock=False)
    issue = await _issue()
    await requests.ask(history.order_id, BUYER, Request.CANCEL, "")
    assert not (await _write_down(issue)).restock
    assert (await row(Order, history.order_id)).stock == Stock.SOLD
    assert await waits_for(history.order_id) == []


async def test_while_the_gateway_may_be_asked_for_it_nothing_is_written_down(history: History, paid: str) -> None:
    refunds_end(history, "no_balance")
    await service.refund(paid, reason="It broke.", request_key="key")  # just now, so somebody may still be at it
    with pytest.raises(RefundRefused, match="at this moment"):
        await _write_down(await _issue())
    assert [refund.status for refund in await rows(Refund)] == ["planned"]


async def test_a_refund_that_the_gateway_took_all_the_same_counts_beside_it(history: History, paid: str) -> None:
    refund = await _refused(history, paid, amount=10000)
    await _write_down(await _issue())
    in_the_dashboard(history, paid, 10000, receipt=refund.id)  # as its answer would have said
    await refunded.adopt(paid)
    payment = await row(Payment, paid)
    assert (payment.amount_refunded, (await row(Refund, refund.id)).status) == (10000, "pending")
    assert ((await service.refundable(paid)).left, await violations()) == (AMOUNT - 20000, [])


async def test_a_line_that_went_back_outside_is_gone_and_the_rest_can_still_go_back(
    history: History, paid: str
) -> None:
    [line] = (await service.refundable(paid)).parts.lines
    of = Parts({line.line.id: 1})
    refund = await _refused(history, paid, of)
    await _write_down(await _issue())
    found = await service.refundable(paid)
    assert (found.left, [each.units for each in found.parts.lines], await violations()) == (0, [0], [])
    assert refund.amount == AMOUNT


async def test_a_line_that_was_given_back_since_is_not_written_down_once_more(history: History, paid: str) -> None:
    [line] = (await service.refundable(paid)).parts.lines
    refunds_end(history, "pending")
    await service.refund(paid, of=Parts({line.line.id: 1}), reason="It broke.", request_key="key")
    at_the_bank(history, "failed")
    await refunded.adopt(paid)
    issue = await _issue()
    await service.refund(paid, of=Parts({line.line.id: 1}), reason="It broke.", request_key="again")
    with pytest.raises(RefundRefused, match="Nothing of it is left"):
        await _write_down(issue)


async def test_money_that_pays_no_order_is_in_its_place_once_it_went_back_outside(history: History) -> None:
    await history.live(("cancel", 0, ""))
    refunds_end(history, "no_balance")
    await history.live(("attempt", 0, "success"), ("poll", 0, ""))
    [refund] = await rows(Refund)
    await let_refund_be_due(refund.id)
    assert (await _write_down(await _issue(), "")).cause == refund.cause == "cancelled"
    order = await row(Order, history.order_id)
    assert (order.status, await waits_for(order.id), await violations()) == ("refunded", [], [])
    [payment] = await rows(Payment)
    assert (payment.purpose, payment.amount_refunded) == ("return", 0)
    async with database.write() as session:
        await orders.open_issue(session, order, IssueKind.OTHER)
    async with database.read() as session:
        [found] = (await issues.open_issues(session)).items
    assert balance(found) == Balance(AMOUNT, AMOUNT)
    await issues.resolve(found.issue.id, "It is in its place.", SHOPKEEPER)
