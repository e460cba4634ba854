"""Orders that the books lost are made again from what the gateway keeps, and nothing is sent back unasked."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete
from sqlmodel import update

from checkout_app.auth.models import User, UserSession
from checkout_app.catalog.models import Product, Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.settings import settings as shop_settings
from checkout_app.journal.models import Issue
from checkout_app.orders.models import Order, OrderLine, Stock
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import orphans
from checkout_app.payments.checks.alarms import WATCHED
from checkout_app.payments.checks.rules import check_rules
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.order_notes import notes_of
from checkout_app.payments.recovery.money import settle_all
from checkout_app.payments.recovery.service import Found, Recovery
from checkout_app.payments.statuses import Purpose
from razorpay_sandbox.payments import attempts
from tests.support.acts import in_the_dashboard
from tests.support.histories import AMOUNT, SENDING, History
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, timeline, violations, waits_for
from tests.support.lost import lose_orders
from tests.support.shops import KEY_ID
from tests.support.zones import charge_everywhere, somewhere

_CHANGING = {"id", "created_at", "updated_at", "due_at", "attempts", "expires_at", "idempotency_key", "opening_until"}


async def _recover(*, really: bool = True, refund: bool = False) -> Found:
    return await Recovery(shop_settings().shop_id, lambda _: None, really=really, refund=refund).run()


async def _order(history: History) -> Order:
    return await row(Order, history.order_id)


async def _shelf(history: History) -> tuple[int | None, int]:
    variant = await row(Variant, history.product_id)
    return variant.on_hand, variant.held


async def test_a_lost_order_is_made_again_as_it_was(history: History, paid: str) -> None:
    order, lines = await _order(history), await rows(OrderLine)
    await lose_orders(on_hand=3)
    found = await _recover()
    assert (found.unknown[shop_settings().shop_id].orders, found.unknown[shop_settings().shop_id].amount) == (1, AMOUNT)
    again = await _order(history)
    assert again.model_dump(exclude=_CHANGING) == order.model_dump(exclude=_CHANGING | {"paid_at"}) | {
        "paid_at": again.paid_at
    }
    assert again.paid_at is not None
    made = await rows(OrderLine)
    assert [line.model_dump(exclude=_CHANGING) for line in made] == [
        line.model_dump(exclude=_CHANGING) for line in lines
    ]
    assert (await row(Payment, paid)).purpose == Purpose.ORDER
    assert await _shelf(history) == (2, 0)
    assert await violations() == []
    assert await waits_for(history.order_id) == []
    assert "The order was made again from what Razorpay keeps." in [told for _, told in await timeline(again.id)]


async def test_it_was_paid_when_it_was_paid_and_the_alarm_is_over(history: History, paid: str) -> None:
    store = history.inside.gateway.store
    [payment] = store.everything("payment")
    payment.entity["created_at"] -= 3600
    with store.transaction():
        store.save(payment)
    await lose_orders(on_hand=3)
    assert await orphans.report(PaymentEntity.read(payment.entity))
    await _recover()
    assert (await _order(history)).paid_at == datetime.fromtimestamp(payment.entity["created_at"], UTC)
    assert (await row(Payment, paid)).announced_at is not None, "no webhook is missed any more"
    assert await check_rules(rules=WATCHED) == []
    assert [issue.resolved_at is not None for issue in await rows(Issue)] == [True]


@pytest.mark.usefixtures("paid")
async def test_looking_changes_nothing(history: History) -> None:
    await lose_orders(on_hand=3)
    found = await _recover(really=False)
    assert found.unknown[shop_settings().shop_id].orders == 1
    assert await rows(Order) == []
    assert await _shelf(history) == (3, 0)


async def test_what_says_no_shop_is_never_taken_for_the_shop_that_nobody_knows(history: History) -> None:
    made = await gateway().order.create({"amount": 700, "currency": "INR"})
    _pay(history, made["id"])
    found = await Recovery("", lambda _: None).run()
    assert [line.split()[0] for line in found.lines("")] == ["OTHERS"]


@pytest.mark.usefixtures("paid")
async def test_recovering_again_finds_nothing_to_do(history: History) -> None:
    await lose_orders(on_hand=3)
    await _recover()
    before = await rows(Order)
    found = await _recover()
    assert (dict(found.unknown), found.unpaid.orders, found.impossible) == ({}, 0, {})
    assert [order.id for order in await rows(Order)] == [order.id for order in before]
    assert await _shelf(history) == (2, 0)


@pytest.mark.usefixtures("paid")
async def test_what_was_sold_is_not_missed_on_an_empty_shelf(history: History) -> None:
    await lose_orders(on_hand=0)
    await _recover()
    assert (await _order(history)).stock == Stock.SOLD
    assert await _shelf(history) == (0, 0)
    assert await violations() == []


async def test_what_went_back_meanwhile_has_gone_back(history: History, paid: str) -> None:
    in_the_dashboard(history, paid, 10000)
    await lose_orders(on_hand=3)
    await _recover()
    assert (await _order(history)).payment_status == "partially_refunded"
    assert [refund.amount for refund in await rows(Refund)] == [10000]
    in_the_dashboard(history, paid, AMOUNT - 10000)
    await lose_orders(on_hand=3)
    await _recover()
    assert (await _order(history)).payment_status == "refunded"
    assert await violations() == []


async def _paid_twice(history: History) -> list[str]:
    """Let the order have two gateway orders, as after a lost reply, and both be paid; the later one comes first."""
    order, lines = await _order(history), await rows(OrderLine)
    body = {"amount": AMOUNT, "currency": "INR", "receipt": order.id, "notes": notes_of(order, lines)}
    again = await gateway().order.create(body | {"payment": {"capture": "automatic"}})
    return [_pay(history, gateway_order_id) for gateway_order_id in (again["id"], history.gateway_order_ids[0])]


def _pay(history: History, gateway_order_id: str) -> str:
    """Pay an order at the gateway and tell nobody; the payment's id."""
    request = attempts.AttemptRequest(order_id=gateway_order_id)
    payment_id = str(attempts.begin(history.inside.gateway, KEY_ID, request)["id"])
    attempts.conclude(history.inside.gateway, payment_id, "success")
    return payment_id


async def test_a_second_payment_waits_for_a_person_and_goes_back_only_when_told(history: History) -> None:
    first, second = await _paid_twice(history)
    await lose_orders(on_hand=3)
    await _recover()
    assert {payment.id: payment.purpose for payment in await rows(Payment)} == {
        first: Purpose.ORDER,
        second: Purpose.ATTENTION,
    }
    assert await rows(Refund) == []
    [waits] = await waits_for(history.order_id)
    assert f"₹480.00 of payment {second} does not pay it" in waits
    assert await violations() == []


async def test_told_to_refund_it_sends_a_second_payment_back(history: History) -> None:
    _, second = await _paid_twice(history)
    await lose_orders(on_hand=3)
    await _recover(refund=True)
    assert [(refund.payment_id, refund.amount) for refund in await rows(Refund)] == [(second, AMOUNT)]
    assert await waits_for(history.order_id) == []
    assert await violations() == []


async def test_of_two_payments_of_one_order_the_second_waits_for_a_person(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    [first] = [PaymentEntity.read(entity) for entity in history.inside.entities("payment")]
    second = first.model_copy(update={"id": "pay_Second00000001"})
    await settle_all(history.gateway_order_ids[0], [first, second], refund=False)
    assert {payment.id: payment.purpose for payment in await rows(Payment)} == {
        first.id: Purpose.ORDER,
        second.id: Purpose.ATTENTION,
    }
    assert (await row(Payment, second.id)).captured_at is not None
    [issue] = await rows(Issue)
    assert (issue.kind, issue.about) == (IssueKind.RECOVERED, second.id)
    assert await rows(Refund) == []


async def test_an_attempt_that_failed_is_nothing_to_decide_about(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    await history.act(("attempt", 0, "failure"))
    payments = [PaymentEntity.read(entity) for entity in history.inside.entities("payment")]
    payments.sort(key=lambda payment: payment.status != "captured")
    await settle_all(history.gateway_order_ids[0], payments, refund=False)
    assert await waits_for(history.order_id) == []
    assert (await _order(history)).status == "paid"


async def test_what_was_cut_short_goes_on_and_sets_nothing_aside_twice(history: History) -> None:
    _, second = await _paid_twice(history)
    await lose_orders(on_hand=3)
    await _recover()
    before = await rows(Payment)
    [payment] = [entity for entity in history.inside.entities("payment") if entity["id"] == second]
    await settle_all(history.gateway_order_ids[0], [PaymentEntity.read(payment)], refund=False)
    assert [(row.id, row.purpose) for row in await rows(Payment)] == [(row.id, row.purpose) for row in before]
    assert len(await waits_for(history.order_id)) == 1


async def test_an_order_that_the_books_know_as_expired_and_sold_out_is_paid(history: History) -> None:
    await history.live(("expire", 0, ""), ("attempt", 0, "success"))
    async with database.write() as session:
        await session.exec(update(Variant).values(on_hand=0))
    found = await _recover()
    assert (found.unpaid.orders, found.unpaid.amount) == (1, AMOUNT)
    assert ((await _order(history)).status, await rows(Refund)) == ("paid", [])
    assert await _shelf(history) == (0, 0)
    assert await violations() == []


async def test_money_for_an_order_that_was_given_up_waits_for_a_person(history: History) -> None:
    await history.live(("cancel", 0, ""), ("attempt", 0, "success"))
    await _recover()
    assert ((await _order(history)).status, await rows(Refund)) == ("cancelled", [])
    assert len(await waits_for(history.order_id)) == 1
    assert await violations() == []


@pytest.mark.usefixtures("paid")
async def test_a_buyer_who_was_lost_is_known_by_the_payment(history: History) -> None:
    await lose_orders(on_hand=3)
    async with database.write() as session:
        await session.exec(delete(UserSession))
        await session.exec(delete(User))
    await _recover()
    order = await _order(history)
    payer = history.inside.entities("payment")[0]
    assert (order.buyer_id, order.email) == (BUYER.user_id, payer["email"] or "")


@pytest.mark.usefixtures("paid")
async def test_a_product_that_is_gone_is_put_back_out_of_sight(history: History) -> None:
    await lose_orders(on_hand=3)
    async with database.write() as session:
        await session.exec(update(Variant).values(sku="another"))
    await _recover()
    [product] = [product for product in await rows(Product) if product.name == "cups"]
    assert not product.on_sale
    assert any("The shop does not know cups any more." in waits for waits in await waits_for(history.order_id))
    assert await violations() == []


@pytest.mark.parametrize("digital", [False, True])
async def test_of_a_parcel_a_person_is_told_that_nobody_knows_where_it_goes(inside: Inside, *, digital: bool) -> None:
    await inside.clear()
    await charge_everywhere(SENDING)
    product_id = await put_on_shelf(3, AMOUNT, digital=digital)
    made = await checkout.create_order(BUYER, [Item(product_id)], to=None if digital else somewhere())
    _pay(History(inside), made.razorpay_order_id)
    await lose_orders(on_hand=3)
    await _recover()
    order = await row(Order, made.order.id)
    assert (order.status, order.ships_to, order.delivery) == ("paid", None, 0 if digital else SENDING)
    waits = await waits_for(order.id)
    told = "The order was made again from what Razorpay keeps. Nobody knows where its parcel is to go."
    assert waits == ([] if digital else [told])


async def test_an_order_too_long_for_the_notes_comes_back_with_all_its_money(history: History) -> None:
    wanted = [
        Item(await put_on_shelf(5, 10_000, slug=f"{'a-very-long-name-' * 4}{number:02}", name=f"Cup {number}"))
        for number in range(20)
    ]
    made = await checkout.create_order(BUYER, wanted)
    _pay(history, made.razorpay_order_id)
    await lose_orders(on_hand=5)
    await _recover()
    assert (await row(Order, made.order.id)).amount == 200_000
    lines = [line for line in await rows(OrderLine) if line.order_id == made.order.id]
    assert sum(line.amount for line in lines) == 200_000
    assert len(lines) > 10
    assert any("Not all that was ordered is known." in waits for waits in await waits_for(made.order.id))
    assert await violations() == []


@pytest.mark.parametrize("odd", ["its notes are of another program", "a line in its notes can't be understood"])
@pytest.mark.usefixtures("paid")
async def test_an_order_that_cant_be_made_again_is_named_and_keeps_no_other_away(history: History, odd: str) -> None:
    notes = {
        "shop_id": shop_settings().shop_id,
        "version": "1",
        "order_id": "X",
        "number": "7F3K-9Q2D",
        "buyer_id": "B",
    }
    notes |= {"quote": "0f" * 32, "tax_scheme": "regular", "lines_1": "what is this"}
    if "another program" in odd:
        notes["version"] = "99"
    unclear = history.inside.gateway.store.everything("order")[0]
    made = await checkout.create_order(BUYER, [Item(history.product_id)])
    _pay(history, made.razorpay_order_id)
    await lose_orders(on_hand=3)
    with history.inside.gateway.store.transaction():
        unclear.entity["notes"] = notes
        history.inside.gateway.store.save(unclear)
    found = await _recover()
    assert found.impossible == {history.gateway_order_ids[0]: odd}
    assert [order.id for order in await rows(Order)] == [made.order.id]
