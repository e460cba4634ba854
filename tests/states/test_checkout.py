"""The server actions of checkout refuse strangers and nonsense, and make one order however often they are called."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import update

from checkout_app.accounts import service as accounts
from checkout_app.auth.tokens import validate
from checkout_app.catalog.models import Variant
from checkout_app.catalog.picture_names import sign_of
from checkout_app.checkout.shares import mark_of
from checkout_app.checkout.state import CheckoutState
from checkout_app.core import clock, database
from checkout_app.core.settings import settings
from checkout_app.orders.models import Order
from checkout_app.seller.presentation import present
from tests.states.at_checkout import at_checkout, orders
from tests.states.conftest import cookie_of
from tests.states.driver import Tab, open_tab
from tests.support.inside import settings_for
from tests.support.shops import Gateway

CUPS = "/checkout?product=kulhad-cups-set-of-six&quantity=2"
LAST_ONE = "/checkout?product=carved-rosewood-jhoola&quantity=3"
"""All that there are."""
TO_LOGIN = "/continue?next=%2Fcheckout%3Fproduct%3Dkulhad-cups-set-of-six%26quantity%3D2"


async def test_a_stranger_is_sent_to_sign_in_and_back(tab: Tab) -> None:
    await at_checkout(tab, CUPS)
    assert set(tab.went_to) == {TO_LOGIN}


@pytest.mark.parametrize("handler", [CheckoutState.place_order, CheckoutState.pay_again("01M82PKCVQC37K9C38VPWYXD0E")])
async def test_a_strangers_action_makes_no_order(tab: Tab, handler: Any) -> None:
    tab.path = CUPS
    await tab.send(handler)
    state = await tab.state(CheckoutState)
    assert (state.phase, state.payment, await orders()) == ("review", {}, [])


@pytest.mark.parametrize(
    ("reason", "notice"),
    [
        ("card_declined", " The bank declined it. Choose another way to pay, or ask the bank why."),
        ("<b>Call us</b> at 1800", " Try again, or choose another way to pay."),
        ("x" * 20_000, " Try again, or choose another way to pay."),
    ],
)
async def test_why_an_attempt_failed_is_said_in_our_words_whatever_the_browser_says(
    asha: Tab, reason: str, notice: str
) -> None:
    await asha.send(CheckoutState.payment_failed(reason))
    assert (await asha.state(CheckoutState)).notice == f"The last attempt did not go through.{notice}"


async def test_the_summary_says_what_will_be_charged(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    assert state.summary.total == "₹960.00"
    assert state.summary.lines[0].label == "2 × Kulhad cups, set of six"  # noqa: RUF001 - a true multiplication sign


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/checkout?product=no-such-thing", "product_not_found"),
        ("/checkout", "nothing_chosen"),
        ("/checkout?product=blue-pottery-plate", "out_of_stock"),
        ("/checkout?product=kulhad-cups-set-of-six&quantity=0", "invalid_input"),
        ("/checkout?product=kulhad-cups-set-of-six&quantity=-1", "invalid_input"),
        ("/checkout?product=kulhad-cups-set-of-six&quantity=1e9", "invalid_input"),
        ("/checkout?product=kulhad-cups-set-of-six&quantity=99999999999999999999", "invalid_input"),
        ("/checkout?product=carved-rosewood-jhoola&quantity=4", "out_of_stock"),
    ],
)
async def test_what_cant_be_bought_is_said_and_makes_no_order(asha: Tab, path: str, code: str) -> None:
    assert (await at_checkout(asha, path)).problem == code
    await asha.send(CheckoutState.place_order)
    assert await orders() == []


async def test_what_costs_something_else_by_now_is_shown_first_and_charged_at_the_next_press(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await _reprice(99990)
    await asha.send(CheckoutState.place_order)
    assert (state.phase, state.notice) == ("review", "The price has changed from ₹960.00 to ₹1,999.80.")
    assert (state.summary.total, await orders()) == ("₹1,999.80", [])
    await asha.send(CheckoutState.place_order)
    assert [order.amount for order in await orders()] == [state.payment["options"]["amount"]] == [199980]


async def test_a_tax_that_changes_inside_the_same_price_is_shown_before_anything_is_charged(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    before = state.summary
    async with database.write() as session:
        await session.exec(update(Variant).values(tax_rate=1800))
    await asha.send(CheckoutState.place_order)
    assert (state.phase, state.summary.total, await orders()) == ("review", before.total, [])
    assert (before.tax, state.summary.tax) == ("", "₹146.44")
    assert state.notice == "The tax inside the price has changed from ₹0.00 to ₹146.44."
    await asha.send(CheckoutState.place_order)
    assert [(order.amount, order.tax) for order in await orders()] == [(96_000, 14_644)]


async def test_an_order_that_is_made_keeps_its_price(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.place_order)
    await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
    await _reprice(99990)
    await asha.send(CheckoutState.place_order)
    assert (state.phase, [order.amount for order in await orders()]) == ("paying", [96000])


async def _reprice(amount: int) -> None:
    async with database.write() as session:
        await session.exec(update(Variant).values(amount=amount))


async def test_a_press_on_the_page_of_something_else_buys_nothing(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    asha.path = "/checkout?product=bell-metal-bowl&quantity=1"
    await asha.send(CheckoutState.place_order)
    assert (state.phase, await orders()) == ("review", [])


async def test_five_clicks_at_once_make_one_order_and_open_one_modal(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(*[CheckoutState.place_order] * 5)
    [order] = await orders()
    assert state.phase == "paying"
    assert state.payment["orderId"] == order.id
    assert state.payment["options"]["amount"] == order.amount == 96000


async def test_the_modal_has_the_name_the_sign_and_the_colour_of_the_shop(asha: Tab) -> None:
    logo = sign_of("a" * 64)
    await present(name="Kāgaz", logo=logo, accent="#123456")
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.place_order)
    options = state.payment["options"]
    assert (options["name"], options["image"]) == ("Kāgaz", f"{settings().public_url}{logo}")
    assert options["theme"] == {"color": "#123456"}
    await present(name="", logo="", accent="")


async def test_who_closes_the_modal_and_tries_again_gets_the_same_order(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.place_order)
    first = state.payment
    await asha.send(CheckoutState.payment_dismissed(first["nonce"]))
    assert state.phase == "review"
    assert state.notice == "You closed the payment window."
    assert state.hold_notice.startswith("We keep your items until ")
    await asha.send(CheckoutState.place_order)
    assert state.payment["nonce"] != first["nonce"]
    assert state.payment["options"]["order_id"] == first["options"]["order_id"]
    assert len(await orders()) == 1


async def test_a_success_leads_to_the_order_whatever_else_is_clicked(asha: Tab, gateway: Gateway) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.place_order)
    [order] = await orders()
    paid = gateway.pay(state.payment["options"]["order_id"], method="upi", outcome="success").json()
    await asha.send(CheckoutState.payment_succeeded(paid), CheckoutState.payment_succeeded(paid))
    assert asha.went_to == [f"/orders/{order.id}"]
    assert [row.status for row in await orders()] == ["paid"]


async def _buy(tab: Tab, gateway: Gateway) -> tuple[CheckoutState, str]:
    """Buy the cups and look at their receipt; returns its path as well."""
    state = await at_checkout(tab, CUPS)
    await tab.send(CheckoutState.place_order)
    paid = gateway.pay(state.payment["options"]["order_id"], outcome="success").json()
    await tab.send(CheckoutState.payment_succeeded(paid))
    tab.path = tab.went_to[-1]
    await tab.send(CheckoutState.leave_checkout)
    return state, tab.path


async def test_who_buys_the_same_again_is_told_so_and_makes_a_new_order(asha: Tab, gateway: Gateway) -> None:
    state, receipt = await _buy(asha, gateway)
    assert state.bought == ""
    await at_checkout(asha, CUPS)
    assert state.bought == receipt
    await asha.send(CheckoutState.place_order)
    assert sorted(row.status for row in await orders()) == ["created", "paid"]


async def test_another_product_is_bought_in_silence(asha: Tab, gateway: Gateway) -> None:
    state, _ = await _buy(asha, gateway)
    await at_checkout(asha, "/checkout?product=neem-comb")
    assert (state.bought, state.summary.total) == ("", "₹149.00")


@pytest.mark.parametrize("otherwise", ["paid long ago", "refunded", "somebody else's"])
async def test_so_is_the_same_when_it_was_not_just_bought_by_its_buyer(
    asha: Tab, gateway: Gateway, otherwise: str
) -> None:
    state, _ = await _buy(asha, gateway)
    eve = await accounts.guest("eve@example.in")
    changed = {
        "paid long ago": {"paid_at": clock.now() - timedelta(hours=2)},
        "refunded": {"payment_status": "refunded"},
        "somebody else's": {"buyer_id": eve.id},
    }
    async with database.write() as session:
        await session.exec(update(Order).values(changed[otherwise]))
    await at_checkout(asha, CUPS)
    assert (state.bought, state.summary.total) == ("", "₹960.00")


async def test_who_presses_pay_after_the_hold_ended_is_led_to_that_order_and_can_buy_anew(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.place_order)
    await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
    [order] = await orders()
    async with database.write() as session:
        (await session.get_one(Order, order.id)).expires_at = clock.now()
    await asha.send(CheckoutState.place_order)
    assert (state.phase, state.payment, asha.went_to) == ("review", {}, [f"/orders/{order.id}"])
    await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.place_order)
    assert (state.phase, len(await orders())) == ("paying", 2)


async def test_who_closes_the_tab_is_offered_the_same_order_in_the_next_one(asha: Tab) -> None:
    state = await at_checkout(asha, LAST_ONE)
    await asha.send(CheckoutState.place_order)
    [order] = await orders()
    await _reprice(99990)
    async with open_tab() as another:
        another.cookie = asha.cookie
        found = await at_checkout(another, LAST_ONE)
        assert (found.problem, found.summary, found.hold_notice) == ("", state.summary, state.hold_notice)
        await another.send(CheckoutState.place_order)
        assert (found.phase, found.payment["options"]) == ("paying", state.payment["options"])
    assert [row.id for row in await orders()] == [order.id]


async def test_who_wants_one_more_of_what_they_hold_is_not_told_that_it_is_sold_out(asha: Tab) -> None:
    for quantity in (2, 3):
        state = await at_checkout(asha, f"/checkout?product=carved-rosewood-jhoola&quantity={quantity}")
        await asha.send(CheckoutState.place_order)
        assert (state.phase, state.problem, state.notice) == ("paying", "", "")
        await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
    assert [row.status for row in await orders()] == ["cancelled", "created"]


async def test_who_leaves_too_much_unpaid_is_led_to_the_order_that_is_in_the_way(
    asha: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with settings_for(monkeypatch, RATE_LIMITS="order=1000/minute, unpaid=2"):
        state = await at_checkout(asha, CUPS)
        await asha.send(CheckoutState.place_order)
        await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
        [order] = await orders()
        await at_checkout(asha, "/checkout?product=bell-metal-bowl&quantity=1")
        await asha.send(CheckoutState.place_order)
        assert (state.phase, state.unpaid_order, len(await orders())) == ("review", order.id, 1)
        assert state.notice == f"Order {order.number} is not paid yet. Pay it or cancel it first."
        assert order.ordered_from == mark_of("127.0.0.1")
        async with database.write() as session:
            await session.exec(update(Order).values(state="cancelled", stock="released", ordered_from=None))
        await asha.send(CheckoutState.place_order)
        assert (state.phase, state.unpaid_order) == ("paying", "")


async def test_a_redirect_that_got_lost_is_made_up_for_when_the_page_connects_again(
    asha: Tab, gateway: Gateway
) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.place_order)
    paid = gateway.pay(state.payment["options"]["order_id"], outcome="success").json()
    await asha.send(CheckoutState.payment_succeeded(paid))
    asha.went_to.clear()
    await at_checkout(asha, CUPS)
    assert asha.went_to == [f"/orders/{(await orders())[0].id}"]


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"razorpay_payment_id": 7, "razorpay_order_id": None, "razorpay_signature": ["x"]},
        {"razorpay_payment_id": "pay_1", "razorpay_order_id": "order_1", "razorpay_signature": "é" * 500},
        "not a mapping",
    ],
)
async def test_a_made_up_success_pays_nothing(asha: Tab, result: Any) -> None:
    await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.place_order)
    await asha.send(CheckoutState.payment_succeeded(result))
    [order] = await orders()
    assert order.status == "created"
    assert asha.went_to[0].startswith(f"/orders/{order.id}?problem=")


async def test_somebody_elses_order_cant_be_opened_for_payment(asha: Tab) -> None:
    await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.place_order)
    [order] = await orders()
    asha.cookie = await cookie_of(await accounts.guest("eve@example.in"))
    asha.path = f"/orders/{order.id}"
    await asha.send(CheckoutState.leave_checkout)
    await asha.send(CheckoutState.pay_again(order.id))
    state = await asha.state(CheckoutState)
    assert (state.phase, state.payment) == ("review", {})
    assert state.notice == "We can't find this order."


@pytest.mark.parametrize("nonsense", [None, 7, {"$ne": ""}, ["x"], "x" * 10_000, "' OR 1=1 --"])
async def test_pay_again_takes_nothing_but_an_order_of_ones_own(asha: Tab, nonsense: Any) -> None:
    await asha.send(CheckoutState.pay_again(nonsense))
    assert (await asha.state(CheckoutState)).payment == {}


async def test_a_revoked_session_leads_to_sign_in_and_makes_no_order(asha: Tab) -> None:
    await at_checkout(asha, CUPS)
    identity = await validate(asha.cookie.removeprefix("session="))
    async with database.write() as session:
        await accounts.revoke(session, identity.session_id)
    await asha.send(CheckoutState.place_order)
    assert asha.went_to == [TO_LOGIN]
    assert await orders() == []
