"""Every page, in each state that it has, is one that everybody can use: axe finds nothing, in the light or dark."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import (
    CUPS,
    buy,
    come_as_guest,
    continue_as_guest,
    leave_unpaid,
    new_address,
    order_at_once,
    pay_for_it,
    sign_in,
)

PLATE = "blue-pottery-plate"


@pytest.mark.console_allows("status of 404")
@pytest.mark.parametrize(
    "path",
    [
        f"/product/{CUPS}",
        "/nothing",
        "/login",
        *(
            pytest.param(each, marks=pytest.mark.nightly)
            for each in ("/", f"/product/{PLATE}", "/product/nothing", "/continue")
        ),
    ],
)
def test_what_everybody_sees(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert violations(page) == []


def test_a_form_that_says_what_is_wrong(page: Page) -> None:
    page.goto("/continue")
    continue_as_guest(page, "asha")
    sign_in(page, "asha@example.in", "not the password")
    expect(page.get_by_text("do not belong together").filter(visible=True)).to_be_visible()
    page.get_by_text("Create an account").click()
    assert violations(page) == []


def test_a_purchase_from_the_checkout_to_the_receipt(page: Page) -> None:
    buy(page)
    continue_as_guest(page, new_address())
    expect(page.get_by_role("button", name=re.compile("^Pay ₹"))).to_be_enabled()
    assert violations(page) == [], "checkout"
    leave_unpaid(page)
    page.goto("/orders")
    page.get_by_role("main").get_by_role("link", name=re.compile("Kulhad cups")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This order is not paid yet")
    assert violations(page) == [], "unpaid order"
    pay_for_it(page)
    assert violations(page) == [], "receipt"
    page.get_by_role("button", name="your account").click()
    assert violations(page) == [], "account menu"


@pytest.mark.nightly  # by day a page that is not there says so in the same way
def test_what_can_not_be_had(page: Page) -> None:
    page.goto("/continue?next=/orders")
    continue_as_guest(page, new_address())
    expect(page.get_by_text("No orders yet")).to_be_visible()
    assert violations(page) == [], "no orders"
    page.goto("/orders/01HZZZZZZZZZZZZZZZ7F3K9Q2D")
    expect(page.get_by_role("heading", name="We can't find this order")).to_be_visible()
    assert violations(page) == [], "no such order"
    page.goto(f"/checkout?product={PLATE}")
    expect(page.get_by_role("heading", name="There are not enough left")).to_be_visible()
    assert violations(page) == [], "not enough left"


def test_a_cancelled_order_and_the_list_of_orders(page: Page, shop: Shop) -> None:
    come_as_guest(page, shop)
    order_at_once(page, shop)
    page.goto("/orders")
    order = page.get_by_role("main").get_by_role("link", name=re.compile("Kulhad cups"))
    expect(order).to_be_visible()
    assert violations(page) == [], "list"
    order.click()
    page.get_by_text("Cancel this order").click()
    expect(page.get_by_role("button", name="Yes, cancel it")).to_be_visible()
    assert violations(page) == [], "before cancelling"
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cancelled")
    assert violations(page) == [], "cancelled order"


def test_a_page_without_a_connection(page: Page) -> None:
    page.goto("/offline.html")
    assert violations(page) == []
