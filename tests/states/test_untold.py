"""A gateway that refuses to tell of an order keeps nobody from looking at it, closing the modal or paying later."""

from typing import Any

import pytest
from sqlmodel import col, update

from checkout_app.auth.tokens import validate
from checkout_app.buyer.order.state import OrderState
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.state import CheckoutState
from checkout_app.core import database
from checkout_app.payments import reconcile
from checkout_app.payments.models import GatewayOrder
from tests.states.driver import Tab
from tests.support.inside import timeline, waits_for
from tests.support.shops import Gateway

CUPS = "/checkout?product=kulhad-cups-set-of-six&quantity=2"
UNTOLD = pytest.mark.parametrize("name", ["order_AAAAAAAAAAAAAA", "nonsense"], ids=["unknown", "malformed"])


async def _rename(known: str, name: str) -> None:
    """Let the books know a gateway order by another id."""
    async with database.write() as session:
        await session.exec(update(GatewayOrder).where(col(GatewayOrder.id) == known).values(id=name))


@UNTOLD
async def test_an_orders_page_shows_the_books_and_claims_nothing_about_the_money(
    asha: Tab, gateway: Gateway, name: str
) -> None:
    buyer = await validate(asha.cookie.removeprefix("session="))
    opened = await checkout.create_order(buyer, [Item("neem-comb")])
    asha.path = f"/orders/{opened.order.id}"
    await _rename(opened.razorpay_order_id, name)
    await asha.send(OrderState.load)
    state = await asha.state(OrderState)
    assert (state.order.id, state.order.display_state, state.order.message) == (opened.order.id, "unpaid", "")
    await asha.send(OrderState.watch)
    assert (state.order.display_state, state.order.message) == ("unpaid", "")
    await reconcile.check_order(opened.order.id)
    await asha.send(OrderState.load)
    [said] = await waits_for(opened.order.id)
    assert (state.order.display_state, state.order.timeline[-1].message) == ("attention", said)
    await _rename(name, opened.razorpay_order_id)
    gateway.pay(opened.razorpay_order_id, outcome="success").raise_for_status()
    await reconcile.check_order(opened.order.id)
    await asha.send(OrderState.load)
    assert state.order.display_state == "paid"
    assert ("decided", "This has solved itself.") in await timeline(opened.order.id)
    assert await waits_for(opened.order.id) == []


async def _pays(asha: Tab) -> CheckoutState:
    asha.path = CUPS
    await asha.send(CheckoutState.load)
    await asha.send(CheckoutState.place_order)
    state = await asha.state(CheckoutState)
    assert state.phase == "paying"
    return state


@UNTOLD
async def test_closing_the_modal_leads_back_to_the_review(asha: Tab, name: str) -> None:
    state = await _pays(asha)
    payment: dict[str, Any] = state.payment
    await _rename(payment["options"]["order_id"], name)
    await asha.send(CheckoutState.payment_dismissed(payment["nonce"]))
    assert (state.phase, state.payment, asha.went_to) == ("review", {}, [])
    assert "You closed the payment window" in state.notice


async def test_money_that_came_all_the_same_is_found_when_the_modal_is_closed_once_more(
    asha: Tab, gateway: Gateway
) -> None:
    state = await _pays(asha)
    payment: dict[str, Any] = state.payment
    known = payment["options"]["order_id"]
    gateway.pay(known, outcome="success").raise_for_status()
    await _rename(known, "nonsense")
    await asha.send(CheckoutState.payment_dismissed(payment["nonce"]))
    assert (state.phase, asha.went_to) == ("review", [])
    await _rename("nonsense", known)
    await asha.send(CheckoutState.place_order)
    await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
    assert asha.went_to == [f"/orders/{payment['orderId']}"]
