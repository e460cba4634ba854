"""The coupon's field: what is typed there is priced at once, and what is no coupon is refused beside it."""

from typing import Any

import pytest

from checkout_app.checkout.state import CheckoutState
from checkout_app.journal.actors import OPERATOR
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.pricing.service import create_coupon, end_coupon
from tests.states.at_checkout import CUPS, at_checkout, orders
from tests.states.driver import Tab

CODE = "DIWALI"


@pytest.fixture(autouse=True)
async def _coupon(_rooms: None) -> None:
    await create_coupon(Coupon(code=CODE, kind=CouponKind.PERCENT, value=1000), OPERATOR)


async def test_what_a_coupon_takes_off_is_shown_first_and_charged_exactly(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.use_coupon({"coupon": " diwali "}))
    assert (state.coupon, state.summary.discount, state.summary.total) == (CODE, "₹48.00", "₹432.00")
    await asha.send(CheckoutState.place_order({}, 43_200))
    [order] = await orders()
    assert (state.phase, order.coupon, order.discount, order.amount) == ("paying", CODE, 4_800, 43_200)


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        ({"coupon": "HOLI"}, "There is no such coupon."),
        ({"coupon": "x" * 10_000}, "There is no such coupon."),
        ({"coupon": {"$ne": ""}}, ""),
        ({}, ""),
        (None, ""),
    ],
)
async def test_what_is_no_coupon_takes_nothing_off(asha: Tab, form: Any, refused: str) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.use_coupon(form))
    assert (state.coupon, state.coupon_refused, state.summary.total) == ("", refused, "₹480.00")


async def test_a_coupon_that_ends_meanwhile_is_refused_and_nothing_is_charged(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.use_coupon({"coupon": CODE}))
    await end_coupon(CODE, OPERATOR)
    await asha.send(CheckoutState.place_order({}, 43_200))
    assert (state.phase, state.coupon_refused, state.summary.total) == ("review", "This coupon is over.", "₹480.00")
    assert (state.notice, await orders()) == ("The price has changed from ₹432.00 to ₹480.00.", [])
    await asha.send(CheckoutState.place_order({}, 48_000))
    assert [order.amount for order in await orders()] == [48_000]


async def test_a_coupon_is_forgotten_with_the_purchase_it_was_for(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.use_coupon({"coupon": CODE}))
    await at_checkout(asha, "/checkout?product=neem-comb&quantity=1")
    assert (state.coupon, state.summary.discount) == ("", "")
