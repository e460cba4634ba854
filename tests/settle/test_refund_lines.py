"""What goes back of an order by its lines: what was paid for them, each unit once, and in the end all of it."""

import os
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings as shop_settings
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import service, settle
from checkout_app.payments.errors import RefundRefused
from checkout_app.payments.models import Payment, Refund, RefundPart
from checkout_app.payments.refund_parts import Parts
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.server.api import build_api
from razorpay_sandbox.payments import attempts
from tests.support.acts import at_the_bank, refunds_end
from tests.support.histories import AMOUNT, CUPS, SENDING, TEA, History
from tests.support.inside import BUYER, Inside, keep_shop, put_on_shelf, row, rows, violations
from tests.support.shops import KEY_ID
from tests.support.webhooks import new_event_id
from tests.support.zones import charge_everywhere, somewhere

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
PAID_FOR_CUPS, PAID_FOR_TEA = CUPS * 9 // 10, TEA * 9 // 10
"""What one of each was paid with: the coupon took a tenth off."""


@pytest.fixture
async def history(inside: Inside) -> History:
    """An order of a cart: a coupon made it cheaper, and its parcel costs something."""
    begun = History(inside)
    await begun.begin_with_cart(on_hand=3, twice=False)
    return begun


async def _lines(order_id: str) -> tuple[str, str]:
    """Return the ids of the two lines of an order."""
    async with database.read() as session:
        cups, tea = await orders.lines(session, order_id)
    return cups.id, tea.id


@pytest.fixture
async def lines(history: History) -> tuple[str, str]:
    """The ids of the lines: one unit of the first, two of the second."""
    return await _lines(history.order_id)


async def _refund(payment_id: str, units: dict[str, int], delivery: int = 0, key: str = "") -> Refund:
    of = Parts(units, delivery)
    return await service.refund(payment_id, of=of, reason="Sent back.", request_key=key or new_event_id())


async def _left(payment_id: str) -> tuple[list[tuple[int, int]], int]:
    """Return how many units are left of each line and what they are worth, and what is left of the delivery charge."""
    parts = (await service.refundable(payment_id)).parts
    return [(line.units, line.worth(line.units)) for line in parts.lines], parts.delivery


async def test_units_are_worth_what_was_paid_for_them_and_all_parts_come_to_all_of_it(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, tea = lines
    assert await _left(paid) == ([(1, PAID_FOR_CUPS), (2, 2 * PAID_FOR_TEA)], SENDING)
    assert (await _refund(paid, {tea: 1})).amount == PAID_FOR_TEA
    assert (await _refund(paid, {}, 1000)).amount == 1000
    assert (await _refund(paid, {cups: 1}, 800)).amount == PAID_FOR_CUPS + 800
    assert await _left(paid) == ([(0, 0), (1, PAID_FOR_TEA)], SENDING - 1800)
    assert (await row(Order, history.order_id)).status == "partially_refunded"
    await _refund(paid, {tea: 1}, SENDING - 1800)
    assert await _left(paid) == ([(0, 0), (0, 0)], 0)
    assert sorted(part.units for part in await rows(RefundPart)) == [0, 0, 0, 1, 1, 1]  # sending is none
    assert ((await row(Order, history.order_id)).status, (await row(Payment, paid)).amount_refunded) == (
        "refunded",
        AMOUNT,
    )
    assert await violations() == []


async def test_what_has_gone_back_does_not_go_back_again(paid: str, lines: tuple[str, str]) -> None:
    cups, tea = lines
    await _refund(paid, {cups: 1, tea: 1}, 4000)
    for units, delivery, left in (
        ({cups: 1}, 0, "Only 0 of Kulhad cups are left to refund."),
        ({tea: 2}, 0, "Only 1 of Kulhad cups is left to refund."),
        ({}, 801, "Only ₹8.00 of what sending it cost is left to refund."),
        ({tea: 1}, 801, "Only ₹8.00 of what sending it cost is left to refund."),
    ):
        with pytest.raises(RefundRefused) as refused:
            await _refund(paid, units, delivery)
        assert refused.value.detail == left
    assert (len(await rows(Refund)), len(await rows(RefundPart))) == (1, 3)


async def test_no_refund_is_begun_that_razorpay_would_refuse_nor_one_that_leaves_such_a_rest(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    for amount in (99, AMOUNT - 99):
        with pytest.raises(RefundRefused, match=r"^Razorpay sends back ₹1\.00 at least"):
            await service.refund(paid, amount, reason="Sent back.", request_key=new_event_id())
    with pytest.raises(RefundRefused, match="Razorpay sends back"):
        await _refund(paid, {}, 99)
    assert await rows(Refund) == []
    for amount in (100, AMOUNT - 200, 100):
        await service.refund(paid, amount, reason="Sent back.", request_key=new_event_id())
    assert (lines, (await row(Order, history.order_id)).status) == (lines, "refunded")


async def test_what_a_bank_has_returned_can_be_given_back_again(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, _ = lines
    refunds_end(history, "pending")
    await _refund(paid, {cups: 1}, SENDING)
    assert await _left(paid) == ([(0, 0), (2, 2 * PAID_FOR_TEA)], 0)
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    refunds_end(history, "processed")
    assert await _left(paid) == ([(1, PAID_FOR_CUPS), (2, 2 * PAID_FOR_TEA)], SENDING)
    assert (await _refund(paid, {cups: 1})).amount == PAID_FOR_CUPS
    assert await violations() == []


async def test_the_same_key_is_the_same_refund_of_the_same_parts(paid: str, lines: tuple[str, str]) -> None:
    cups, tea = lines
    first = await _refund(paid, {cups: 1, tea: 1}, 500, key="key")
    assert (await _refund(paid, {tea: 1, cups: 1}, 500, key="key")).id == first.id
    for units, delivery in (({cups: 1}, 500), ({cups: 1, tea: 2}, 500), ({cups: 1, tea: 1}, 0)):
        with pytest.raises(RefundRefused, match="already asked for with other lines"):
            await _refund(paid, units, delivery, key="key")
    for amount in (first.amount, None):
        with pytest.raises(RefundRefused, match="already asked for with other lines"):
            await service.refund(paid, amount, reason="Sent back.", request_key="key")
    assert len(await rows(Refund)) == 1


async def test_parts_are_of_the_order_that_the_payment_pays(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    made = await checkout.create_order(BUYER, [Item(history.product_id)], to=somewhere())
    async with database.write() as session:
        [another] = await orders.lines(session, made.order.id)
        await orders.cancel(session, made.order.id, BUYER)
    for line in (another.id, "unknown"):
        with pytest.raises(InvalidInput) as refused:
            await _refund(paid, {lines[0]: 1, line: 1})
        assert list(refused.value.fields) == ["lines"]
    surplus = await _pay(history.inside, made.razorpay_order_id)
    with pytest.raises(InvalidInput):
        await _refund(surplus, {lines[0]: 1})
    with pytest.raises(RefundRefused):
        await _refund(surplus, {}, 1)
    assert await _left(surplus) == ([], 0)
    assert await rows(RefundPart) == []


async def test_what_went_back_by_an_amount_is_of_no_line_and_can_not_go_back_twice(
    paid: str, lines: tuple[str, str]
) -> None:
    await service.refund(paid, AMOUNT - PAID_FOR_TEA, reason="Late.", request_key="an amount")
    with pytest.raises(RefundRefused, match=r"^Only ₹81\.00 is left to refund\.$"):
        await _refund(paid, {lines[0]: 1})
    assert await rows(RefundPart) == []
    assert (await service.refundable(paid)).left == PAID_FOR_TEA
    assert (await _refund(paid, {lines[1]: 1})).amount == PAID_FOR_TEA
    assert await violations() == []


async def test_each_part_of_what_an_offer_made_cheaper_was_paid_with_its_share(
    history: History, lines: tuple[str, str]
) -> None:
    await history.live(("offer", 0, ""), ("attempt", 0, "success"), ("callback", 0, ""))
    [payment] = history.inside.entities("payment")
    (cups, tea), sending = await _left(payment["id"])
    assert (cups, tea, sending) == ((1, 21375), (2, 12825), 3800)
    await _refund(payment["id"], {lines[1]: 1})
    await _refund(payment["id"], {lines[0]: 1, lines[1]: 1}, sending)
    assert (await row(Payment, payment["id"])).amount_refunded == AMOUNT - 10000
    assert (await row(Order, history.order_id)).status == "refunded"


async def test_for_what_cost_nothing_nothing_goes_back(inside: Inside) -> None:
    await inside.clear()
    cups = await put_on_shelf(9)
    await charge_everywhere(SENDING)
    async with database.write() as session:
        session.add(Coupon(code="ALL", kind=CouponKind.PERCENT, value=10000))
    made = await checkout.create_order(BUYER, [Item(cups)], coupon="ALL", to=somewhere())
    payment_id = await _pay(inside, made.razorpay_order_id)
    [line] = await rows(OrderLine)
    with pytest.raises(RefundRefused, match="Nothing was paid for that"):
        await _refund(payment_id, {line.id: 1})
    assert (await _refund(payment_id, {line.id: 1}, SENDING)).amount == SENDING


async def _pay(inside: Inside, razorpay_order_id: str) -> str:
    payment_id = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=razorpay_order_id))["id"]
    attempts.conclude(inside.gateway, payment_id, "success")
    await settle.settle(payment_id)
    return str(payment_id)


@pytest.fixture(scope="module")
async def shop(inside: Inside) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the shop's API, in this process."""
    assert inside
    transport = httpx.ASGITransport(build_api())
    async with httpx.AsyncClient(transport=transport, base_url=f"{shop_settings().public_url}/api") as client:
        yield client


SALES = st.tuples(
    st.lists(st.tuples(st.integers(5_000, 99_999), st.integers(1, 4)), min_size=1, max_size=4),
    st.integers(0, 9000),
    st.just(0) | st.integers(100, 9_999),
)
"""What the lines cost and how many units they are of, how much a coupon takes off in basis points, and the charge."""


@settings(
    max_examples=300 if NIGHTLY else 5,
    database=None,
    derandomize=not NIGHTLY,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # a sale is small as it is, and each takes long
)
@given(sale=SALES, chance=st.randoms())
async def test_line_by_line_in_any_order_exactly_what_was_paid_goes_back(
    inside: Inside, shop: httpx.AsyncClient, sale: tuple[list[tuple[int, int]], int, int], chance: Random
) -> None:
    wanted, off, charge = sale
    await inside.clear()
    await charge_everywhere(charge)
    async with database.write() as session:
        session.add(Coupon(code="OFF", kind=CouponKind.PERCENT, value=off))
    items = [
        Item(await put_on_shelf(9, price, slug=f"cups-{place}", tax_rate=500), units)
        for place, (price, units) in enumerate(wanted)
    ]
    made = await checkout.create_order(BUYER, items, coupon="OFF", to=somewhere())
    payment_id = await _pay(inside, made.razorpay_order_id)
    shop.headers["authorization"] = f"Bearer {await keep_shop()}"
    given: list[int] = []
    while (told := await _refundable(shop, payment_id))["left"]:
        given.append(await _give_some_back(shop, told, chance))
    assert [line["left"] for line in told["lines"]] == [0] * len(wanted)
    assert (told["delivery"], sum(given)) == (0, made.order.amount)
    assert (await row(Order, made.order.id)).status == "refunded"
    assert await violations() == []


async def _refundable(shop: httpx.AsyncClient, payment_id: str) -> Any:
    return (await shop.get(f"/merchant/payments/{payment_id}/refundable")).raise_for_status().json()


async def _give_some_back(shop: httpx.AsyncClient, told: Any, chance: Random) -> int:
    """Give some of what is left back: units of lines, or what sending it cost; returns the amount."""
    left = {line["line_id"]: line["left"] for line in told["lines"] if line["left"]}
    some = sorted(chance.sample(sorted(left), chance.randint(0 if told["delivery"] else 1, len(left))))
    body: dict[str, Any] = {"payment_id": told["payment_id"], "reason": "Sent back."}
    if some:
        body["lines"] = [{"line_id": line_id, "quantity": chance.randint(1, left[line_id])} for line_id in some]
    else:
        body["delivery"] = chance.choice([told["delivery"], max(told["delivery"] // 2, 100)])
    headers = {"Idempotency-Key": new_event_id()}
    answer = await shop.post("/merchant/refunds", json=body, headers=headers)
    if answer.status_code == 409:  # as little as that Razorpay does not send, or there would be as little left
        body |= {"delivery": told["delivery"]}
        if left:
            body["lines"] = [{"line_id": line_id, "quantity": units} for line_id, units in sorted(left.items())]
        answer = await shop.post("/merchant/refunds", json=body, headers=headers)
    made = answer.raise_for_status().json()
    assert (made["lines"], made["delivery"]) == (body.get("lines", []), body.get("delivery", 0))
    return int(made["amount"])
