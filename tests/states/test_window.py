"""The payment window: what it is opened with, when it closes by itself, and what is said before and after."""

import pytest
from sqlmodel import select, update

from checkout_app.catalog.models import Variant
from checkout_app.checkout.state import CheckoutState
from checkout_app.checkout.views import LOADING
from checkout_app.core import clock, database
from checkout_app.orders.models import Order
from tests.states.driver import Tab

HINT = "Most banks take no more than ₹1,00,000.00 by UPI at a time. A card or net banking takes more."


async def _at_checkout(tab: Tab) -> CheckoutState:
    tab.path = "/checkout?product=bell-metal-bowl&quantity=1"
    await tab.send(CheckoutState.load)
    return await tab.state(CheckoutState)


async def _order_of(tab: Tab) -> tuple[CheckoutState, Order]:
    """Let somebody press Pay."""
    state = await _at_checkout(tab)
    await tab.send(CheckoutState.place_order)
    async with database.read() as session:
        return state, (await session.exec(select(Order))).one()


async def test_the_window_closes_before_the_hold_ends_and_asks_nobody_for_a_upi_address(asha: Tab) -> None:
    state, order = await _order_of(asha)
    options = state.payment["options"]
    left = (order.expires_at - clock.now()).total_seconds()
    assert left - 60 < options["timeout"] <= left - LOADING.total_seconds() + 1
    assert options["config"] == {"display": {"hide": [{"method": "upi", "flows": ["collect"]}]}}
    assert options["prefill"] == {"name": "Asha Rao", "email": "asha@example.in"}


async def test_no_window_opens_that_would_outlive_the_hold(asha: Tab) -> None:
    state, order = await _order_of(asha)
    await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
    assert state.notice == "You closed the payment window."
    assert state.hold_notice.startswith("We keep your items until ")
    async with database.write() as session:
        (await session.get_one(Order, order.id)).expires_at = clock.now() + LOADING / 2
    await asha.send(CheckoutState.place_order)
    assert (state.phase, state.payment, asha.went_to) == ("review", {}, [f"/orders/{order.id}"])


async def test_who_lets_the_time_to_pay_pass_is_told_so(asha: Tab) -> None:
    state, _ = await _order_of(asha)
    state._closes_at = clock.now()  # noqa: SLF001 - a quarter of an hour has passed
    await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
    assert state.notice == "The time to pay is over: your items are not kept any longer."


@pytest.mark.parametrize(("amount", "hint"), [(10_000_000, ""), (10_000_001, HINT)])
async def test_who_pays_more_than_upi_takes_is_told_before(asha: Tab, amount: int, hint: str) -> None:
    async with database.write() as session:
        await session.exec(update(Variant).values(amount=amount))
    assert (await _at_checkout(asha)).summary.hint == hint
