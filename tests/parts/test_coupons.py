"""Coupons: what they take off, when they are refused, and that no more orders have one than may."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from checkout_app.auth.models import Role, User
from checkout_app.auth.tokens import Claims, open_session, read
from checkout_app.buyer.order.views import order_view
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.errors import IdempotencyConflict
from checkout_app.checkout.quote import Item, quote_for, quote_for_anybody
from checkout_app.checkout.service import PaymentOrder
from checkout_app.checkout.views import ordered, summary
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings
from checkout_app.delivery.address import PostalAddress
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event
from checkout_app.orders import service as orders
from checkout_app.orders.models import CouponUse, Order, OrderLine
from checkout_app.orders.timeline import Reader
from checkout_app.payments import go_live, settle
from checkout_app.payments.record import gather
from checkout_app.payments.recovery.service import Recovery
from checkout_app.pricing import service as pricing
from checkout_app.pricing.errors import CouponExists, CouponNotFound, CouponRefused, RefusedBecause
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.seller.service import Terms
from razorpay_sandbox.payments import attempts
from tests.conftest import ON_BOTH
from tests.support.inside import (
    BUYER,
    Inside,
    put_on_shelf,
    reconcile_once,
    row,
    rows,
    settings_for,
    somebody_else,
    violations,
    waits_for,
)
from tests.support.lost import lose_orders
from tests.support.shops import KEY_ID
from tests.support.zones import charge_everywhere, somewhere

CODE = "DIWALI"
SOMEWHERE = somewhere()


async def _make(kind: CouponKind = CouponKind.PERCENT, value: int = 1000, **more: Any) -> None:
    await pricing.create_coupon(Coupon(code=CODE, kind=kind, value=value, **more), OPERATOR)


async def _order(
    *items: Item, who: Claims = BUYER, coupon: str = CODE, key: str | None = None, to: PostalAddress | None = None
) -> PaymentOrder:
    return await checkout.create_order(who, items, coupon=coupon, key=key, to=to)


async def _somebody(place: int) -> Claims:
    return await _guest(f"buyer-{place}@example.in")


async def _guest(email: str) -> Claims:
    async with database.write() as session:
        user = User(email=email, role=Role.GUEST)
        session.add(user)
        return read(open_session(session, user))


async def _pay(inside: Inside, made: PaymentOrder) -> None:
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    attempts.conclude(inside.gateway, attempt["id"], "success")
    await settle.settle(attempt["id"])


async def _used() -> int:
    return (await row(Coupon, CODE)).used


async def _let_it_expire(order_id: str) -> None:
    async with database.write() as session:
        (await session.get_one(Order, order_id)).expires_at = clock.now() - timedelta(seconds=1)
    async with database.write() as session:
        assert await orders.expire(session, order_id)


async def _statuses() -> Sequence[str]:
    return [order.status for order in await rows(Order)]


async def test_what_a_coupon_takes_off_is_frozen_with_the_order_and_shared_by_its_lines(inside: Inside) -> None:
    assert inside
    cups, tea = await put_on_shelf(9, 30000, tax_rate=500), await put_on_shelf(9, 9999, slug="tea", tax_rate=1800)
    await _make()
    made = await _order(Item(cups), Item(tea), coupon=" diwali ")
    order = made.order
    assert (order.subtotal, order.discount, order.amount, order.coupon) == (39999, 4000, 35999, CODE)
    lines = [(line.discount, line.taxable, line.tax) for line in await rows(OrderLine)]
    assert lines == [(3000, 25714, 1286), (1000, 7626, 1373)]
    assert order.tax == 1286 + 1373
    assert await _used() == 1
    assert await violations() == []


@pytest.mark.parametrize(
    ("kind", "value", "came_to"),
    [
        (CouponKind.PERCENT, 750, (3600, 5000, 49400)),
        (CouponKind.AMOUNT, 5000, (5000, 5000, 48000)),
        (CouponKind.AMOUNT, 50000, (48000, 5000, 5000)),
        (CouponKind.FREE_DELIVERY, 0, (0, 0, 48000)),
    ],
)
async def test_each_kind_takes_off_what_it_says(
    inside: Inside, kind: CouponKind, value: int, came_to: tuple[int, int, int]
) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await _make(kind, value, minimum=48000)
    await charge_everywhere(5000)
    priced = await quote_for_anybody([Item(cups)], coupon=CODE, to=SOMEWHERE.destination)
    made = await _order(Item(cups), to=SOMEWHERE)
    assert (priced.derived.discount, priced.derived.delivery, priced.amount) == came_to
    assert (made.order.discount, made.order.delivery, made.order.amount) == came_to


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
    await _make(**coupon)
    for ask in (quote_for(BUYER, [Item(cups)], coupon=CODE), quote_for_anybody([Item(cups)], coupon=CODE)):
        with pytest.raises(CouponRefused) as refused:
            await ask
        assert refused.value.reason == reason
    with pytest.raises(CouponRefused):
        await _order(Item(cups))
    assert ((await row(Variant, cups)).held, await rows(Order)) == (0, [])


async def test_one_that_was_ended_or_never_was_is_refused_and_orders_that_have_it_keep_it(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await _make()
    made = await _order(Item(cups), key="key")
    await pricing.end_coupon(CODE, OPERATOR)
    for code, reason in ((CODE, RefusedBecause.ENDED), ("OTHER", RefusedBecause.UNKNOWN)):
        with pytest.raises(CouponRefused) as refused:
            await _order(Item(cups), coupon=code)
        assert refused.value.reason == reason
    again = await _order(Item(cups), key="key")
    assert (again.order.id, again.order.discount, again.replayed) == (made.order.id, 4800, True)
    with pytest.raises(IdempotencyConflict):
        await _order(Item(cups), key="key", coupon="")


@ON_BOTH
async def test_of_many_who_come_at_once_with_the_last_one_exactly_one_has_it(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1000)
    await _make(most=1)
    crowd = [await _somebody(place) for place in range(12)]
    answers = await asyncio.gather(*(_order(Item(cups), who=who) for who in crowd), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, CouponRefused)]
    assert [answer.reason for answer in refused] == [RefusedBecause.USED_UP] * 11
    [order] = await rows(Order)
    assert (order.discount, (await row(Variant, cups)).held, await _used()) == (4800, 1, 1)
    assert await violations() == []


@ON_BOTH
async def test_of_one_persons_orders_that_come_at_once_one_has_what_each_may_have_once(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1000)
    await _make(once=True)
    visits = [await somebody_else() for _ in range(6)]  # of one mailbox
    answers = await asyncio.gather(*(_order(Item(cups), who=who) for who in visits), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, CouponRefused)]
    assert [answer.reason for answer in refused] == [RefusedBecause.USED] * 5
    assert (len(await rows(Order)), await _used()) == (1, 1)
    await _order(Item(cups))
    assert await _used() == 2, "somebody else may have it too"


@pytest.mark.parametrize("how", ["expired", "cancelled", "withdrawn"])
async def test_an_order_that_is_not_paid_gives_its_coupon_back(inside: Inside, how: str) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await _make(most=1, once=True)
    made = await _order(Item(cups))
    if how == "expired":
        await _let_it_expire(made.order.id)
    else:
        async with database.write() as session:
            if how == "cancelled":
                await orders.cancel(session, made.order.id, BUYER)
            else:
                await orders.withdraw(session, made.order.id, "unpaid_orders")
    assert await _used() == 0
    await _order(Item(cups))
    assert await _used() == 1
    assert await violations() == []


async def test_a_paid_order_keeps_its_coupon_also_when_all_its_money_goes_back(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await _make(once=True)
    made = await _order(Item(cups))
    await _pay(inside, made)
    async with database.write() as session:
        [order] = await database.lock(session, Order, [made.order.id])
        await orders.restock(session, order)
    assert await _used() == 1
    with pytest.raises(CouponRefused):
        await _order(Item(cups))


@ON_BOTH
async def test_ones_own_unpaid_order_is_given_up_for_another_with_the_same_coupon(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await _make(most=1, once=True)
    await _order(Item(cups))
    second = await _order(Item(cups, 2))
    assert (await _statuses(), second.order.discount) == (["cancelled", "created"], 9600)
    assert (await _used(), (await row(Variant, cups)).held) == (1, 2)
    assert [use.person is not None for use in await rows(CouponUse)] == [False, True]
    with pytest.raises(CouponRefused):
        await _order(Item(cups), who=await somebody_else())
    assert await violations() == []


async def test_an_order_that_has_what_is_lacking_but_not_the_coupon_is_not_given_up_for_it(inside: Inside) -> None:
    assert inside
    cups, lamp = await put_on_shelf(1), await put_on_shelf(9, slug="lamp")
    await _make(most=1)
    await _order(Item(cups), coupon="")
    await _order(Item(lamp), who=await somebody_else())
    with pytest.raises(CouponRefused):
        await _order(Item(cups))
    assert await _statuses() == ["created", "created"]


async def test_an_order_that_is_given_up_for_one_without_a_coupon_gives_its_coupon_back(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1)
    await _make(most=1, once=True)
    await _order(Item(cups))
    await _order(Item(cups), coupon="")
    assert (await _statuses(), await _used()) == (["cancelled", "created"], 0)
    await _order(Item(cups))
    assert (await _statuses(), await _used()) == (["cancelled", "cancelled", "created"], 1)


async def test_a_person_is_the_same_however_they_write_their_address(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await _make(once=True)
    await _order(Item(cups), who=await _guest("Meera@example.in"))
    with pytest.raises(CouponRefused, match="You have used this coupon already"):
        await _order(Item(cups), who=await _guest("meera@EXAMPLE.in"))


async def test_the_same_key_is_the_same_order_also_when_that_has_the_last_coupon(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await _make(most=1, once=True)
    first, again = await _order(Item(cups), key="key"), await _order(Item(cups), key="key")
    assert (again.order.id, again.replayed, await _statuses()) == (first.order.id, True, ["created"])
    await _pay(inside, first)
    paid = await _order(Item(cups), key="key")
    assert (paid.order.id, paid.order.status, await _used()) == (first.order.id, "paid", 1)


async def test_a_discount_is_a_line_of_what_the_pages_show(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await _make()
    _, priced = await quote_for(BUYER, [Item(cups)], coupon=CODE)
    made = await _order(Item(cups))
    lines = await rows(OrderLine)
    for shown in (summary(priced), ordered(made.order, lines)):
        assert (shown.lines[0].amount, shown.discount, shown.total) == ("₹480.00", "₹48.00", "₹432.00")
    async with database.read() as session:
        view = order_view(await gather(session, made.order), Reader.BUYER, Terms())
    assert (view.coupon, view.discount, view.amount) == (CODE, "₹48.00", "₹432.00")


async def test_money_that_comes_late_is_honoured_and_its_coupon_counted_again(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await _make(most=1)
    made = await _order(Item(cups))
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    await _let_it_expire(made.order.id)
    await _order(Item(cups), who=await somebody_else())
    attempts.conclude(inside.gateway, attempt["id"], "success")
    await settle.settle(attempt["id"])
    await reconcile_once(made.order.id)
    assert (await _statuses(), await _used()) == (["paid", "created"], 2)
    assert await violations() == []


async def test_a_coupon_that_ends_between_its_quote_and_the_order_is_not_taken(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside
    cups, place = await put_on_shelf(9), orders.place
    await _make()

    async def place_too_late(*given: Any) -> tuple[Order, bool]:
        monkeypatch.setattr(orders, "place", place)
        await pricing.end_coupon(CODE, OPERATOR)
        return await place(*given)

    monkeypatch.setattr(orders, "place", place_too_late)
    with pytest.raises(CouponRefused) as refused:
        await _order(Item(cups))
    assert (refused.value.reason, await rows(Order), await _used()) == (RefusedBecause.ENDED, [], 0)


async def test_a_lost_order_comes_back_with_its_coupon_and_its_discount(inside: Inside) -> None:
    cups = await put_on_shelf(9, 48000, tax_rate=1200)
    await _make()
    await charge_everywhere(4900)
    made = await _order(Item(cups), to=SOMEWHERE)
    before = [(line.discount, line.delivery, line.taxable, line.tax) for line in await rows(OrderLine)]
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    attempts.conclude(inside.gateway, attempt["id"], "success")
    await lose_orders(on_hand=9)
    await Recovery(settings().shop_id, lambda _: None, really=True, refund=False).run()
    again = await row(Order, made.order.id)
    assert (again.coupon, again.discount, again.subtotal, again.amount) == (CODE, 4800, 48000, 48100)
    assert [(line.discount, line.delivery, line.taxable, line.tax) for line in await rows(OrderLine)] == before
    assert (await _used(), again.status) == (1, "paid")
    assert await violations() == []


async def test_a_lost_order_whose_coupon_is_gone_costs_what_it_cost_and_says_so(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await _make()
    made = await _order(Item(cups))
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


async def test_closing_a_test_order_that_was_sold_gives_its_coupon_back(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await _make(most=2)
    await _pay(inside, await _order(Item(cups)))
    await _order(Item(cups), who=await somebody_else())
    assert await _used() == 2
    await go_live.close_all(lambda _: None)
    assert await _used() == 0


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
            await _make(**wrong)
    for code in ("AB", "A B C", "Ä" * 4, "A" * 25, ""):
        with pytest.raises(InvalidInput):
            await pricing.create_coupon(Coupon(code=code, kind=CouponKind.PERCENT, value=1000), OPERATOR)
    await _make()
    with pytest.raises(CouponExists):
        await _make()
    with pytest.raises(CouponNotFound):
        await pricing.end_coupon("OTHER", OPERATOR)
    for _ in range(2):
        await pricing.end_coupon("diwali", OPERATOR)
    assert [event.kind for event in await rows(Event)] == ["coupon_created", "coupon_ended"]


async def test_nothing_of_who_used_a_coupon_tells_their_address_and_nobody_finds_it_without_the_secret(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await _make(once=True)
    await _order(Item(cups))
    [use] = await rows(CouponUse)
    assert BUYER.email not in str(use.model_dump())
    with settings_for(monkeypatch, LINK_SECRET="another secret that is as long as it has to be"):
        await _order(Item(cups))
    assert len({use.person for use in await rows(CouponUse)}) == 2
