"""What a buyer can do in the sheet, and what the merchant and the gateway then know."""

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.browser.buyer import ASHA, Checkout
from tests.support import KEY_ID


def test_card_payment_hands_the_merchant_three_strings_that_verify(checkout: Checkout) -> None:
    order = checkout.order(notes={"basket": "7"})
    checkout.open(checkout.options(order))
    checkout.choose("Card")
    checkout.pay_by_card("5500670000001002")

    fields = checkout.heard("handler")
    assert set(fields) == {"razorpay_payment_id", "razorpay_order_id", "razorpay_signature"}
    assert fields["razorpay_order_id"] == order["id"]
    assert checkout.logged("handler").get_attribute("data-more") == "true"  # `this` was the instance
    payment = checkout.gateway.fetch(f"payments/{fields['razorpay_payment_id']}", **{"expand[]": "card"})
    assert (payment["status"], payment["method"], payment["amount"]) == ("captured", "card", 249_900)
    assert (payment["card"]["last4"], payment["card"]["network"]) == ("1002", "MasterCard")
    assert (payment["email"], payment["contact"]) == (ASHA["email"], ASHA["contact"])
    assert checkout.gateway.fetch(f"orders/{order['id']}")["status"] == "paid"


def test_short_password_fails_and_the_same_sheet_pays_on_the_second_try(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.choose("Card")
    checkout.pay_by_card(otp="123")

    error = checkout.heard("payment.failed")["error"]
    assert (error["code"], error["reason"]) == ("BAD_REQUEST_ERROR", "incorrect_otp")
    assert set(error["metadata"]) == {"payment_id", "order_id"}
    assert checkout.order_of().index("payment.error") + 1 == checkout.order_of().index("payment.failed")
    expect(checkout.sheet.get_by_role("alert")).to_contain_text("Payment failed")
    checkout.pay_by_card(otp="123456")

    checkout.heard("handler")
    checkout.hears_nothing_of("dismiss")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4100280000080001", "insufficient_fund"),
        pytest.param("5305620000090007", "gateway_technical_error", marks=pytest.mark.nightly),
    ],
)
def test_error_card_decides_the_reason_when_its_bank_declines(checkout: Checkout, number: str, reason: str) -> None:
    checkout.open(checkout.options())
    checkout.choose("Card")
    checkout.pay_by_card(number, otp="1")
    assert checkout.heard("payment.failed")["error"]["reason"] == reason


def test_netbanking_is_answered_in_a_window_of_the_bank(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.sheet.locator('div[data-value="netbanking"]').click()
    with checkout.page.expect_popup() as refused:
        checkout.sheet.locator('div[data-value="ICIC"]').click()
    expect(refused.value).to_have_title("Razorpay Bank")
    assert "/v1/gateway/mocksharp/payment" in refused.value.url
    refused.value.locator('button.danger[data-val="F"]').click()
    checkout.heard("payment.failed")
    expect(checkout.sheet.get_by_role("alert")).to_contain_text("Payment failed")
    with checkout.page.expect_popup() as accepted:
        checkout.sheet.locator('div[data-value="HDFC"]').click()
    accepted.value.locator('button.success[data-val="S"]').click()

    payment = checkout.gateway.fetch(f"payments/{checkout.heard('handler')['razorpay_payment_id']}")
    assert (payment["method"], payment["bank"], payment["status"]) == ("netbanking", "HDFC", "captured")


def test_closing_the_bank_window_cancels_a_wallet_payment(checkout: Checkout) -> None:
    checkout.open(checkout.options())
    checkout.choose("Wallet")
    with checkout.page.expect_popup() as window:
        checkout.sheet.locator('div[data-value="phonepe"]').click()
    expect(window.value.locator("button.success")).to_be_enabled()
    window.value.close()
    assert checkout.heard("payment.failed")["error"]["reason"] == "payment_cancelled"


def test_blocked_window_leaves_a_link_to_the_bank(checkout: Checkout) -> None:
    checkout.page.add_init_script("if (window !== top) window.open = () => null;")
    checkout.open(checkout.options())
    checkout.choose("Netbanking")
    checkout.sheet.locator('div[data-value="SBIN"]').click()
    with checkout.page.expect_popup() as window:
        checkout.sheet.get_by_role("link", name="Open the bank").click()
    window.value.locator("button.success").click()
    checkout.heard("handler")


def test_paid_order_cannot_be_paid_again(checkout: Checkout) -> None:
    order = checkout.order()
    checkout.gateway.attempt(order["id"]).raise_for_status()
    checkout.open(checkout.options(order))
    expect(checkout.sheet.get_by_text("Payment already done for this order.")).to_be_visible()
    checkout.sheet.get_by_role("button", name="Close", exact=True).click()
    checkout.heard("dismiss")


def test_order_paid_while_the_sheet_is_open_refuses_the_attempt(checkout: Checkout) -> None:
    order = checkout.order()
    checkout.open(checkout.options(order))
    checkout.choose("UPI")
    checkout.gateway.attempt(order["id"]).raise_for_status()
    checkout.pay_by_upi()
    assert checkout.heard("payment.failed")["error"]["reason"] == "order_already_paid"


def test_amount_other_than_the_orders_is_refused_at_payment(checkout: Checkout) -> None:
    checkout.open(checkout.options(amount=100))
    checkout.choose("UPI")
    checkout.pay_by_upi()
    assert checkout.heard("payment.failed")["error"]["reason"] == "order_amount_mismatch"
    expect(checkout.sheet.get_by_role("alert")).to_contain_text("amount")


def test_unknown_order_is_shown_and_can_be_left(checkout: Checkout) -> None:
    checkout.open(checkout.options(order_id="order_AAAAAAAAAAAAAA"))
    expect(checkout.sheet.get_by_text("The id provided does not exist")).to_be_visible()
    checkout.sheet.get_by_role("button", name="Close", exact=True).click()
    checkout.heard("dismiss")


def test_lost_answer_leaves_the_payment_open_and_the_next_try_finds_it_paid(checkout: Checkout) -> None:
    order = checkout.order()
    checkout.open(checkout.options(order))
    checkout.choose("UPI")
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    checkout.page.route("**/conclude", lose_the_first)
    checkout.pay_by_upi()
    expect(checkout.sheet.get_by_role("alert")).to_contain_text("No answer yet")
    assert checkout.gateway.fetch(f"orders/{order['id']}")["status"] == "paid"
    checkout.hears_nothing_of("payment.failed")
    checkout.pay_by_upi()
    checkout.heard("handler")


def test_notes_of_the_page_are_stored_on_the_payment(checkout: Checkout) -> None:
    checkout.open(checkout.options(notes={"basket": "9", "dropped": None}))
    checkout.choose("UPI")
    checkout.pay_by_upi()
    payment = checkout.gateway.fetch(f"payments/{checkout.heard('handler')['razorpay_payment_id']}")
    assert payment["notes"] == {"basket": "9"}


def test_downtime_is_announced_beside_its_method_and_bank(checkout: Checkout) -> None:
    root = f"{checkout.gateway.url}/_test"
    body = {"method": "netbanking", "instrument": {"bank": "SBIN"}, "severity": "high"}
    downtime = httpx.post(f"{root}/downtimes", json=body, timeout=30).raise_for_status().json()
    try:
        checkout.open(checkout.options())
        checkout.choose("Netbanking")
        expect(checkout.sheet.locator('button[data-code="SBIN"]')).to_contain_text("Failing now")
        expect(checkout.sheet.locator('button[data-code="HDFC"]')).not_to_contain_text("Failing now")
    finally:
        resolve = {"id": downtime["id"]}
        httpx.post(f"{root}/downtimes/resolve", json=resolve, timeout=30).raise_for_status()


def test_order_without_a_sheet_key_is_never_shown(checkout: Checkout) -> None:
    answer = httpx.get(
        f"{checkout.gateway.url}/v1/checkout/preferences", params={"key_id": "rzp_test_wrong"}, timeout=30
    )
    assert answer.status_code == 401
    known = httpx.get(f"{checkout.gateway.url}/v1/checkout/preferences", params={"key_id": KEY_ID}, timeout=30)
    assert known.json()["methods"]["card"] is True
