"""Sending the buyer's browser to the merchant's callback, and the form that pays by itself."""

import json
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.buyer import Checkout
from tests.support import KEY_ID


def _arrives(checkout: Checkout) -> tuple[str, dict[str, str]]:
    expect(checkout.page.get_by_role("heading", name="Posted")).to_be_visible()
    assert len(checkout.merchant.posted) == 1
    return checkout.merchant.posted[0]


def test_redirect_posts_three_fields_from_the_top_window(checkout: Checkout) -> None:
    order = checkout.order()
    callback = f"{checkout.merchant.url}/paid?cart=12"
    checkout.open(checkout.options(order, callback_url=callback, redirect=True))
    checkout.choose("UPI")
    checkout.pay_by_upi()
    path, fields = _arrives(checkout)
    assert path == "/paid?cart=12"
    assert list(fields) == ["razorpay_payment_id", "razorpay_order_id", "razorpay_signature"]
    assert fields["razorpay_order_id"] == order["id"]


def test_callback_is_used_when_there_is_no_handler(checkout: Checkout) -> None:
    checkout.open(checkout.options(callback_url=f"{checkout.merchant.url}/paid"), handler=False)
    checkout.choose("UPI")
    checkout.pay_by_upi()
    assert len(_arrives(checkout)[1]) == 3


def test_handler_wins_over_a_callback_without_redirect(checkout: Checkout) -> None:
    checkout.open(checkout.options(callback_url=f"{checkout.merchant.url}/paid"))
    checkout.choose("UPI")
    checkout.pay_by_upi()
    checkout.heard("handler")
    checkout.heard("hidden")
    assert checkout.merchant.posted == []


@pytest.mark.parametrize("retry", [False, pytest.param({"enabled": False}, marks=pytest.mark.nightly)])
def test_failure_is_posted_only_when_redirecting_without_retry(checkout: Checkout, retry: object) -> None:
    callback = {"callback_url": f"{checkout.merchant.url}/paid", "redirect": True, "retry": retry}
    checkout.open(checkout.options(**callback))
    checkout.choose("UPI")
    checkout.pay_by_upi("failed")
    _, fields = _arrives(checkout)
    metadata = json.loads(fields.pop("error[metadata]"))
    assert set(metadata) == {"payment_id", "order_id"}
    assert set(fields) == {f"error[{name}]" for name in ("code", "description", "source", "step", "reason")}
    assert fields["error[reason]"] == "payment_failed"


def test_failure_with_retry_stays_in_the_sheet_and_the_bank_takes_its_place(checkout: Checkout) -> None:
    checkout.open(checkout.options(callback_url=f"{checkout.merchant.url}/paid", redirect=True))
    checkout.choose("Netbanking")
    checkout.sheet.locator('div[data-value="SBIN"]').click()
    checkout.sheet.locator('button.danger[data-val="F"]').click()
    checkout.heard("payment.failed")
    assert checkout.merchant.posted == []
    checkout.sheet.locator('div[data-value="SBIN"]').click()
    checkout.sheet.locator('button.success[data-val="S"]').click()
    assert "razorpay_signature" in _arrives(checkout)[1]


def test_failure_without_retry_closes_the_sheet_and_says_why(checkout: Checkout) -> None:
    checkout.open(checkout.options(retry=False))
    checkout.choose("UPI")
    checkout.pay_by_upi("failed")
    checkout.heard("payment.failed")
    assert checkout.heard("dismiss")["error"]["reason"] == "payment_failed"
    checkout.heard("hidden")


def test_iphone_uses_the_callback_without_being_told(iphone: Checkout) -> None:
    iphone.open(iphone.options(callback_url=f"{iphone.merchant.url}/paid"))
    iphone.choose("UPI")
    iphone.pay_by_upi_id()
    assert len(_arrives(iphone)[1]) == 3


def test_form_with_the_script_inside_becomes_a_pay_button(checkout: Checkout) -> None:
    order = checkout.order()
    attributes = {
        "key": KEY_ID,
        "order_id": order["id"],
        "amount": order["amount"],
        "buttontext": "Pay the potter",
        "prefill.contact": "9812345678",
        "notes.basket": "11",
    }
    checkout.visit(f"/automatic?{urlencode(attributes)}")
    button = checkout.page.locator("form > input.razorpay-payment-button[type=submit]")
    expect(button).to_have_value("Pay the potter")
    button.click()
    checkout.choose("UPI")
    checkout.pay_by_upi()
    path, fields = _arrives(checkout)
    assert path == "/paid"
    payment = checkout.gateway.fetch(f"payments/{fields['razorpay_payment_id']}")
    assert (payment["order_id"], payment["notes"]) == (order["id"], {"basket": "11"})
