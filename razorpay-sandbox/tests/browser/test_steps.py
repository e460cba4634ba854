"""The steps before the payment: contact, which ways to pay, and what the merchant decides about them."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.buyer import ASHA, Checkout


def _methods(checkout: Checkout) -> list[str | None]:
    expect(checkout.sheet.locator(".method").first).to_be_visible()
    return [row.get_attribute("data-method") for row in checkout.sheet.locator(".method").all()]


def test_contact_is_asked_for_when_the_page_did_not_give_it(checkout: Checkout) -> None:
    checkout.open(checkout.options(prefill={}))
    contact = checkout.sheet.locator('input[name="contact"]')
    expect(contact).to_be_focused()
    contact.fill("12345")
    checkout.sheet.get_by_role("button", name="Continue").click()
    expect(checkout.sheet.get_by_text("Enter a 10-digit phone number")).to_be_visible()
    contact.fill("98123 45678")
    checkout.sheet.locator('input[name="email"]').fill("ravi@example.com")
    checkout.sheet.get_by_role("button", name="Continue").click()
    checkout.choose("UPI")
    checkout.pay_by_upi()
    payment = checkout.gateway.fetch(f"payments/{checkout.heard('handler')['razorpay_payment_id']}")
    assert (payment["contact"], payment["email"]) == ("+919812345678", "ravi@example.com")


def test_hidden_contact_is_never_asked_for(checkout: Checkout) -> None:
    checkout.open(checkout.options(prefill={}, hidden={"contact": True, "email": True}))
    checkout.choose("UPI")
    checkout.pay_by_upi()
    payment = checkout.gateway.fetch(f"payments/{checkout.heard('handler')['razorpay_payment_id']}")
    assert payment["email"] == "void@razorpay.com"


def test_readonly_contact_is_shown_and_cannot_be_changed(checkout: Checkout) -> None:
    checkout.open(checkout.options(readonly={"contact": True, "email": True, "name": True}))
    expect(checkout.sheet.get_by_text(ASHA["contact"])).to_be_visible()
    expect(checkout.sheet.get_by_role("button", name="Edit")).to_have_count(0)
    checkout.choose("Card")
    expect(checkout.sheet.locator('input[name="card[name]"]')).not_to_be_editable()


def test_contact_can_be_changed_before_paying(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.sheet.get_by_role("button", name="Edit").click()
    checkout.sheet.locator('input[name="email"]').fill("new@example.com")
    checkout.sheet.get_by_role("button", name="Continue").click()
    expect(checkout.sheet.get_by_text("new@example.com")).to_be_visible()


def test_prefilled_method_is_open_at_once(checkout: Checkout) -> None:
    checkout.open(checkout.options(prefill={**ASHA, "method": "netbanking"}))
    expect(checkout.sheet.get_by_role("heading", name="Choose your bank")).to_be_visible()


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"method": {"card": False, "wallet": False}}, ["upi", "netbanking"]),
        pytest.param({}, ["upi", "card", "netbanking", "wallet"], marks=pytest.mark.nightly),
        pytest.param(
            {"config": {"display": {"hide": [{"method": "upi"}]}}},
            ["card", "netbanking", "wallet"],
            marks=pytest.mark.nightly,
        ),
        pytest.param(
            {"config": {"display": {"sequence": ["wallet", "card"], "preferences": {"show_default_blocks": False}}}},
            ["wallet", "card"],
            marks=pytest.mark.nightly,
        ),
        (
            {
                "config": {
                    "display": {
                        "blocks": {"near": {"name": "Your bank", "instruments": [{"method": "netbanking"}]}},
                        "sequence": ["block.near"],
                    }
                }
            },
            ["netbanking", "upi", "card", "netbanking", "wallet"],
        ),
    ],
)
def test_merchant_decides_what_is_offered_and_in_which_order(
    checkout: Checkout, options: dict[str, Any], shown: list[str]
) -> None:
    checkout.open(checkout.options(**options))
    assert _methods(checkout) == shown


def test_block_narrows_banks(checkout: Checkout) -> None:
    display = {
        "blocks": {"two": {"name": "Two banks", "instruments": [{"method": "netbanking", "banks": ["HDFC", "ICIC"]}]}},
        "sequence": ["block.two"],
    }
    checkout.open(checkout.options(config={"display": display}))
    expect(checkout.sheet.get_by_role("heading", name="Two banks")).to_be_visible()
    checkout.sheet.get_by_test_id("Netbanking").first.click()
    expect(checkout.sheet.locator(".choice")).to_have_count(2)


def test_order_decides_amount_and_currency_when_the_page_says_none(checkout: Checkout) -> None:
    checkout.open(checkout.options(checkout.order(14_999_900)))
    expect(checkout.sheet.locator(".bill-amount")).to_have_text("₹1,49,999.00")
    checkout.page.keyboard.press("Escape")
    checkout.heard("hidden")
    checkout.open(checkout.options(checkout.order(4_950, currency="USD")))
    expect(checkout.sheet.locator(".bill-amount")).to_have_text("$49.50")
    checkout.choose("UPI")
    checkout.pay_by_upi()
    checkout.heard("handler")


def test_amount_set_by_the_page_while_open_is_shown_and_paid(checkout: Checkout) -> None:
    checkout.open(checkout.options(checkout.order(5_000), amount=1_000))
    expect(checkout.sheet.locator(".bill-amount")).to_have_text("₹10.00")
    checkout.page.evaluate("window.instance.set('amount', 5000)")
    expect(checkout.sheet.locator(".bill-amount")).to_have_text("₹50.00")
    checkout.choose("UPI")
    checkout.pay_by_upi()
    checkout.heard("handler")


def test_theme_colours_the_button_with_readable_ink(checkout: Checkout) -> None:
    checkout.open(checkout.options(theme={"color": "#F0986B"}))
    checkout.choose("Card")
    button = checkout.sheet.get_by_test_id("pay-button")
    expect(button).to_have_css("background-color", "rgb(240, 152, 107)")
    expect(button).to_have_css("color", "rgb(16, 24, 43)")


def test_card_form_groups_digits_names_the_network_and_refuses_slips(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.choose("Card")
    number = checkout.sheet.locator('input[name="card[number]"]')
    number.press_sequentially("340256000401007")
    expect(number).to_have_value("3402 560004 01007")
    expect(checkout.sheet.locator(".network")).to_have_text("American Express")
    number.fill("4100 2800 0000 1008")
    checkout.sheet.locator('input[name="card[expiry]"]').press_sequentially("0120")
    checkout.sheet.get_by_test_id("pay-button").click()
    expect(checkout.sheet.get_by_text("Check the card number")).to_be_visible()
    expect(checkout.sheet.get_by_text("This card has expired")).to_be_visible()
    expect(number).to_have_attribute("aria-invalid", "true")
    checkout.sheet.get_by_role("button", name=re.compile("Visa")).click()
    expect(checkout.sheet.get_by_text("Check the card number")).to_have_count(0)
    checkout.hears_nothing_of("payment.submit")


def test_nothing_is_covered_on_the_lowest_screen_beside_the_time_that_is_left(checkout: Checkout) -> None:
    checkout.page.set_viewport_size({"width": 320, "height": 640})
    buyer = {**ASHA, "email": f"{'w' * 64}@{'w' * 60}.{'w' * 60}.example"}
    checkout.open(checkout.options(timeout=600, prefill=buyer))
    checkout.choose("Card")
    checkout.sheet.get_by_role("button", name=re.compile("Visa")).click()
    checkout.sheet.get_by_test_id("pay-button").click()
    checkout.sheet.get_by_role("button", name="Success", exact=True).click()
    checkout.heard("handler")
