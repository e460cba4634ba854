"""The way from a product to its receipt, as everybody who may walk it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from checkout_app.demo.load import COUPON
from tests.browser.conftest import Shop
from tests.browser.steps import (
    CUPS,
    buy,
    choose,
    come_as_guest,
    continue_as_guest,
    expect_no_sideways_scroll,
    expect_paid,
    give_phone,
    new_address,
    order_at_once,
    pay_by_upi,
    pay_for_it,
    press_pay,
    sign_in,
    sign_up,
)


def test_a_guest_buys_with_an_address_alone_and_ends_on_a_receipt_that_says_it_all(page: Page, shop: Shop) -> None:
    buy(page)
    email = new_address()
    continue_as_guest(page, email)
    expect(page.get_by_role("heading", name="Checkout")).to_be_visible()
    expect(page.get_by_role("main").get_by_text(email)).to_be_visible()
    page.get_by_text("Have a coupon?").click()
    page.get_by_label("Code", exact=True).fill("holi")
    page.get_by_label("Code", exact=True).press("Enter")
    expect(page.get_by_text("There is no such coupon.")).to_be_visible()
    pay_for_it(page)
    order_id = page.url.rpartition("/")[2]
    [(payment_id,)] = shop.execute("SELECT id FROM payments WHERE order_id = ?", order_id)
    receipt = page.get_by_role("region", name="Receipt")
    expect(receipt).to_contain_text(re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}"))
    expect(receipt).to_contain_text("Kulhad cups, set of six")
    expect(receipt).to_contain_text("₹480.00")
    expect(receipt).to_contain_text("Visa ending 1007")
    expect(receipt).to_contain_text(payment_id)
    expect(receipt).to_contain_text(re.compile(r"\d{1,2} \w{3} 20\d\d, \d{1,2}:\d\d [ap]m"))


def test_its_buyer_ends_the_link_to_an_order_where_they_copy_it(page: Page, somebody_else: Page, shop: Shop) -> None:
    come_as_guest(page, shop)
    path = order_at_once(page, shop)
    before = page.request.post(f"/api{path}/link", headers={"origin": shop.url}).json()["link"]
    somebody_else.goto(before)
    expect(somebody_else.get_by_role("heading", level=1)).to_have_text("This order is not paid yet")
    page.goto(path)
    page.get_by_text("End this link and make a new one").click()
    page.get_by_role("button", name="Yes, end it").click()
    expect(page.get_by_text("You ended every link to this order and made a new one.")).to_have_count(2)
    somebody_else.goto(before)
    expect(somebody_else.get_by_role("heading", level=1)).to_have_text("We can't find this order")


def test_what_a_coupon_took_off_stands_on_the_receipt(page: Page, shop: Shop) -> None:
    come_as_guest(page, shop)
    page.goto(order_at_once(page, shop, quantity=2, coupon=COUPON))
    expect(page.get_by_role("button", name="Pay ₹864.00")).to_be_visible()
    pay_for_it(page)
    receipt = page.get_by_role("region", name="Receipt")
    expect(receipt.get_by_role("row").filter(has_text=f"Coupon {COUPON}")).to_contain_text("−₹96.00")  # noqa: RUF001 - a true minus sign
    expect(receipt.get_by_role("row").filter(has_text="Total")).to_contain_text("₹864.00")


def test_who_makes_an_account_finds_the_order_under_my_orders(page: Page) -> None:
    buy(page)
    sign_up(page, "Meera Iyer", new_address(), "a-long-enough-word")
    pay_for_it(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Meera")
    page.goto("/orders")
    line = page.get_by_role("main").get_by_role("link").filter(has_text="Kulhad cups")
    expect(line).to_contain_text("₹480.00")
    expect(line).to_contain_text("Paid")
    line.click()
    expect_paid(page)


def test_the_demo_buyer_signs_in_and_pays_by_upi(page: Page) -> None:
    buy(page, "assam-second-flush-tea-250-g")
    sign_in(page, "asha@example.in", "kulhad-chai")
    modal = press_pay(page)
    give_phone(modal)
    choose(modal, "UPI")
    pay_by_upi(modal)
    expect_paid(page)
    expect(page.get_by_role("region", name="Receipt")).to_contain_text("UPI")


@pytest.mark.nightly  # by day a cart has more than one of something
def test_more_than_one_is_charged_for_each(page: Page) -> None:
    page.goto(f"/product/{CUPS}")
    page.get_by_label("Quantity").select_option("2")
    page.get_by_role("button", name="Buy now").click()
    continue_as_guest(page, new_address())
    expect(page.get_by_role("button", name="Pay ₹960.00")).to_be_visible()
    pay_for_it(page)
    expect(page.get_by_role("region", name="Receipt")).to_contain_text("₹960.00")


@pytest.fixture
def browser_context_args(
    request: pytest.FixtureRequest, browser_context_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    if "phone" not in request.node.name:
        return browser_context_args
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def test_the_longest_words_fit_the_narrowest_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    buy(page)
    form = page.get_by_role("form", name="Continue as a guest")
    form.get_by_label("Name").fill("M" * 80)
    continue_as_guest(page, f"{'w' * 64}@{'w' * 60}.{'w' * 60}.example")
    expect(page.get_by_role("button", name=re.compile("^Pay ₹"))).to_be_visible()
    expect_no_sideways_scroll(page)
    pay_for_it(page)
    expect_no_sideways_scroll(page)
    page.get_by_label("Your account").click()
    expect_no_sideways_scroll(page)


def test_a_name_that_is_written_from_the_right_turns_nothing_around(page: Page) -> None:
    buy(page)
    page.get_by_role("form", name="Continue as a guest").get_by_label("Name").fill("علی‌رضا کمالی")
    continue_as_guest(page, new_address())
    expect(page.get_by_role("main").locator("bdi")).to_have_text("علی‌رضا کمالی")
