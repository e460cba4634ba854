"""The checkout of a cart: all of it is one order, and nothing of it is charged that its buyer has not seen."""

import pytest
from sqlmodel import col, select, update

from checkout_app.accounts import service as accounts
from checkout_app.auth.models import User
from checkout_app.cart import service as cart
from checkout_app.cart.errors import CartChanged
from checkout_app.cart.owner import Owner, cookie_name, new_secret
from checkout_app.catalog.models import Variant
from checkout_app.checkout.state import CheckoutState
from checkout_app.core import database
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import settle
from tests.states.at_checkout import at_checkout, orders
from tests.states.conftest import cookie_of
from tests.states.driver import Tab
from tests.support.shops import Gateway

CUPS, COMB = "kulhad-cups-set-of-six", "neem-comb"


@pytest.fixture
async def filled(tab: Tab) -> Owner:
    """A browser with a cart, in which somebody has gone on as a guest."""
    secret = new_secret()
    browser = Owner.of(None, {cookie_name(): secret})
    await cart.add(browser, CUPS, 2)
    await cart.add(browser, COMB)
    user: User = await accounts.guest("asha@example.in", "Asha Rao")
    tab.cookie = f"{await cookie_of(user)}; {cookie_name()}={secret}"
    return Owner(user.id, browser=browser.browser)


async def _lines(order: Order) -> list[tuple[str, int]]:
    async with database.read() as session:
        found = await session.exec(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.slug))
        return [(line.slug, line.quantity) for line in found]


async def test_all_of_a_cart_is_one_order_and_leaves_it_when_it_is_paid(
    tab: Tab, filled: Owner, gateway: Gateway
) -> None:
    state = await at_checkout(tab, "/checkout")
    assert [line.label for line in state.summary.lines] == [
        "2 × Kulhad cups, set of six",  # noqa: RUF001 - a true multiplication sign
        "Neem comb",
    ]
    assert state.summary.total == "₹1,109.00"
    await tab.send(*[CheckoutState.place_order] * 3)
    [order] = await orders()
    assert (await _lines(order), order.amount) == ([(CUPS, 2), (COMB, 1)], 110900)
    await cart.add(filled, COMB, 2)
    paid = gateway.pay(state.payment["options"]["order_id"], method="upi", outcome="success").json()
    await tab.send(CheckoutState.payment_succeeded(paid))
    assert tab.went_to == [f"/orders/{order.id}"]
    assert [(line.slug, line.quantity) for line in (await cart.contents(filled)).lines] == [(COMB, 2)]
    assert any("_remove_cookie" in message for message in tab.received)


async def test_a_cart_that_another_tab_has_changed_is_shown_before_anything_is_charged(tab: Tab, filled: Owner) -> None:
    state = await at_checkout(tab, "/checkout")
    seen = await cart.contents(filled)
    await cart.set_quantity(filled, seen.lines[0].id, 1, version=seen.version)
    await tab.send(CheckoutState.place_order)
    assert (state.phase, state.notice, await orders()) == ("review", CartChanged.sentence, [])
    assert state.summary.total == "₹629.00"
    await tab.send(CheckoutState.place_order)
    assert [order.amount for order in await orders()] == [62900]
    assert state.phase == "paying"


async def test_what_costs_something_else_by_now_is_shown_first(tab: Tab, filled: Owner) -> None:
    assert filled
    state = await at_checkout(tab, "/checkout")
    async with database.write() as session:
        await session.exec(update(Variant).where(col(Variant.amount) == 14900).values(amount=15000))
    await tab.send(CheckoutState.place_order)
    assert (state.notice, await orders()) == ("The price has changed from ₹1,109.00 to ₹1,110.00.", [])


async def test_who_comes_back_from_their_bank_finds_their_payment_though_the_cart_is_empty_by_then(
    tab: Tab, filled: Owner, gateway: Gateway
) -> None:
    state = await at_checkout(tab, "/checkout")
    await tab.send(CheckoutState.place_order)
    [order] = await orders()
    paid = gateway.pay(state.payment["options"]["order_id"], method="upi", outcome="success").json()
    await settle.settle(paid["razorpay_payment_id"])
    assert (await cart.contents(filled)).lines == ()
    await tab.send(CheckoutState.load)
    assert tab.went_to == [f"/orders/{order.id}"]


async def test_a_stranger_is_sent_to_sign_in_and_back_to_their_cart(tab: Tab) -> None:
    await at_checkout(tab, "/checkout")
    assert set(tab.went_to) == {"/continue?next=%2Fcheckout"}


async def test_something_bought_by_itself_leaves_the_cart_alone(tab: Tab, filled: Owner) -> None:
    tab.path = f"/checkout?product={CUPS}&quantity=1"
    await tab.send(CheckoutState.load)
    await tab.send(CheckoutState.place_order)
    [order] = await orders()
    assert (await _lines(order), order.cart_id) == ([(CUPS, 1)], None)
    assert (await cart.contents(filled)).units == 3
