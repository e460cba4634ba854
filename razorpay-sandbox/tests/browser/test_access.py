"""The sheet with a keyboard alone, with a screen reader, and on a phone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.buyer import Checkout
from tests.browser.contrast import WEAK
from tests.browser.merchant import Merchant
from tests.support import SandboxProcess


def _weak_contrast(checkout: Checkout) -> object:
    return next(frame for frame in checkout.page.frames if "?parent=" in frame.url).evaluate(WEAK, ".sheet *")


def test_payment_needs_no_mouse(checkout: Checkout) -> None:
    checkout.visit()
    checkout.page.evaluate("(given) => { window.next = given; }", [checkout.options(), False])
    keyboard = checkout.page.keyboard
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(checkout.sheet.get_by_role("heading", name="Payment options")).to_be_focused()
    expect(checkout.sheet.locator(".method").first).to_be_visible()
    for _ in range(10):
        if checkout.sheet.locator('[data-testid="Card"]:focus').count():
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(checkout.sheet.locator('input[name="card[number]"]')).to_be_focused()
    for text in ("4100280000001007", "1235", "123"):
        keyboard.type(text)
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(checkout.sheet.locator('input[name="otp"]')).to_be_focused()
    keyboard.type("1234")
    keyboard.press("Enter")
    checkout.heard("handler")
    checkout.heard("hidden")
    expect(checkout.page.locator("#pay")).to_be_focused()


def test_focus_stays_inside_the_sheet(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    expect(checkout.sheet.locator(".method")).to_have_count(4)
    for key in ["Tab"] * 12 + ["Shift+Tab"] * 12:
        checkout.page.keyboard.press(key)
        assert checkout.page.evaluate("document.activeElement.className") == "razorpay-checkout-frame"
        expect(checkout.sheet.locator(".sheet :focus")).to_have_count(1)


def test_sheet_and_fields_have_names_and_errors_are_tied_to_them(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    expect(checkout.page.get_by_title("Razorpay Checkout")).to_have_count(1)
    expect(checkout.sheet.get_by_role("dialog", name="Payment options")).to_have_attribute("aria-modal", "true")
    checkout.choose("Card")
    for name in ("Card number", "Expiry", "CVV", "Name on card (optional)"):
        expect(checkout.sheet.get_by_label(name, exact=True)).to_be_visible()
    checkout.sheet.get_by_test_id("pay-button").click()
    expect(checkout.sheet.get_by_label("Card number")).to_have_accessible_description("Enter the card number")


@pytest.mark.parametrize("width", [390, pytest.param(1440, marks=pytest.mark.nightly)])
def test_words_can_be_read_on_every_step(checkout: Checkout, width: int) -> None:
    checkout.page.set_viewport_size({"width": width, "height": 844})
    checkout.open(checkout.options(modal={"animation": False}, timeout=600))
    for method in ("Card", "UPI", "Netbanking", "Wallet"):
        expect(checkout.sheet.locator(".method")).to_have_count(4)
        assert _weak_contrast(checkout) == []
        checkout.choose(method)
        assert _weak_contrast(checkout) == []
        if method != "Wallet":
            checkout.sheet.get_by_role("button", name="Back").click()


def test_phone_shows_a_full_screen_sheet_with_large_targets(
    browser: Browser, merchant: Merchant, gateway: SandboxProcess
) -> None:
    viewport = {"width": 390, "height": 844}
    with browser.new_context(viewport=viewport, has_touch=True, is_mobile=True) as context:  # type: ignore[arg-type]
        checkout = Checkout(context.new_page(), merchant, gateway)
        checkout.open(checkout.options(modal={"animation": False}))
        box = checkout.dialog.bounding_box()
        assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
        checkout.sheet.get_by_test_id("Card").tap()
        heights = [each.bounding_box() for each in checkout.sheet.locator("button:visible, input:visible").all()]
        assert min(each["height"] for each in heights if each) >= 44
        wide = "document.documentElement.scrollWidth"
        assert next(frame for frame in checkout.page.frames if "?parent=" in frame.url).evaluate(wide) == 390
        checkout.pay_by_card()
        checkout.heard("handler")
