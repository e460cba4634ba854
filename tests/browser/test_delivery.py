"""A parcel goes where its buyer says, for exactly what stood on the button."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.hands import taps, type_into, typed, watch
from tests.browser.steps import (
    CUPS,
    choose,
    expect_no_sideways_scroll,
    expect_paid,
    new_address,
    pay_by_card,
    sheet,
)
from tests.browser.zones import sending_as_the_demo
from tests.support.zones import ADDRESS


@pytest.fixture(autouse=True)
def _zones(shop: Shop) -> Iterator[None]:
    """The shop says where it sends, as the demo does."""
    with sending_as_the_demo(shop):
        yield


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def test_a_guest_on_a_phone_is_shown_what_they_pay_and_needs_eight_taps_and_five_fields(page: Page, shop: Shop) -> None:
    watch(page)
    page.goto("/")
    page.get_by_role("link", name=re.compile("Kulhad cups")).tap()
    expect_no_sideways_scroll(page)
    page.get_by_role("button", name="Buy now").tap()
    email, guest = new_address(), page.get_by_role("form", name="Continue as a guest")
    type_into(guest.get_by_label("E-mail"), email)
    guest.get_by_role("button", name="Continue").tap()
    delivery = page.get_by_role("region", name="Delivery")
    type_into(delivery.get_by_label("Name"), "Asha Rao")
    type_into(delivery.get_by_label("Mobile number"), "98765 43210")
    pin, house = delivery.get_by_label("PIN code"), delivery.get_by_label("House, street, area")
    type_into(pin, "57000")
    pin.press("Enter")
    expect(page.get_by_text("No post office has this PIN")).to_be_visible()
    assert violations(page) == []
    type_into(pin, "570001")
    pin.press("Enter")
    expect(house).to_be_focused()
    expect(delivery.get_by_label("Town or city")).to_have_value("Mysuru")
    expect(delivery.get_by_label("State")).to_have_value("29")
    type_into(house, "12, Sayyaji Rao Road")
    house.press("Enter")
    expect(delivery).to_contain_text("Delivery: ₹60.00. It is there 2 to 4 days after")
    expect_no_sideways_scroll(page)
    assert shop.execute("SELECT id FROM orders WHERE email = ?", email) == []
    page.get_by_role("button", name="Pay ₹540.00", disabled=False).tap()
    modal = sheet(page)
    choose(modal, "Card")  # nobody is asked for a phone again
    pay_by_card(modal)
    expect_paid(page)
    assert (taps(page), typed(page)) == (8, ["email", "name", "phone", "pin", "line1"])
    expect_no_sideways_scroll(page)
    receipt = page.get_by_role("region", name="Receipt")
    for said in ("Delivery₹60.00", "Total₹540.00", "12, Sayyaji Rao Road", "Mysuru 570001", "+919876543210"):
        expect(receipt).to_contain_text(said)
    paid = "SELECT p.amount, o.amount FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.email = ?"
    assert shop.execute(paid, email) == [(54_000, 54_000)]


def test_who_comes_back_to_an_account_types_nothing_and_orders_the_same_again(page: Page, shop: Shop) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    account: dict[str, str | float | bool] = {"form": "register", "email": new_address(), "name": "Meera Iyer"}
    account["password"] = "a-long-enough-word"
    page.request.post("/api/auth/enter", form=account, headers={"origin": shop.url})
    page.request.post("/api/addresses", data=ADDRESS, headers={"origin": shop.url})
    watch(page)
    page.goto(f"/product/{CUPS}")
    page.get_by_role("button", name="Buy now").tap()
    expect(page.get_by_text(re.compile("^By paying you agree to buy this from .+ at this price"))).to_be_visible()
    page.get_by_role("button", name="Pay ₹540.00", disabled=False).tap()
    modal = sheet(page)
    choose(modal, "Card")
    pay_by_card(modal)
    expect_paid(page)
    assert (taps(page), typed(page)) == (2, [])
    expect(page.get_by_role("region", name="Receipt")).to_contain_text("12, Sayyaji Rao Road")
    page.get_by_role("button", name="Order it again").tap()
    expect(page.get_by_text(re.compile("^Everything of order .* is in your cart.$"))).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Kulhad cups")).to_be_visible()
