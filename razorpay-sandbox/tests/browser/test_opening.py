"""Opening and leaving the sheet: what the page around it sees and hears."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.buyer import Checkout
from tests.support import KEY_ID

_PAGE_STATE = """() => [
  document.body.style.overflow,
  document.querySelector("meta[name=viewport]").content,
  document.querySelector("meta[name=theme-color]").content,
  document.querySelector(".razorpay-container").style.display,
]"""


def test_page_is_held_still_while_open_and_given_back(checkout: Checkout) -> None:
    checkout.visit()
    before = checkout.page.evaluate(_PAGE_STATE)
    checkout.open(checkout.options(theme={"backdrop_color": "rgb(1, 2, 3)"}))
    overflow, _, colour, display = checkout.page.evaluate(_PAGE_STATE)
    assert (overflow, display) == ("hidden", "block")
    assert colour != before[2]
    expect(checkout.page.locator(".razorpay-backdrop")).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(checkout.page.locator(".razorpay-backdrop > span")).to_have_css("opacity", "1")
    expect(checkout.page.locator(".razorpay-loader")).to_have_count(0)

    checkout.sheet.get_by_role("button", name="Close payment").click()
    assert checkout.heard("hidden") == "none"
    assert checkout.page.evaluate(_PAGE_STATE) == before
    assert checkout.order_of()[-2:] == ["dismiss", "hidden"]
    assert checkout.logged("dismiss").get_attribute("data-more") == "true"  # it was told nothing: the buyer left
    expect(checkout.page.locator("#pay")).to_be_focused()


def test_second_open_changes_nothing(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.choose("UPI")
    checkout.page.evaluate("(given) => { window.instance.open(); Razorpay.open(given); }", checkout.options())
    checkout.pay_by_upi()
    checkout.heard("handler")
    assert checkout.heard("render") is None
    expect(checkout.page.locator("iframe")).to_have_count(1)


def test_sheet_opens_again_after_it_was_left(checkout: Checkout) -> None:
    options = checkout.options()
    checkout.open(options)
    checkout.page.keyboard.press("Escape")
    checkout.heard("hidden")
    checkout.page.evaluate("window.instance.open()")
    checkout.choose("UPI")
    checkout.pay_by_upi()
    checkout.heard("handler")


@pytest.mark.nightly  # by day the page opens it again from outside
def test_opening_from_ondismiss_works(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.page.evaluate("window.instance.set('modal.ondismiss', function () { this.open(); })")
    checkout.page.keyboard.press("Escape")
    checkout.heard("render", times=2)
    checkout.choose("UPI")
    checkout.pay_by_upi()
    checkout.heard("handler")


def test_page_can_close_the_sheet(checkout: Checkout) -> None:
    checkout.open(checkout.options(modal={"confirm_close": True}))
    checkout.page.evaluate("window.instance.close()")
    checkout.heard("dismiss")
    checkout.heard("hidden")


def test_sheet_closed_before_its_frame_was_there_leaves_the_place_to_the_next(checkout: Checkout) -> None:
    held: list[Route] = []
    checkout.page.route("**/v1/checkout/public*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    with checkout.page.expect_request("**/v1/checkout/public*"):
        checkout.page.goto(checkout.merchant.url, wait_until="domcontentloaded")
    script = "([first, second]) => { window.build(first).open().close(); window.build(second).open(); }"
    checkout.page.evaluate(script, [checkout.options(), checkout.options()])
    held.pop().continue_()
    checkout.choose("UPI")
    checkout.pay_by_upi()
    checkout.heard("handler")


def test_ondismiss_is_called_asynchronously(checkout: Checkout) -> None:
    checkout.visit()
    script = "(given) => { const made = window.build(given).open(); made.close(); window.note('after close'); }"
    checkout.page.evaluate(script, checkout.options())
    checkout.heard("dismiss")
    order = checkout.order_of()
    assert order.index("after close") < order.index("dismiss")


def test_open_before_the_body_exists_waits_for_it(checkout: Checkout) -> None:
    checkout.page.add_init_script(
        f"""document.addEventListener("load", (event) => {{
          if (event.target.parentElement !== document.head || !window.Razorpay) return;
          window.hadBody = Boolean(document.body);
          Razorpay.open({{key: "{KEY_ID}"}});
        }}, true);"""
    )
    checkout.visit()
    assert checkout.page.evaluate("window.hadBody") is False
    expect(checkout.dialog).to_be_visible()


def test_escape_can_be_switched_off(checkout: Checkout) -> None:
    checkout.open(checkout.options(modal={"escape": False}))
    checkout.page.keyboard.press("Escape")
    checkout.choose("UPI")
    expect(checkout.dialog).to_be_visible()
    checkout.hears_nothing_of("dismiss")


def test_escape_on_the_page_behind_closes_too(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.page.evaluate("document.getElementById('pay').focus()")
    checkout.page.keyboard.press("Escape")
    checkout.heard("dismiss")


def test_click_outside_closes_only_when_asked_for(checkout: Checkout) -> None:
    checkout.open(checkout.options(checkout.order(5_000), amount=1_000))
    checkout.page.mouse.click(5, 400)
    expect(checkout.dialog).to_be_visible()
    checkout.hears_nothing_of("dismiss")
    checkout.page.evaluate("window.instance.set('modal.backdropclose', true).set('amount', 5000)")
    expect(checkout.sheet.locator(".bill-amount")).to_have_text("₹50.00")  # so what was set before has arrived too
    checkout.page.mouse.click(5, 400)
    checkout.heard("dismiss")


def test_confirm_close_asks_first(checkout: Checkout) -> None:
    checkout.open(checkout.options(modal={"confirm_close": True}))
    checkout.sheet.get_by_role("button", name="Close payment").click()
    question = checkout.sheet.get_by_role("alertdialog")
    expect(question).to_contain_text("Leave this payment?")
    expect(question.get_by_role("button", name="Keep paying")).to_be_focused()
    question.get_by_role("button", name="Keep paying").click()
    checkout.hears_nothing_of("dismiss")
    checkout.page.keyboard.press("Escape")
    question.get_by_role("button", name="Leave").click()
    checkout.heard("dismiss")


def test_leaving_during_a_card_payment_cancels_it(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.choose("Card")
    checkout.sheet.get_by_role("button", name="Visa").click()
    checkout.sheet.get_by_test_id("pay-button").click()
    expect(checkout.sheet.locator("input[name=otp]")).to_be_focused()
    checkout.page.keyboard.press("Escape")
    assert checkout.heard("payment.failed")["error"]["reason"] == "payment_cancelled"
    checkout.heard("dismiss")


def test_browser_back_moves_inside_the_sheet_and_then_out_of_it(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.choose("Card")
    checkout.page.evaluate("history.back()")
    expect(checkout.sheet.get_by_role("heading", name="Payment options")).to_be_visible()
    checkout.page.evaluate("history.back()")
    checkout.heard("dismiss")
    assert checkout.page.url == f"{checkout.merchant.url}/"


def test_leaving_leaves_no_history_behind(checkout: Checkout) -> None:
    checkout.page.goto(f"{checkout.merchant.url}/late")
    checkout.page.goto(f"{checkout.merchant.url}/")
    checkout.open(checkout.options())
    checkout.page.keyboard.press("Escape")
    checkout.heard("hidden")
    checkout.page.go_back()
    expect(checkout.page).to_have_url(f"{checkout.merchant.url}/late")


def test_time_out_closes_the_sheet_and_says_why(checkout: Checkout) -> None:
    checkout.page.clock.install()
    checkout.open(checkout.options(timeout=600))
    expect(checkout.sheet.get_by_text(re.compile("Time left (10:00|9:5)"))).to_be_visible()
    checkout.page.clock.fast_forward("10:00")
    assert checkout.heard("dismiss") == "timeout"


def test_sheet_moves_in_and_out_unless_told_otherwise(checkout: Checkout) -> None:
    checkout.page.emulate_media(reduced_motion="no-preference")
    checkout.open(checkout.options())
    expect(checkout.dialog).to_have_css("transition-duration", "0.2s, 0.2s")
    expect(checkout.page.locator(".razorpay-backdrop")).to_have_css("transition-duration", "0.3s")
    checkout.page.keyboard.press("Escape")
    checkout.heard("hidden")


@pytest.mark.nightly  # by day it moves, and moves for nobody who wants no motion
def test_animation_can_be_switched_off(checkout: Checkout) -> None:
    checkout.page.emulate_media(reduced_motion="no-preference")
    checkout.open(checkout.options(modal={"animation": False}))
    expect(checkout.dialog).to_have_css("transition-duration", "0s")
    expect(checkout.page.locator(".razorpay-backdrop")).to_have_css("transition-duration", "0s")


def test_reduced_motion_is_respected(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    expect(checkout.page.locator(".razorpay-backdrop")).to_have_css("transition-duration", "0s")
    assert checkout.page.evaluate("window.instance.get('modal.animation')") is False


def test_embedded_sheet_opens_in_its_place_at_construction(checkout: Checkout) -> None:
    checkout.visit()
    checkout.page.evaluate("(given) => { window.build({...given, parent: '#place'}); }", checkout.options())
    expect(checkout.page.locator("#place > .razorpay-container > iframe")).to_have_count(1)
    expect(checkout.page.locator(".razorpay-backdrop")).to_be_hidden()
    assert checkout.page.evaluate("document.body.style.overflow") == ""
    checkout.choose("UPI")
    expect(checkout.sheet.get_by_role("button", name="Close payment")).to_have_count(0)
    checkout.pay_by_upi()
    checkout.heard("handler")


def test_frame_taken_out_of_the_page_comes_back(checkout: Checkout) -> None:
    checkout.visit()
    checkout.page.evaluate("document.querySelector('.razorpay-container').remove()")
    checkout.open(checkout.options())
    checkout.choose("UPI")
    checkout.pay_by_upi()
    checkout.heard("handler")
