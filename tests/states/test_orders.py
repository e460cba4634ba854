"""An order's page shows one's own orders only, as the books and the gateway have them."""

from typing import Any

import pytest

from checkout_app.accounts import service as accounts
from checkout_app.auth.tokens import Identity, validate
from checkout_app.buyer.order.state import OrderState
from checkout_app.buyer.orders.state import OrdersState
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core import database
from checkout_app.orders.models import Order
from tests.states.conftest import cookie_of
from tests.states.driver import Tab
from tests.support.shops import Gateway


async def _identity(tab: Tab) -> Identity:
    return await validate(tab.cookie.removeprefix("session="))


async def _ordered(tab: Tab, slug: str = "neem-comb") -> PaymentOrder:
    """Make an unpaid order of the tab's owner and put its page into the address bar."""
    opened = await checkout.create_order(await _identity(tab), [Item(slug)])
    tab.path = f"/orders/{opened.order.id}"
    return opened


async def _shown(tab: Tab) -> OrderState:
    await tab.send(OrderState.load)
    return await tab.state(OrderState)


@pytest.mark.parametrize(("path", "handler"), [("/orders", OrdersState.load), ("/orders/X", OrderState.load)])
async def test_a_stranger_is_sent_to_sign_in_and_back(tab: Tab, path: str, handler: Any) -> None:
    tab.path = path
    await tab.send(handler)
    assert set(tab.went_to) == {f"/login?next={path.replace('/', '%2F')}"}


async def test_somebody_elses_order_looks_like_one_that_does_not_exist(asha: Tab) -> None:
    opened = await _ordered(asha)
    asha.cookie = await cookie_of(await accounts.guest("eve@example.in"))
    state = await _shown(asha)
    assert (state.missing, state.order.id) == (opened.order.id, "")
    await asha.send(OrderState.cancel_order, OrderState.watch)
    async with database.read() as session:
        assert (await session.get_one(Order, opened.order.id)).status == "created"


async def test_an_unpaid_order_says_that_no_money_was_taken_once_the_gateway_has_said_so(asha: Tab) -> None:
    await _ordered(asha)
    state = await _shown(asha)
    assert (state.order.display_state, state.order.message) == ("unpaid", "No money was taken.")


async def test_while_the_gateway_is_silent_nothing_is_claimed_about_the_money(asha: Tab, gateway: Gateway) -> None:
    opened = await _ordered(asha)
    gateway.set("faults", {"rules": [{"path": f"/v1/orders/{opened.razorpay_order_id}/payments", "kind": "502"}]})
    try:
        state = await _shown(asha)
    finally:
        gateway.set("faults", {"rules": []})
    assert (state.order.display_state, state.order.message) == ("unpaid", "")


async def test_after_a_failed_payment_the_page_says_by_when_money_would_be_back(asha: Tab, gateway: Gateway) -> None:
    opened = await _ordered(asha)
    gateway.pay(opened.razorpay_order_id, outcome="failure")
    state = await _shown(asha)
    assert state.order.display_state == "failed"
    assert state.order.message.startswith("If money left your account, it comes back by ")


async def test_money_nobody_told_the_shop_of_turns_the_page_into_the_receipt(asha: Tab, gateway: Gateway) -> None:
    opened = await _ordered(asha)
    paid = gateway.pay(opened.razorpay_order_id, method="upi", outcome="success").json()
    state = await _shown(asha)
    assert state.order.display_state == "paid"
    assert state.order.payment.id == paid["razorpay_payment_id"]
    assert state.order.first_name == "Asha"


async def test_a_cancelled_order_says_so_and_its_cancelling_twice_changes_nothing(asha: Tab) -> None:
    await _ordered(asha)
    await _shown(asha)
    await asha.send(OrderState.cancel_order, OrderState.cancel_order)
    state = await asha.state(OrderState)
    assert state.order.display_state == "cancelled"
    assert [event.message for event in state.order.timeline].count("The buyer cancelled the order.") == 1


async def test_a_paid_order_cant_be_cancelled(asha: Tab, gateway: Gateway) -> None:
    opened = await _ordered(asha)
    gateway.pay(opened.razorpay_order_id, outcome="success")
    await _shown(asha)
    await asha.send(OrderState.cancel_order)
    state = await asha.state(OrderState)
    assert (state.order.display_state, state.notice) == ("paid", "This order is closed.")


async def test_the_list_is_newest_first_and_older_ones_follow_on_request(asha: Tab) -> None:
    made = [(await _ordered(asha, "neem-comb")).order.id for _ in range(22)]
    asha.path = "/orders"
    await asha.send(OrdersState.load)
    state = await asha.state(OrdersState)
    assert (len(state.items), state.more) == (20, True)
    await asha.send(OrdersState.show_older, OrdersState.show_older)
    assert [item.href for item in state.items] == [f"/orders/{order_id}" for order_id in reversed(made)]
    assert not state.more
