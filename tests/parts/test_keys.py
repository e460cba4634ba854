"""Whose an order is, by its key: what is asked about it, whose signature counts for it, and what is never asked."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlmodel import update

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentInfo, PaymentOrder
from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.core.settings import settings
from checkout_app.orders.errors import OrderClosed
from checkout_app.orders.models import Order
from checkout_app.payments import former_keys, reconcile, refunds, service, settle, sweep, webhooks
from checkout_app.payments.checks import watch
from checkout_app.payments.checks.comparison import compare_with_gateway
from checkout_app.payments.checks.report import check
from checkout_app.payments.errors import PaymentVerificationFailed, RefundRefused
from checkout_app.payments.models import GatewayOrder, Payment, Refund
from checkout_app.payments.recovery.service import Recovery
from razorpay_sandbox.payments import attempts
from tests.support.inside import BUYER, Inside, put_on_shelf, reconcile_once, row, rows, violations, waits_for
from tests.support.keys import FIRST, LIVE, STRANGE, Pair, regenerated, shop_with
from tests.support.webhooks import event, new_event_id


class Elsewhere(NamedTuple):
    """A key that does not know what was made with the first one, and the rule that names this."""

    key: Pair
    rule: str


@pytest.fixture(
    params=[Elsewhere(STRANGE, former_keys.ELSEWHERE), Elsewhere(LIVE, former_keys.TESTED)],
    ids=["another account", "live mode"],
)
def elsewhere(request: pytest.FixtureRequest) -> Elsewhere:
    """Where the shop goes on."""
    moved: Elsewhere = request.param
    return moved


class Begun:
    """An order that is open, and one that is paid and has a refund planned that is due."""

    def __init__(self, inside: Inside, opened: PaymentOrder, paid: PaymentOrder, payment_id: str) -> None:
        self.inside = inside
        self.open = opened
        self.paid = paid
        self.payment_id = payment_id


@pytest.fixture
async def begun(inside: Inside) -> Begun:
    product_id = await put_on_shelf(9)
    opened, paid = [await checkout.create_order(BUYER, [Item(product_id)]) for _ in range(2)]
    info = _pay(inside, paid, FIRST)
    await checkout.verify_payment(BUYER, info)
    async with database.write() as session:
        payment = await session.get_one(Payment, info.razorpay_payment_id)
        await refunds.plan(session, payment, 8000, reason="Chipped.", request_key="planned")
    inside.line.calls.clear()
    return Begun(inside, opened, paid, payment.id)


def _pay(inside: Inside, made: PaymentOrder, opened_with: Pair) -> PaymentInfo:
    """Pay in a window that was opened with a key; what it hands over."""
    request = attempts.AttemptRequest(order_id=made.razorpay_order_id)
    payment = attempts.begin(inside.gateway, opened_with.id, request)
    return PaymentInfo(**attempts.conclude(inside.gateway, payment["id"], "success"))


async def _let_all_be_due() -> None:
    past = clock.now() - timedelta(seconds=1)
    async with database.write() as session:
        for table in (Order, Refund, Round):
            await session.exec(update(table).values(due_at=past))


async def _work() -> None:
    """Do everything that is done in the background, once."""
    await _let_all_be_due()
    await reconcile.check_due()
    await refunds.carry_out_due()
    await sweep.sweep_due()
    await webhooks.handle_due()


# --- the same account -------------------------------------------------------------------------------------------------


async def test_a_window_that_was_open_when_the_key_changed_pays_its_order(begun: Begun) -> None:
    new = regenerated(begun.inside)
    with shop_with(begun.inside, new, FIRST):
        verified = await checkout.verify_payment(BUYER, _pay(begun.inside, begun.open, FIRST))
    assert (verified.order.id, verified.order.status) == (begun.open.order.id, "paid")


async def test_without_the_previous_key_its_signature_is_worth_nothing(begun: Begun) -> None:
    new = regenerated(begun.inside)
    info = _pay(begun.inside, begun.open, FIRST)
    with shop_with(begun.inside, new), pytest.raises(PaymentVerificationFailed):
        await checkout.verify_payment(BUYER, info)
    assert begun.inside.line.calls == []


async def test_an_order_is_paid_with_the_present_key_whichever_it_was_made_with(begun: Begun) -> None:
    new = regenerated(begun.inside)
    with shop_with(begun.inside, new, FIRST):
        again = await checkout.resume(BUYER, begun.open.order.id)
        assert (again.razorpay_order_id, again.razorpay_key_id) == (begun.open.razorpay_order_id, new.id)
        verified = await checkout.verify_payment(BUYER, _pay(begun.inside, again, new))
    assert verified.order.status == "paid"


async def test_the_previous_key_is_not_believed_about_an_order_that_was_made_since(begun: Begun) -> None:
    new = regenerated(begun.inside)
    with shop_with(begun.inside, new, FIRST):
        made = await checkout.create_order(BUYER, [Item(await put_on_shelf(1, slug="bowls"))])
        with pytest.raises(PaymentVerificationFailed):
            await checkout.verify_payment(BUYER, _pay(begun.inside, made, FIRST))


async def test_what_the_previous_key_made_is_followed_and_refunded_with_the_present_one(begun: Begun) -> None:
    new = regenerated(begun.inside, grace=0)
    _pay(begun.inside, begun.open, new)
    with shop_with(begun.inside, new, FIRST):
        await _work()
        assert await violations() == []
    statuses = [(await row(Order, made.order.id)).status for made in (begun.open, begun.paid)]
    assert statuses == ["paid", "partially_refunded"]


async def test_what_an_older_key_of_the_account_made_goes_over_to_the_present_one(
    begun: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(former_keys, "_BATCH", 1)
    new = regenerated(begun.inside)
    with shop_with(begun.inside, new):
        await _work()
        assert [call for call in begun.inside.line.calls if "order_" in call or "pay_" in call] == []
        await former_keys.keep_up()
        assert {made.key_id for made in await rows(GatewayOrder)} == {new.id}
        await _work()
        assert await former_keys.found() == []
        assert await violations() == []
    assert (await row(Order, begun.paid.order.id)).status == "partially_refunded"


async def test_who_recovers_what_was_lost_since_an_older_key_takes_over_what_it_made(begun: Begun) -> None:
    new = regenerated(begun.inside)
    with shop_with(begun.inside, new):
        await Recovery(settings().shop_id, lambda _: None, really=True).run()
    assert {made.key_id for made in await rows(GatewayOrder)} == {new.id}


async def test_a_gateway_that_does_not_tell_whose_they_are_is_asked_again_after_a_while(begun: Begun) -> None:
    new = regenerated(begun.inside)
    with shop_with(begun.inside, new):
        begun.inside.line.troubles = ["500"] * 3
        for _ in range(2):
            await former_keys.keep_up()
        assert len(begun.inside.line.calls) == 3
        await _let_all_be_due()
        await former_keys.keep_up()
    assert {made.key_id for made in await rows(GatewayOrder)} == {new.id}


async def test_who_has_looked_looks_again_when_the_keys_are_others(begun: Begun) -> None:
    await former_keys.keep_up()
    new = regenerated(begun.inside)
    for previous in (FIRST, None):
        with shop_with(begun.inside, new, previous):
            await former_keys.keep_up()
    assert {made.key_id for made in await rows(GatewayOrder)} == {new.id}


# --- another account, another mode ------------------------------------------------------------------------------------


async def test_nothing_is_asked_about_an_order_of_elsewhere(begun: Begun, elsewhere: Elsewhere) -> None:
    calls = begun.inside.line.calls
    await settle.await_confirmation(begun.open.razorpay_order_id, "pay_AAAAAAAAAAAAAA")
    with shop_with(begun.inside, elsewhere.key):
        await former_keys.keep_up()
        asked_once = calls.copy()
        calls.clear()
        await _work()
        for made in (begun.open, begun.paid):
            assert await service.ask_gateway(made.order.id)
            await reconcile_once(made.order.id)
        await compare_with_gateway()
        await former_keys.look_again()
        await former_keys.keep_up()
        assert [found.rule for found in await former_keys.found()] == [elsewhere.rule]
    assert set(calls) == {"GET /v1/payments", "GET /v1/refunds"}
    assert asked_once == ([f"GET /v1/orders/{_newest(begun)}"] if elsewhere.key is STRANGE else [])


def _newest(begun: Begun) -> str:
    return max(begun.open.razorpay_order_id, begun.paid.razorpay_order_id)


async def test_an_order_of_elsewhere_can_not_be_paid_or_refunded_here(begun: Begun, elsewhere: Elsewhere) -> None:
    info = _pay(begun.inside, begun.open, FIRST)
    with shop_with(begun.inside, elsewhere.key):
        with pytest.raises(OrderClosed):
            await checkout.resume(BUYER, begun.open.order.id)
        with pytest.raises(PaymentVerificationFailed):
            await checkout.verify_payment(BUYER, info)
        with pytest.raises(RefundRefused, match=f"paid with the key {FIRST.id}, which is of another mode or account"):
            await service.refund(begun.payment_id, 100, reason="Chipped.", request_key="another")
    assert begun.inside.line.calls == []


async def test_a_refund_that_can_not_be_sent_waits_for_a_person(begun: Begun, elsewhere: Elsewhere) -> None:
    with shop_with(begun.inside, elsewhere.key):
        await _let_all_be_due()
        assert await refunds.carry_out_due() == 0
    assert [FIRST.id in reason for reason in await waits_for(begun.paid.order.id)] == [True]
    with shop_with(begun.inside, FIRST):
        await _let_all_be_due()
        assert await refunds.carry_out_due() == 1


async def test_its_holds_end_all_the_same(begun: Begun, elsewhere: Elsewhere) -> None:
    async with database.write() as session:
        (await session.get_one(Order, begun.open.order.id)).expires_at = clock.now() - timedelta(minutes=1)
    with shop_with(begun.inside, elsewhere.key):
        await _work()
    order = await row(Order, begun.open.order.id)
    assert (order.status, order.stock) == ("expired", "released")


async def test_a_webhook_of_test_mode_is_not_followed_by_a_live_shop(begun: Begun) -> None:
    payment = begun.inside.entities("payment")[-1]
    bodies = [
        event("payment.captured", payment=payment),
        event("payment.captured", payment={"id": begun.payment_id}),
        event("payment.dispute.created", dispute={"payment_id": begun.payment_id}),
    ]
    with shop_with(begun.inside, LIVE):
        for body in bodies:
            await webhooks.receive(body, new_event_id())
        assert await webhooks.handle_due() == len(bodies)
    assert (begun.inside.line.calls, await waits_for(begun.paid.order.id)) == ([], [])


async def test_the_watch_names_what_is_not_this_shops_until_it_can_change_no_more(
    begun: Begun, elsewhere: Elsewhere
) -> None:
    with shop_with(begun.inside, elsewhere.key):
        await former_keys.keep_up()
        await watch.look()
        assert [(found.rule, found.subject, found.detail) for found in await watch.found()] == [
            (elsewhere.rule, FIRST.id, "orders that may still change: 2")
        ]
        async with database.write() as session:
            await session.exec(update(Order).values(due_at=None))
            await session.exec(update(Round).values(due_at=clock.now() - timedelta(seconds=1)))
        await former_keys.keep_up()
        await watch.look()
        assert await watch.found() == []


async def test_a_check_says_what_it_leaves_out(begun: Begun, elsewhere: Elsewhere) -> None:
    with shop_with(begun.inside, elsewhere.key):
        report = await check(timedelta(), lambda _: None)
    assert (report.elsewhere, report.ledger["captured"]) == ({FIRST.id: 2}, 0)
    assert [found.rule for found in report.violations] == [elsewhere.rule]
    assert f"LEFT OUT  orders of test mode, made with {FIRST.id}: 2" in report.lines()


async def test_money_of_test_mode_is_no_money_of_a_live_shops_books(begun: Begun) -> None:
    long_ago = clock.now() - timedelta(minutes=10)
    async with database.write() as session:
        payment = await session.get_one(Payment, begun.payment_id)
        payment.captured_at, payment.announced_at = long_ago, None
        payment.purpose = "attention"
    told = {"webhooks reach us", "money that pays no order goes back"}
    for present, expected in ((FIRST, told), (LIVE, set[str]())):
        with shop_with(begun.inside, present):
            await _let_all_be_due()
            await watch.look()
            assert told & {found.rule for found in await watch.found()} == expected
