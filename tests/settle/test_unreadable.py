"""What the gateway tells in a way that can't be understood is named, and keeps nothing else from going on."""

from typing import Any

import pytest
from sqlmodel import update

from checkout_app.checkout import service as checkout
from checkout_app.core import database
from checkout_app.journal.models import Issue
from checkout_app.orders.models import Order
from checkout_app.payments import downtimes, refunds, service, settle
from checkout_app.payments.checks.comparison import compare_with_gateway
from checkout_app.payments.models import GatewayOrder, Payment, Refund
from razorpay_sandbox.payments import downtimes as banks
from tests.support.acts import in_the_dashboard, told_oddly
from tests.support.histories import History
from tests.support.inside import BUYER, let_refund_be_due, row, rows, timeline, violations, waits_for
from tests.support.untold import (
    NOT_TOLD,
    ODD,
    SOLVED,
    another_order,
    check_now,
    forget_gateway_orders,
    lapse,
    open_issues,
    pay,
)

MISFIT = "RefundEntity: these refunds can't be this payment's"
odd_ones = pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())


@odd_ones
async def test_odd_payments_of_an_order_are_named_and_the_good_one_pays_it(
    history: History, odd: dict[str, Any]
) -> None:
    await history.live(("begin", 0, ""), ("begin", 0, ""), ("begin", 0, ""), ("bank", 1, "success"))
    [gateway_order_id] = history.gateway_order_ids
    with told_oddly(history, "payment", 0, **odd), told_oddly(history, "payment", 2, **odd):
        await check_now(history.order_id)
        assert (await row(Order, history.order_id)).status == "paid"
        detail = f"PaymentEntity: {next(iter(odd))} can't be understood"
        assert await open_issues() == [("unreadable", gateway_order_id, detail)]
        assert await waits_for(history.order_id) == [NOT_TOLD + detail]
        await check_now(history.order_id)
        assert len(await rows(Issue)) == 1, "asked once, as long as it lasts"
    await check_now(history.order_id)
    assert (await open_issues(), (await timeline(history.order_id))[-1]) == ([], SOLVED)
    assert len(await rows(Payment)) == 3
    assert await violations() == []


@odd_ones
async def test_an_order_expires_in_time_although_its_payment_is_odd(history: History, odd: dict[str, Any]) -> None:
    await history.act(("attempt", 0, "failure"))
    await lapse(history.order_id)
    with told_oddly(history, "payment", **odd):
        await check_now(history.order_id)
    order = await row(Order, history.order_id)
    assert (order.status, order.stock, order.attempts) == ("expired", "released", 0)
    assert [kind for kind, _, _ in await open_issues()] == ["unreadable"]


async def test_a_payment_we_wait_for_that_became_odd_is_named_itself(history: History) -> None:
    await history.live(("begin", 0, ""), ("poll", 0, ""))
    [payment] = await rows(Payment)
    with told_oddly(history, "payment", status="on its way"):
        await check_now(history.order_id)
        detail = "PaymentEntity: status can't be understood"
        assert await open_issues() == [
            ("unreadable", history.gateway_order_ids[0], detail),
            ("unreadable", payment.id, detail),
        ]
    await history.act(("bank", 0, "success"))
    await check_now(history.order_id)
    assert (await open_issues(), (await row(Order, history.order_id)).status) == ([], "paid")


@pytest.mark.parametrize("which", [0, 1], ids=["the first", "the second"])
@odd_ones
async def test_an_odd_gateway_order_is_named_in_the_log_and_the_good_one_is_adopted(
    history: History, caplog: pytest.LogCaptureFixture, odd: dict[str, Any], which: int
) -> None:
    await history.begin(on_hand=3, twice=True)
    good = history.gateway_order_ids[1 - which]
    await history.act(("attempt", 1 - which, "success"))
    await forget_gateway_orders()
    if "status" in odd:
        odd = {"currency": 7}
    with told_oddly(history, "order", which, **odd):
        await check_now(history.order_id)
    assert [gateway_order.id for gateway_order in await rows(GatewayOrder)] == [good]
    assert (await row(Order, history.order_id)).status == "paid"
    [named] = [record.message for record in caplog.records if "gateway order not understood" in record.message]
    assert history.order_id in named
    assert f"OrderEntity: {next(iter(odd))} can't be understood" in named


async def test_an_order_expires_in_time_although_its_gateway_order_is_odd(history: History) -> None:
    await forget_gateway_orders()
    await lapse(history.order_id)
    with told_oddly(history, "order", amount="much"):
        await check_now(history.order_id)
    assert (await row(Order, history.order_id)).status == "expired"


async def test_an_order_can_be_paid_although_the_gateway_order_made_before_is_odd(history: History) -> None:
    await forget_gateway_orders()
    async with database.write() as session:
        await session.exec(update(Order).values(opening_until=None))
    with told_oddly(history, "order", amount="much"):
        again = await checkout.resume(BUYER, history.order_id)
    assert again.razorpay_order_id not in history.gateway_order_ids
    pay(history, again.razorpay_order_id)
    await check_now(history.order_id)
    assert (await row(Order, history.order_id)).status == "paid"


@pytest.mark.parametrize(
    "odd",
    [
        {"amount": 0},
        {"status": "on its way"},
        {"id": None},
        {"payment_id": ["pay_A"]},
        pytest.param({"currency": "\0"}, id="currency with a NUL"),
    ],
    ids=repr,
)
async def test_an_odd_refund_of_a_payment_is_named_and_the_good_ones_are_taken_over(
    history: History, paid: str, odd: dict[str, Any]
) -> None:
    for amount in (100, 200, 400):
        in_the_dashboard(history, paid, amount)
    with told_oddly(history, "refund", 1, **odd):
        await check_now(history.order_id)
        assert sorted(refund.amount for refund in await rows(Refund)) == [100, 400]
        assert (await row(Payment, paid)).amount_refunded == 500
        assert (await row(Order, history.order_id)).status == "partially_refunded"
        detail = f"RefundEntity: {next(iter(odd))} can't be understood"
        assert await open_issues() == [("unreadable", paid, detail)]
    await check_now(history.order_id)
    assert (await row(Payment, paid)).amount_refunded == 700
    assert (await open_issues(), (await timeline(history.order_id))[-1]) == ([], SOLVED)
    assert await violations() == []


async def test_an_odd_refund_on_one_page_is_named_although_the_next_page_is_good(history: History, paid: str) -> None:
    for amount in range(100, 201):  # one more than fits on a page, and the newest is on the first
        in_the_dashboard(history, paid, amount)
    with told_oddly(history, "refund", amount=0):
        await check_now(history.order_id)
    assert await open_issues() == [("unreadable", paid, "RefundEntity: amount can't be understood")]
    assert (await row(Payment, paid)).amount_refunded == sum(range(100, 200))


async def test_refunds_of_more_than_was_paid_are_named_and_nothing_of_them_is_believed(
    history: History, paid: str
) -> None:
    for amount in (100, 200):
        in_the_dashboard(history, paid, amount)
    with told_oddly(history, "refund", 1, amount=47901):
        await check_now(history.order_id)
        assert await open_issues() == [("unreadable", paid, MISFIT)]
        assert ((await row(Payment, paid)).amount_refunded, await rows(Refund)) == (0, [])
    await check_now(history.order_id)
    assert ((await row(Payment, paid)).amount_refunded, await open_issues()) == (300, [])
    assert await violations() == []


async def test_a_refund_that_another_payment_has_already_is_named(history: History, paid: str) -> None:
    other = await another_order(history)
    other_payment = pay(history, other.razorpay_order_id)
    for payment_id in (paid, other_payment):
        in_the_dashboard(history, payment_id, 100)
    await check_now(history.order_id)
    [first] = await rows(Refund)
    with told_oddly(history, "refund", 1, id=first.gateway_refund_id):
        await check_now(other.order.id)
        assert await open_issues() == [("unreadable", other_payment, MISFIT)]
    await check_now(other.order.id)
    assert (await open_issues(), len(await rows(Refund))) == ([], 2)
    assert await violations() == []


async def test_an_answer_to_a_refund_that_names_anothers_is_asked_for_again(history: History, paid: str) -> None:
    other_payment = pay(history, (await another_order(history)).razorpay_order_id)
    await settle.settle(other_payment)
    first = await service.refund(paid, 100, reason="A part.", request_key="key")
    history.inside.line.troubles = ["lost"]
    second = await service.refund(other_payment, 100, reason="A part.", request_key="key")
    await let_refund_be_due(second.id)
    with told_oddly(history, "refund", 1, id=first.gateway_refund_id):
        assert await refunds.carry_out_due() == 0
    assert (await row(Refund, second.id)).status == "planned"
    await let_refund_be_due(second.id)
    assert await refunds.carry_out_due() == 1
    assert await violations() == []


@pytest.mark.parametrize("odd", [{"id": None}, {"begin": "now"}, {"begin": 1.5}], ids=repr)
async def test_an_odd_downtime_is_named_in_the_log_and_the_good_ones_are_known(
    history: History, caplog: pytest.LogCaptureFixture, odd: dict[str, Any]
) -> None:
    for method in ("upi", "card", "wallet"):
        banks.start(history.inside.gateway, {"method": method})
    with told_oddly(history, "downtime", 1, **odd):
        await downtimes.refresh()
    async with database.read() as session:
        assert {downtime.method for downtime in await downtimes.active(session)} == {"upi", "wallet"}
    assert f"DowntimeEntity: {next(iter(odd))} can't be understood" in caplog.text


@pytest.mark.parametrize(
    ("odd", "rule", "detail"),
    [
        ({"currency": "rupees"}, "unreadable", "PaymentEntity: currency can't be understood"),
        ({"amount": "much"}, "unreadable", "PaymentEntity: amount can't be understood"),
        ({"amount": 47900}, "mismatch", "amount is 48000 here, 47900 there"),
        ({"order_id": ["order_A"]}, "unreadable", "PaymentEntity: order_id can't be understood"),
        ({"order_id": {}}, "unreadable", "PaymentEntity: order_id can't be understood"),
    ],
    ids=repr,
)
async def test_the_comparison_names_an_odd_payment_and_compares_all_others(
    history: History, paid: str, odd: dict[str, Any], rule: str, detail: str
) -> None:
    missing = pay(history, (await another_order(history)).razorpay_order_id)
    differing = pay(history, (await another_order(history)).razorpay_order_id)
    await settle.settle(differing)
    async with database.write() as session:
        await session.exec(update(Payment).where(Payment.id == differing).values(amount=1))  # type: ignore[arg-type]
    with told_oddly(history, "payment", 0, **odd):
        found = (await compare_with_gateway()).violations
    assert {(violation.rule, violation.subject, violation.detail) for violation in found} == {
        (rule, paid, detail),
        ("missing", missing, "captured 48000 there, unknown here"),
        ("mismatch", differing, "amount is 1 here, 48000 there"),
    }


@pytest.mark.parametrize(
    "odd", [{"id": None}, {"id": ["pay_A"]}, pytest.param({"id": "pay_\0"}, id="id with a NUL")], ids=repr
)
async def test_the_comparison_names_a_payment_that_has_no_id(history: History, paid: str, odd: dict[str, Any]) -> None:
    with told_oddly(history, "payment", 0, **odd):
        found = (await compare_with_gateway()).violations
    assert [(violation.rule, violation.subject) for violation in found] == [("unreadable", str(odd["id"]))]
    assert (await row(Payment, paid)).status == "captured"
