"""Who ordered a product and did not pay is told so on its page, and nobody else is."""

import pytest

from checkout_app.buyer.order.state import OrderState
from checkout_app.checkout.state import CheckoutState
from checkout_app.shopfront.state import ProductState
from tests.states.driver import Tab

JHOOLA = "/product/carved-rosewood-jhoola"


async def _ordered(tab: Tab) -> str:
    """Order all that there is of something, and return the order's id."""
    tab.path = "/checkout?product=carved-rosewood-jhoola&quantity=2"
    await tab.send(CheckoutState.load)
    await tab.send(CheckoutState.place_order)
    order_id: str = (await tab.state(CheckoutState)).payment["orderId"]
    return order_id


async def _told(tab: Tab, path: str = JHOOLA) -> tuple[str, str]:
    tab.path = path
    await tab.send(ProductState.load)
    state = await tab.state(ProductState)
    return state.product, state.unpaid_order


async def test_an_unpaid_order_is_named_until_it_is_over(asha: Tab) -> None:
    order_id = await _ordered(asha)
    assert await _told(asha) == ("carved-rosewood-jhoola", f"/orders/{order_id}")
    assert await _told(asha, "/product/neem-comb") == ("neem-comb", "")
    asha.path = f"/orders/{order_id}"
    await asha.send(OrderState.cancel_order)
    assert await _told(asha) == ("carved-rosewood-jhoola", "")


async def test_nobody_else_is_told_of_it(asha: Tab) -> None:
    await _ordered(asha)
    asha.cookie = ""
    assert await _told(asha) == ("carved-rosewood-jhoola", "")


@pytest.mark.parametrize("slug", ["", "no-such-thing", "%00", "x" * 5_000, "'--"])
async def test_whatever_stands_in_the_address_names_no_order(asha: Tab, slug: str) -> None:
    await _ordered(asha)
    assert (await _told(asha, f"/product/{slug}"))[1] == ""
