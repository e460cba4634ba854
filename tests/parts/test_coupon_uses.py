"""Who has a coupon: no more orders than may, each person once where that is said, and it comes back with an order."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from checkout_app.auth.models import Role, User
from checkout_app.auth.tokens import Claims, open_session, read
from checkout_app.catalog.models import Variant
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core import clock, database, signing
from checkout_app.core.settings import settings
from checkout_app.orders import service as orders
from checkout_app.orders.models import LONGEST_PERSON, CouponUse, Order
from checkout_app.payments import go_live, settle
from checkout_app.pricing.errors import CouponRefused, RefusedBecause
from razorpay_sandbox.payments import attempts
from tests.conftest import ON_BOTH
from tests.support.coupons import make_coupon, order_with, times_used
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
)
from tests.support.shops import KEY_ID


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


async def _let_it_expire(order_id: str) -> None:
    async with database.write() as session:
        (await session.get_one(Order, order_id)).expires_at = clock.now() - timedelta(seconds=1)
    async with database.write() as session:
        assert await orders.expire(session, order_id)


async def _statuses() -> Sequence[str]:
    return [order.status for order in await rows(Order)]


@ON_BOTH
async def test_of_many_who_come_at_once_with_the_last_one_exactly_one_has_it(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1000)
    await make_coupon(most=1)
    crowd = [await _somebody(place) for place in range(12)]
    answers = await asyncio.gather(*(order_with(Item(cups), who=who) for who in crowd), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, CouponRefused)]
    assert [answer.reason for answer in refused] == [RefusedBecause.USED_UP] * 11
    [order] = await rows(Order)
    assert (order.discount, (await row(Variant, cups)).held, await times_used()) == (4800, 1, 1)
    assert await violations() == []


async def test_who_has_used_a_coupon_that_is_not_over_may_have_it_again(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await make_coupon(ends_at=clock.now() + timedelta(days=1))
    made = [await order_with(Item(cups)) for _ in range(2)]
    assert ([each.order.discount for each in made], await times_used()) == ([4800, 4800], 2)


@ON_BOTH
async def test_of_one_persons_orders_that_come_at_once_one_has_what_each_may_have_once(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1000)
    await make_coupon(once=True)
    visits = [await somebody_else() for _ in range(6)]  # of one mailbox
    answers = await asyncio.gather(*(order_with(Item(cups), who=who) for who in visits), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, CouponRefused)]
    assert [answer.reason for answer in refused] == [RefusedBecause.USED] * 5
    assert (len(await rows(Order)), await times_used()) == (1, 1)
    await order_with(Item(cups))
    assert await times_used() == 2, "somebody else may have it too"


@pytest.mark.parametrize("how", ["expired", "cancelled", "withdrawn"])
async def test_an_order_that_is_not_paid_gives_its_coupon_back(inside: Inside, how: str) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await make_coupon(most=1, once=True)
    made = await order_with(Item(cups))
    if how == "expired":
        await _let_it_expire(made.order.id)
    else:
        async with database.write() as session:
            if how == "cancelled":
                await orders.cancel(session, made.order.id, BUYER)
            else:
                await orders.withdraw(session, made.order.id, "unpaid_orders")
    assert await times_used() == 0
    await order_with(Item(cups))
    assert await times_used() == 1
    assert await violations() == []


async def test_a_paid_order_keeps_its_coupon_also_when_all_its_money_goes_back(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await make_coupon(once=True)
    made = await order_with(Item(cups))
    await _pay(inside, made)
    async with database.write() as session:
        [order] = await database.lock(session, Order, [made.order.id])
        await orders.restock(session, order)
    assert await times_used() == 1
    with pytest.raises(CouponRefused):
        await order_with(Item(cups))


@ON_BOTH
async def test_ones_own_unpaid_order_is_given_up_for_another_with_the_same_coupon(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await make_coupon(most=1, once=True)
    await order_with(Item(cups))
    second = await order_with(Item(cups, 2))
    assert (await _statuses(), second.order.discount) == (["cancelled", "created"], 9600)
    assert (await times_used(), (await row(Variant, cups)).held) == (1, 2)
    assert [use.person is not None for use in await rows(CouponUse)] == [False, True]
    with pytest.raises(CouponRefused):
        await order_with(Item(cups), who=await somebody_else())
    assert await violations() == []


async def test_an_order_that_has_what_is_lacking_but_not_the_coupon_is_not_given_up_for_it(inside: Inside) -> None:
    assert inside
    cups, lamp = await put_on_shelf(1), await put_on_shelf(9, slug="lamp")
    await make_coupon(most=1)
    await order_with(Item(cups), coupon="")
    await order_with(Item(lamp), who=await somebody_else())
    with pytest.raises(CouponRefused):
        await order_with(Item(cups))
    assert await _statuses() == ["created", "created"]


async def test_an_order_that_is_given_up_for_one_without_a_coupon_gives_its_coupon_back(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1)
    await make_coupon(most=1, once=True)
    await order_with(Item(cups))
    await order_with(Item(cups), coupon="")
    assert (await _statuses(), await times_used()) == (["cancelled", "created"], 0)
    await order_with(Item(cups))
    assert (await _statuses(), await times_used()) == (["cancelled", "cancelled", "created"], 1)


async def test_a_person_is_the_same_however_they_write_their_address(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await make_coupon(once=True)
    await order_with(Item(cups), who=await _guest("Meera@example.in"))
    with pytest.raises(CouponRefused, match="You have used this coupon already"):
        await order_with(Item(cups), who=await _guest("meera@EXAMPLE.in"))
    [use] = await rows(CouponUse)
    key = signing.key_for(signing.Purpose.COUPON_USED, settings().link_secret)
    assert use.person == signing.sign(key, b"meera@example.in")[:LONGEST_PERSON]


async def test_the_same_key_is_the_same_order_also_when_that_has_the_last_coupon(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await make_coupon(most=1, once=True)
    first, again = await order_with(Item(cups), key="key"), await order_with(Item(cups), key="key")
    assert (again.order.id, again.replayed, await _statuses()) == (first.order.id, True, ["created"])
    await _pay(inside, first)
    paid = await order_with(Item(cups), key="key")
    assert (paid.order.id, paid.order.status, await times_used()) == (first.order.id, "paid", 1)


async def test_money_that_comes_late_is_honoured_and_its_coupon_counted_again(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await make_coupon(most=1)
    made = await order_with(Item(cups))
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    await _let_it_expire(made.order.id)
    await order_with(Item(cups), who=await somebody_else())
    attempts.conclude(inside.gateway, attempt["id"], "success")
    await settle.settle(attempt["id"])
    await reconcile_once(made.order.id)
    assert (await _statuses(), await times_used()) == (["paid", "created"], 2)
    assert await violations() == []


async def test_closing_a_test_order_that_was_sold_gives_its_coupon_back(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await make_coupon(most=2)
    await _pay(inside, await order_with(Item(cups)))
    await order_with(Item(cups), who=await somebody_else())
    assert await times_used() == 2
    await go_live.close_all(lambda _: None)
    assert await times_used() == 0


async def test_nothing_of_who_used_a_coupon_tells_their_address_and_nobody_finds_it_without_the_secret(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await make_coupon(once=True)
    await order_with(Item(cups))
    [use] = await rows(CouponUse)
    assert BUYER.email not in str(use.model_dump())
    with settings_for(monkeypatch, LINK_SECRET="another secret that is as long as it has to be"):
        await order_with(Item(cups))
    assert len({use.person for use in await rows(CouponUse)}) == 2
