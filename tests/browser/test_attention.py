"""People's attention is led along: the focus, what screen readers hear, and a sign while there is a wait."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Shop
from tests.browser.late_loading import LateLoading
from tests.browser.steps import (
    SHEET,
    buy,
    come_as_guest,
    continue_as_guest,
    new_address,
    order_at_once,
    press_pay,
)
from tests.support.waiting import until

PAY = re.compile("^Pay ₹")


def _leave_sheet(page: Page) -> None:
    modal = press_pay(page)
    expect(modal.get_by_label("Phone number")).to_be_visible()
    modal.get_by_role("button", name="Close payment").click()
    modal.get_by_role("button", name="Leave").click()
    expect(page.locator(SHEET)).to_be_hidden()


def _order(page: Page, shop: Shop) -> None:
    """Be on the page of an order that is not paid."""
    come_as_guest(page, shop)
    page.goto(order_at_once(page, shop))
    expect(page.get_by_role("heading", level=1)).to_have_text("This order is not paid yet")


def test_a_link_leads_the_keyboard_to_the_pages_content_and_its_title_is_told(page: Page) -> None:
    page.goto("/")
    expect(page.locator("body")).to_be_focused()
    page.get_by_role("link", name="Bamboo table lamp").click()
    expect(page.get_by_role("main")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Bamboo table lamp")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link", name="Light")).to_be_focused()


def test_a_category_that_is_still_on_its_way_has_its_place_kept(page: Page) -> None:
    page.goto("/")
    held: list[Route] = []
    cloth = re.compile("/api/pages/data.path=%2Fcategory%2Fcloth$")  # and no tablecloth that is asked for ahead
    page.route(cloth, lambda route: held.append(route))  # noqa: PLW0108 - it is marked
    page.get_by_role("link", name="Cloth", exact=True).press("Enter")
    busy = page.get_by_role("main").locator("[aria-busy=true]")
    expect(busy).to_be_visible()
    held.pop().continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cloth")
    expect(busy).to_have_count(0)


def test_closing_the_payment_window_leads_the_keyboard_back_to_pay(page: Page) -> None:
    buy(page)
    continue_as_guest(page, new_address())
    _leave_sheet(page)
    expect(page.get_by_role("button", name=PAY)).to_be_focused()
    page.goto("/orders")
    page.get_by_role("main").get_by_role("link", name="Kulhad cups").click()
    _leave_sheet(page)
    expect(page.get_by_role("button", name=PAY)).to_be_focused()


def test_each_press_of_pay_reaches_the_shop_and_together_they_make_one_order(page: Page, shop: Shop) -> None:
    late = LateLoading(page, "place_order")
    buy(page)
    email = new_address()
    continue_as_guest(page, email)
    late.hold()
    pay = page.get_by_role("button", name=PAY, disabled=False)
    pay.click()
    pay.click()
    until(lambda: len(late.held) == 2, "both presses to be sent")
    late.release()
    expect(page.frame_locator(SHEET).get_by_label("Phone number")).to_be_visible()
    assert shop.execute("SELECT count(*) FROM orders WHERE email = ?", email) == [(1,)]


def test_who_waits_for_a_page_is_shown_and_told_so(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    held: list[Route] = []
    page.route("**/assets/*.js", lambda script: held.append(script))  # noqa: PLW0108 - a builtin is no handler
    page.get_by_role("link", name="Sign in").click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(page.get_by_role("main")).to_have_attribute("aria-busy", "true")
    page.route("**/assets/*.js", lambda script: script.continue_())
    for script in held:
        script.continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(bar).to_have_count(0)
    assert page.get_by_role("main").get_attribute("aria-busy") is None


def test_who_waits_for_an_answer_is_shown_and_told_so(page: Page, shop: Shop) -> None:
    late = LateLoading(page, "cancel_order")
    _order(page, shop)
    late.hold()
    page.get_by_text("Cancel this order").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(page.get_by_role("main")).to_have_attribute("aria-busy", "true")
    late.release()
    expect(page.get_by_role("heading", level=1)).to_have_text("This order is cancelled")
    expect(bar).to_have_count(0)


def test_an_order_is_cancelled_by_the_second_press_and_not_by_the_first(page: Page, shop: Shop) -> None:
    _order(page, shop)
    order_id = page.url.rpartition("/")[2]
    page.get_by_text("Cancel this order").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Yes, cancel it")).to_be_visible()
    assert shop.execute("SELECT state FROM orders WHERE id = ?", order_id) == [("open",)]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("This order is cancelled")
