"""Paying another amount than the order's: less with an offer, more when the customer bears the fee."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.buyer import Checkout


def _lines(checkout: Checkout) -> list[str]:
    expect(checkout.sheet.locator(".bill-lines")).to_be_visible()
    return [line.inner_text() for line in checkout.sheet.locator(".bill-lines > *").all()]


def _pay(checkout: Checkout, amount: str) -> Any:
    expect(checkout.sheet.locator(".bill-amount")).to_have_text(amount)
    checkout.choose("UPI")
    checkout.pay_by_upi()
    return checkout.gateway.fetch(f"payments/{checkout.heard('handler')['razorpay_payment_id']}")


@pytest.mark.parametrize("more", [{}, pytest.param({"amount": "48000"}, marks=pytest.mark.nightly)])
def test_offer_is_shown_and_taken_off_what_is_paid(checkout: Checkout, more: dict[str, Any]) -> None:
    order = checkout.order(48_000)
    checkout.gateway.call("POST", "offer", {"order_id": order["id"], "amount_off": 10_000})
    checkout.open(checkout.options(order, **more))
    assert _lines(checkout) == ["Order", "₹480.00", "Offer", "\N{MINUS SIGN}₹100.00"]
    assert _pay(checkout, "₹380.00")["amount"] == 38_000
    assert checkout.gateway.fetch(f"orders/{order['id']}")["status"] == "paid"


def test_fee_that_the_customer_bears_is_shown_and_paid(checkout: Checkout) -> None:
    order = checkout.order(48_000)
    checkout.gateway.put("switches", {"fee_bearer": "customer"})
    try:
        checkout.open(checkout.options(order))
        lines = _lines(checkout)
        payment = _pay(checkout, f"₹{(48_000 + int(lines[3][2:].replace('.', ''))) / 100:.2f}")
    finally:
        checkout.gateway.put("switches", {"fee_bearer": "platform"})
    assert lines == ["Order", "₹480.00", "Fee with tax", f"+₹{payment['fee'] / 100:.2f}"]
    assert payment["amount"] == 48_000 + payment["fee"]


def test_ordinary_order_has_one_amount(checkout: Checkout) -> None:
    checkout.open(checkout.options(checkout.order(48_000)))
    expect(checkout.sheet.locator(".bill-amount")).to_have_text("₹480.00")
    expect(checkout.sheet.locator(".bill-lines")).to_have_count(0)
