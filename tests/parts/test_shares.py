"""Nobody keeps the shelf from others by orders that they don't pay, from wherever they come. On both databases."""

import asyncio
from collections.abc import Iterator, Sequence

import pytest

from checkout_app.auth.tokens import Claims
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.errors import UnpaidOrders
from checkout_app.checkout.quote import Item, wanted
from checkout_app.checkout.service import PaymentOrder
from checkout_app.checkout.shares import mark_of, most_of
from checkout_app.core import database, signing
from checkout_app.core.errors import InvalidInput, ShopError
from checkout_app.core.settings import settings
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.payments import settle
from checkout_app.payments.checks.rules import check_rules
from razorpay_sandbox.payments import attempts
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, settings_for, somebody_else, timeline
from tests.support.shops import KEY_ID

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.7"


@pytest.fixture(autouse=True)
def _counted(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let unpaid orders be counted, and nobody be too fast."""
    assert inside
    with settings_for(monkeypatch, RATE_LIMITS="order=1000000/minute"):
        yield


async def _order(*items: Item, who: Claims = BUYER, address: str = HOME, key: str | None = None) -> PaymentOrder:
    return await checkout.create_order(who, items, key=key, address=address)


async def _strangers(number: int) -> Sequence[Claims]:
    return [await somebody_else() for _ in range(number)]


async def _held(variant_id: str) -> int:
    return (await row(Variant, variant_id)).held


async def test_a_buyer_leaves_five_orders_unpaid_and_is_told_which_one_to_pay(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1000)
    made = [await _order(Item(cups), address=f"203.0.113.{place}") for place in range(5)]
    for address in (HOME, ELSEWHERE, ""):
        with pytest.raises(UnpaidOrders) as refused:
            await _order(Item(cups), address=address)
        assert refused.value.order_id == made[-1].order.id
        assert refused.value.detail == f"Order {made[-1].order.number} is not paid yet. Pay it or cancel it first."
    assert (len(await rows(Order)), await _held(cups)) == (5, 5)


@pytest.mark.parametrize("how", ["paid", "cancelled"])
async def test_who_pays_or_cancels_one_can_order_again(inside: Inside, how: str) -> None:
    cups = await put_on_shelf(1000)
    made = [await _order(Item(cups)) for _ in range(5)]
    if how == "cancelled":
        async with database.write() as session:
            await orders.cancel(session, made[2].order.id, BUYER)
    else:
        attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made[2].razorpay_order_id))
        attempts.conclude(inside.gateway, attempt["id"], "success")
        await settle.settle(attempt["id"])
    await _order(Item(cups))
    marks = {order.id: order.ordered_from for order in await rows(Order)}
    assert (marks.pop(made[2].order.id), set(marks.values())) == (None, {mark_of(HOME)})


async def test_ten_orders_of_one_address_are_unpaid_at_a_time_whoever_makes_them(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1000)
    first, *others, late = await _strangers(11)
    for who in (first, *others):
        await _order(Item(cups), who=who)
    with pytest.raises(UnpaidOrders, match="Too many orders from your network are not paid yet") as refused:
        await _order(Item(cups), who=late)
    assert refused.value.order_id is None, "it is another's"
    with pytest.raises(UnpaidOrders) as refused:
        await _order(Item(cups), who=first)
    assert refused.value.order_id is not None
    await _order(Item(cups), who=late, address=ELSEWHERE)
    assert await _held(cups) == 11


async def test_half_of_a_product_is_left_to_others(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    asha, ravi, meera = await _strangers(3)
    with pytest.raises(InvalidInput, match=r"^Of Kulhad cups there are few: choose 1 to 5\.$") as too_much:
        await _order(Item(cups, 6), who=asha)
    assert list(too_much.value.fields) == ["quantity"]
    made = await _order(Item(cups, 3), who=asha)
    with pytest.raises(UnpaidOrders) as refused:
        await _order(Item(cups, 3), who=asha, address=ELSEWHERE)
    assert refused.value.order_id == made.order.id
    with pytest.raises(UnpaidOrders) as refused:
        await _order(Item(cups, 3), who=ravi)
    assert refused.value.order_id is None
    await _order(Item(cups, 2), who=ravi)
    await _order(Item(cups, 4), who=meera, address=ELSEWHERE)
    assert await _held(cups) == 9


def test_it_is_half_of_them_or_three() -> None:
    assert [most_of(on_hand) for on_hand in (0, 3, 6, 7, 8, 100)] == [3, 3, 3, 4, 4, 50]


async def test_the_last_few_can_be_bought_by_one(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(3)
    await _order(Item(cups, 2))
    await _order(Item(cups, 3))
    assert ([order.status for order in await rows(Order)], await _held(cups)) == (["cancelled", "created"], 3)


async def test_one_product_is_counted_once_by_whatever_names_it_is_asked_for(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1000)
    with pytest.raises(InvalidInput, match=f"^Choose 1 to {MAX_QUANTITY}") as too_much:
        await _order(Item(cups, MAX_QUANTITY), Item("cups", 1))
    assert list(too_much.value.fields) == ["quantity"]
    await _order(Item(cups, MAX_QUANTITY - 1), Item("cups", 1))
    assert await _held(cups) == MAX_QUANTITY


def test_an_order_has_so_many_lines_of_so_many_units() -> None:
    lines = [Item(str(place)) for place in range(MAX_LINES)]
    assert wanted(lines) == {item.name: 1 for item in lines}
    assert wanted([Item("cups", MAX_QUANTITY)]) == wanted([Item("cups", MAX_QUANTITY - 1), Item("cups")])
    for items, field in (
        ([], "items"),
        ([*lines, Item("cups")], "items"),
        ([Item("cups", 0)], "quantity"),
        ([Item("cups", MAX_QUANTITY + 1)], "quantity"),
    ):
        with pytest.raises(InvalidInput) as refused:
            wanted(items)
        assert list(refused.value.fields) == [field]


async def test_a_key_answers_its_order_also_when_there_can_be_no_other(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1000)
    made = [await _order(Item(cups), key=str(place)) for place in range(5)]
    again = await _order(Item(cups), key="0")
    assert (again.order.id, again.replayed) == (made[0].order.id, True)


@ON_BOTH
async def test_orders_that_come_at_once_are_no_more_than_one_after_the_other(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(100)
    crowd = await _strangers(8)
    answers = await asyncio.gather(*(_order(Item(cups, 10), who=who) for who in crowd), return_exceptions=True)
    assert {answer.code for answer in answers if isinstance(answer, ShopError)} == {"unpaid_orders"}
    assert await _held(cups) <= 50
    withdrawn = [order for order in await rows(Order) if order.status == "cancelled"]
    words = "Too many orders were unpaid at the same time, so this one was cancelled."
    assert [(await timeline(order.id))[-1] for order in withdrawn] == [("cancelled", words)] * len(withdrawn)
    assert await check_rules() == []


async def test_an_operator_may_leave_the_counting_to_others(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside
    cups = await put_on_shelf(1000)
    with settings_for(monkeypatch, RATE_LIMITS="order=1000000/minute, unpaid=off"):
        for _ in range(12):
            await _order(Item(cups))
    with settings_for(monkeypatch, RATE_LIMITS="order=1000000/minute, unpaid=26"):
        await _order(Item(cups))
        with pytest.raises(UnpaidOrders):
            await _order(Item(cups))
    assert {order.ordered_from for order in await rows(Order)} == {None, mark_of(HOME)}


def test_an_address_is_not_kept_only_what_tells_it_from_others() -> None:
    assert mark_of(HOME) == mark_of(HOME) != mark_of(ELSEWHERE)
    assert HOME not in str(mark_of(HOME))
    assert (len(str(mark_of(HOME))), mark_of("")) == (16, None)
    key = signing.key_for(signing.Purpose.ORDERED_FROM, settings().jwt_secret)
    assert mark_of(HOME) == signing.sign(key, HOME.encode())[:16]
