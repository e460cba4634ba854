"""Coupons: what they take off, when they are refused, and what the pages and a lost order say of them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from checkout_app.buyer.order.views import order_view
from checkout_app.catalog.models import Variant
from checkout_app.checkout.errors import IdempotencyConflict
from checkout_app.checkout.quote import Item, quote_for, quote_for_anybody
from checkout_app.checkout.views import ordered, summary
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.timeline import Reader
from checkout_app.payments.record import gather
from checkout_app.payments.recovery.service import Recovery
from checkout_app.pricing import service as pricing
from checkout_app.pricing.errors import CouponExists, CouponNotFound, CouponRefused, RefusedBecause
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.seller.service import Terms
from razorpay_sandbox.payments import attempts
from tests.support.coupons import CODE, make_coupon, order_with, times_used
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, violations, waits_for
from tests.support.lost import lose_orders
from tests.support.shops import KEY_ID
from tests.support.zones import charge_everywhere, somewhere

SOMEWHERE = somewhere()


async def test_what_a_coupon_takes_off_is_frozen_with_the_order_and_shared_by_its_lines(inside: Inside) -> None:
    assert inside
    cups, tea = await put_on_shelf(9, 30000, tax_rate=500), await put_on_shelf(9, 9999, slug="tea", tax_rate=1800)
    await make_coupon()
    made = await order_with(Item(cups), Item(tea), coupon=" diwali ")
    order = made.order
    assert (order.subtotal, order.discount, order.amount, order.coupon) == (39999, 4000, 35999, CODE)
    lines = [(line.discount, line.taxable, line.tax) for line in await rows(OrderLine)]
    assert lines == [(3000, 25714, 1286), (1000, 7626, 1373)]
    assert order.tax == 1286 + 1373
    assert await times_used() == 1
    assert await violations() == []


@pytest.mark.parametrize(
    ("kind", "value", "came_to", "why"),
    [
        (CouponKind.PERCENT, 750, (3600, 5000, 49400), "takes 7.5 % off: ₹36.00, shared by what each line costs."),
        (CouponKind.AMOUNT, 5000, (5000, 5000, 48000), "takes ₹50.00 off, shared by what each line costs."),
        (CouponKind.AMOUNT, 50000, (48000, 5000, 5000), "takes ₹480.00 off, shared by what each line costs."),
        (CouponKind.FREE_DELIVERY, 0, (0, 0, 48000), "sending it costs nothing."),
    ],
)
async def test_each_kind_takes_off_what_it_says_and_says_why(
    inside: Inside, kind: CouponKind, value: int, came_to: tuple[int, int, int], why: str
) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await make_coupon(kind, value, minimum=48000)
    await charge_everywhere(5000)
    priced = await quote_for_anybody([Item(cups)], coupon=CODE, to=SOMEWHERE.destination)
    made = await order_with(Item(cups), to=SOMEWHERE)
    assert (priced.derived.discount, priced.derived.delivery, priced.amount) == came_to
    assert (made.order.discount, made.order.delivery, made.order.amount) == came_to
    assert priced.delivery is not None
    assert priced.delivery.charge == 5000, "what the zone asks for, whatever a coupon makes of it"
    [reason] = [reason for reason in priced.derived.reasons if reason.data.get("code") == CODE]
    assert (reason.amount, reason.message("INR").rpartition(f"coupon {CODE} ")[2]) == (came_to[0], why)


@pytest.mark.parametrize(
    ("coupon", "reason"),
    [
        ({"starts_at": timedelta(hours=1)}, RefusedBecause.NOT_YET),
        ({"minimum": 48001}, RefusedBecause.MINIMUM),
        ({"most": 1, "used": 1}, RefusedBecause.USED_UP),
        ({"value": 10000}, RefusedBecause.TOO_LITTLE_LEFT),
        ({"kind": CouponKind.AMOUNT, "value": 47901}, RefusedBecause.TOO_LITTLE_LEFT),
        ({"currency": "USD"}, RefusedBecause.UNKNOWN),
    ],
)
async def test_a_coupon_that_is_not_good_is_refused_with_its_reason_and_holds_nothing(
    inside: Inside, coupon: dict[str, Any], reason: RefusedBecause
) -> None:
    assert inside
    cups = await put_on_shelf(9)
    if "starts_at" in coupon:
        coupon = coupon | {"starts_at": clock.now() + coupon["starts_at"]}
    await make_coupon(**coupon)
    for ask in (quote_for(BUYER, [Item(cups)], coupon=CODE), quote_for_anybody([Item(cups)], coupon=CODE)):
        with pytest.raises(CouponRefused) as refused:
            await ask
        assert refused.value.reason == reason
        assert refused.value.detail != CouponRefused.sentence, "nothing says why"
    with pytest.raises(CouponRefused):
        await order_with(Item(cups))
    assert ((await row(Variant, cups)).held, await rows(Order)) == (0, [])


async def test_one_that_was_ended_or_never_was_is_refused_and_orders_that_have_it_keep_it(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await make_coupon()
    made = await order_with(Item(cups), key="key")
    await pricing.end_coupon(CODE, OPERATOR)
    for code, reason in ((CODE, RefusedBecause.ENDED), ("OTHER", RefusedBecause.UNKNOWN)):
        with pytest.raises(CouponRefused) as refused:
            await order_with(Item(cups), coupon=code)
        assert refused.value.reason == reason
    again = await order_with(Item(cups), key="key")
    assert (again.order.id, again.order.discount, again.replayed) == (made.order.id, 4800, True)
    with pytest.raises(IdempotencyConflict):
        await order_with(Item(cups), key="key", coupon="")


async def test_a_discount_is_a_line_of_what_the_pages_show(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await make_coupon()
    _, priced = await quote_for(BUYER, [Item(cups)], coupon=CODE)
    made = await order_with(Item(cups))
    lines = await rows(OrderLine)
    for shown in (summary(priced), ordered(made.order, lines)):
        assert (shown.lines[0].amount, shown.discount, shown.total) == ("₹480.00", "₹48.00", "₹432.00")
    async with database.read() as session:
        view = order_view(await gather(session, made.order), Reader.BUYER, Terms())
    assert (view.coupon, view.discount, view.amount) == (CODE, "₹48.00", "₹432.00")


async def test_a_coupon_that_ends_between_its_quote_and_the_order_is_not_taken(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside
    cups, place = await put_on_shelf(9), orders.place
    await make_coupon()

    async def place_too_late(*given: Any) -> tuple[Order, bool]:
        monkeypatch.setattr(orders, "place", place)
        await pricing.end_coupon(CODE, OPERATOR)
        return await place(*given)

    monkeypatch.setattr(orders, "place", place_too_late)
    with pytest.raises(CouponRefused) as refused:
        await order_with(Item(cups))
    assert (refused.value.reason, await rows(Order), await times_used()) == (RefusedBecause.ENDED, [], 0)


async def test_a_lost_order_comes_back_with_its_coupon_and_its_discount(inside: Inside) -> None:
    cups = await put_on_shelf(9, 48000, tax_rate=1200)
    await make_coupon()
    await charge_everywhere(4900)
    made = await order_with(Item(cups), to=SOMEWHERE)
    before = [(line.discount, line.delivery, line.taxable, line.tax) for line in await rows(OrderLine)]
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    attempts.conclude(inside.gateway, attempt["id"], "success")
    await lose_orders(on_hand=9)
    await Recovery(settings().shop_id, lambda _: None, really=True, refund=False).run()
    again = await row(Order, made.order.id)
    assert (again.coupon, again.discount, again.subtotal, again.amount) == (CODE, 4800, 48000, 48100)
    assert [(line.discount, line.delivery, line.taxable, line.tax) for line in await rows(OrderLine)] == before
    assert (await times_used(), again.status) == (1, "paid")
    assert await violations() == []


async def test_a_lost_order_whose_coupon_is_gone_costs_what_it_cost_and_says_so(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await make_coupon()
    made = await order_with(Item(cups))
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    attempts.conclude(inside.gateway, attempt["id"], "success")
    await lose_orders(on_hand=9)
    async with database.write() as session:
        await session.exec(delete(Coupon))
    await Recovery(settings().shop_id, lambda _: None, really=True, refund=False).run()
    again = await row(Order, made.order.id)
    assert (again.coupon, again.discount, again.amount, again.status) == (None, 4800, 43200, "paid")
    [told] = await waits_for(again.id)
    assert told.endswith("The shop does not know the coupon DIWALI any more.")


async def test_what_can_be_no_coupon_is_refused_and_a_code_is_there_once(inside: Inside) -> None:
    assert inside
    for wrong in (
        {"value": 0},
        {"value": 10001},
        {"kind": CouponKind.FREE_DELIVERY},
        {"minimum": -1},
        {"most": 0},
        {"starts_at": clock.now(), "ends_at": clock.now() - timedelta(days=1)},
    ):
        with pytest.raises(InvalidInput):
            await make_coupon(**wrong)
    for code in ("AB", "A B C", "Ä" * 4, "A" * 25, ""):
        with pytest.raises(InvalidInput):
            await pricing.create_coupon(Coupon(code=code, kind=CouponKind.PERCENT, value=1000), OPERATOR)
    await make_coupon()
    with pytest.raises(CouponExists):
        await make_coupon()
    with pytest.raises(CouponNotFound):
        await pricing.end_coupon("OTHER", OPERATOR)
    for _ in range(2):
        await pricing.end_coupon("diwali", OPERATOR)
    assert [event.kind for event in await rows(Event)] == ["coupon_created", "coupon_ended"]
