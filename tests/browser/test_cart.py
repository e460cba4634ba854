"""The way from the shelf by the cart to a receipt, with scripts and without."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.products import change, put_on_sale
from tests.browser.steps import CUPS, continue_as_guest, new_address, pay_for_it

COMB, THROW = "neem-comb", "handloom-cotton-throw"


@pytest.fixture
def browser_context_args(
    request: pytest.FixtureRequest, browser_context_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    if "phone" not in request.node.name:
        return browser_context_args
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def _in_header(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile("^Cart"))


def _expect_count(page: Page, count: str) -> None:
    expect(_in_header(page)).to_have_accessible_name(f"Cart {count}".strip())


def test_two_things_are_bought_together_from_a_phone(page: Page) -> None:
    page.goto(f"/product/{CUPS}")
    _expect_count(page, "")
    place = _in_header(page).bounding_box()
    page.get_by_role("button", name="Add to cart").tap()
    expect(page.get_by_text("Added. There is 1 thing in your cart.")).to_be_visible()
    _expect_count(page, "1")
    assert _in_header(page).bounding_box() == place
    page.goto(f"/product/{COMB}")
    page.get_by_label("Quantity").select_option("2")
    page.get_by_role("button", name="Add to cart").tap()
    _expect_count(page, "3")
    page.get_by_role("link", name="See your cart").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    expect(page.get_by_text("₹778.00")).to_be_visible()
    page.get_by_role("button", name="One more of Kulhad cups, set of six").tap()
    expect(page.get_by_text("₹1,258.00")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="One less of Neem comb").tap()
    expect(page.get_by_text("Subtotal, 3 things")).to_be_visible()
    expect(page.get_by_role("button", name="One less of Neem comb")).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="Checkout").tap()
    continue_as_guest(page, new_address())
    expect(page.get_by_role("button", name="Pay ₹1,109.00")).to_be_visible()
    pay_for_it(page)
    receipt = page.get_by_role("region", name="Receipt")
    expect(receipt).to_contain_text("Kulhad cups, set of six")
    expect(receipt).to_contain_text("Neem comb")
    _expect_count(page, "")
    _in_header(page).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart is empty")
    page.get_by_role("link", name="See what there is").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Things made by hand")


def test_without_scripts_a_cart_is_filled_changed_and_told_what_is_wrong(plain: Page, shop: Shop) -> None:
    put_on_sale(shop, "cups-of-few", "Cups of few")
    change(shop, "cups-of-few", amount=10_000, left=3, name="Cups of few")
    plain.goto("/product/cups-of-few")
    plain.get_by_label("Quantity").select_option("2")
    plain.get_by_role("button", name="Add to cart").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Your cart")
    _expect_count(plain, "")  # it takes a script to say
    plain.goto("/product/cups-of-few")
    plain.get_by_label("Quantity").select_option("3")
    plain.get_by_role("button", name="Add to cart").click()
    expect(plain.get_by_text("There are not enough left.")).to_be_visible()
    change(shop, "cups-of-few", amount=12_000, left=1, name="Cups of few")
    plain.goto("/cart")
    expect(plain.get_by_text("The price is ₹120.00 now. It was ₹100.00 when you put it here.")).to_be_visible()
    expect(plain.get_by_role("link", name="Checkout")).to_have_count(0)
    plain.get_by_role("button", name="Take what is left of Cups of few").click()
    expect(plain.get_by_role("link", name="Checkout")).to_be_visible()
    plain.get_by_role("button", name="Remove Cups of few").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Your cart is empty")


def test_a_variant_is_chosen_on_a_phone_without_asking_the_shop_and_is_what_is_bought(page: Page) -> None:
    with page.expect_response(re.compile(r"/api/pages/data.*variant")) as foreseen:
        page.goto(f"/product/{THROW}")
    foreseen.value.finished()
    assert violations(page) == []
    page.route("**/api/pages/data*", lambda _: None)  # from now on nobody answers
    page.get_by_role("link", name="Change").tap()
    page.get_by_role("link", name="Double").tap()
    expect(page.get_by_text("₹4,890.00", exact=True)).to_be_visible()
    expect(page.get_by_text("Undyed / Double", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("link", name="Indigo Sold out")).to_be_visible()
    expect(page.get_by_role("group", name="Size").get_by_role("link", name="Double")).to_have_attribute(
        "aria-current", "true"
    )
    page.get_by_role("button", name="Add to cart").tap()
    expect(page.get_by_text("Added. There is 1 thing in your cart.")).to_be_visible()
    page.unroute_all()
    page.get_by_role("link", name="See your cart").tap()
    page.get_by_role("link", name="Handloom cotton throw, Undyed / Double").tap()
    page.get_by_role("button", name="Buy now").tap()
    continue_as_guest(page, new_address())
    expect(page.locator("#order-form")).to_contain_text("Handloom cotton throw, Undyed / Double")
    expect(page.get_by_role("button", name="Pay ₹4,890.00")).to_be_visible()
    pay_for_it(page)
    expect(page.get_by_role("region", name="Receipt")).to_contain_text("Handloom cotton throw, Undyed / Double")


def test_without_scripts_a_variant_is_chosen_and_told_to_be_sold_out(plain: Page, shop: Shop) -> None:
    plain.goto(f"/product/{THROW}")
    plain.get_by_role("link", name="Indigo").click()
    expect(plain.get_by_text("₹3,450.00", exact=True)).to_be_visible()
    plain.get_by_role("link", name="Double Sold out").click()
    expect(plain.get_by_text("There is none left of this one.")).to_be_visible()
    expect(plain.get_by_role("button", name="Add to cart")).to_have_count(0)
    plain.get_by_role("link", name="Single").click()
    plain.get_by_role("button", name="Add to cart").click()
    expect(plain.get_by_role("link", name="Handloom cotton throw, Indigo / Single")).to_be_visible()
    plain.go_back()
    shop.execute("UPDATE variants SET on_hand = held + 1 WHERE sku = ?", f"{THROW}-indigo-single")
    plain.get_by_role("button", name="Add to cart").click()
    expect(plain.get_by_text("There are not enough left.")).to_be_visible()


def test_a_cart_that_another_tab_has_changed_is_shown_as_it_is(page: Page) -> None:
    page.goto(f"/product/{CUPS}")
    page.get_by_role("button", name="Add to cart").click()
    _expect_count(page, "1")
    page.goto("/cart")
    other = page.context.new_page()
    other.goto(f"/product/{COMB}")
    other.get_by_role("button", name="Add to cart").click()
    _expect_count(page, "2")
    page.get_by_role("button", name="Remove Kulhad cups, set of six").click()
    expect(page.get_by_text("Your cart was changed elsewhere. Here it is as it is now.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Neem comb")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Kulhad cups")).to_be_visible()
