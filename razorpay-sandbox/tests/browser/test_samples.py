"""The two sample pages of Razorpay's Standard Checkout guide; only key, order, script and callback are exchanged."""

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.buyer import Checkout
from tests.support import KEY_ID

_CALLBACK_URL = "https://eneqd3r9zrjok.x.pipedream.net/"
_BUTTON_AND_SCRIPT = """<!doctype html>
<button id="rzp-button1">Pay</button>
<script src="https://checkout.razorpay.com/v1/checkout.js"></script>
<script>
"""
_WITH_CALLBACK = (
    _BUTTON_AND_SCRIPT
    + """var options = {
    "key": "YOUR_KEY_ID", // Enter the Key ID generated from the Dashboard
    "amount": "50000", // Amount is in currency subunits.
    "currency": "INR",
    "name": "Acme Corp", //your business name
    "description": "Test Transaction",
    "image": "https://example.com/your_logo",
    "order_id": "order_9A33XWu170gUtm", // This is a sample Order ID. Pass the `id` obtained in the response of Step 1
    "callback_url": "https://eneqd3r9zrjok.x.pipedream.net/",
    "prefill": { //We recommend using the prefill parameter to auto-fill customer's contact information
        "name": "Gaurav Kumar", //your customer's name
        "email": "gaurav.kumar@example.com",
        "contact": "+919876543210" //Provide the customer's phone number for better conversion rates
    },
    "notes": {
        "address": "Razorpay Corporate Office"
    },
    "theme": {
        "color": "#3399cc"
    }
};
var rzp1 = new Razorpay(options);
document.getElementById('rzp-button1').onclick = function(e){
    rzp1.open();
    e.preventDefault();
}
</script>"""
)
_WITH_HANDLER = (
    _BUTTON_AND_SCRIPT
    + """var options = {
    "key": "YOUR_KEY_ID", // Enter the Key ID generated from the Dashboard
    "amount": "50000", // Amount is in currency subunits.
    "currency": "INR",
    "name": "Acme Corp", //your business name
    "description": "Test Transaction",
    "image": "https://example.com/your_logo",
    "order_id": "order_9A33XWu170gUtm", //This is a sample Order ID. Pass the `id` obtained in the response of Step 1
    "handler": function (response){
        alert(response.razorpay_payment_id);
        alert(response.razorpay_order_id);
        alert(response.razorpay_signature)
    },
    "prefill": { //We recommend using the prefill parameter to auto-fill customer's contact information
        "name": "Gaurav Kumar", //your customer's name
        "email": "gaurav.kumar@example.com",
        "contact": "+919876543210"  //Provide the customer's phone number for better conversion rates
    },
    "notes": {
        "address": "Razorpay Corporate Office"
    },
    "theme": {
        "color": "#3399cc"
    }
};
var rzp1 = new Razorpay(options);
rzp1.on('payment.failed', function (response){
        alert(response.error.code);
        alert(response.error.description);
        alert(response.error.source);
        alert(response.error.step);
        alert(response.error.reason);
        alert(response.error.metadata.order_id);
        alert(response.error.metadata.payment_id);
});
document.getElementById('rzp-button1').onclick = function(e){
    rzp1.open();
    e.preventDefault();
}
</script>"""
)


@pytest.fixture
def alerts(checkout: Checkout) -> list[str]:
    """What the sample's page shows in alerts, each of them closed at once."""
    shown: list[str] = []

    def accept(dialog: Dialog) -> None:
        shown.append(dialog.message)
        dialog.accept()

    checkout.page.on("dialog", accept)
    return shown


def _show(checkout: Checkout, sample: str, order_id: str) -> None:
    checkout.merchant.sample = (
        sample.replace("https://checkout.razorpay.com", checkout.gateway.url)
        .replace("YOUR_KEY_ID", KEY_ID)
        .replace("order_9A33XWu170gUtm", order_id)
        .replace(_CALLBACK_URL, f"{checkout.merchant.url}/paid")
    )
    checkout.page.route("https://example.com/**", lambda route: route.abort())  # nothing leaves this machine
    checkout.visit("/sample")
    checkout.page.locator("#rzp-button1").click()
    expect(checkout.sheet.locator(".bill-amount")).to_have_text("₹500.00")


def test_sample_with_a_handler_is_paid_after_a_failure(checkout: Checkout, alerts: list[str]) -> None:
    order = checkout.order(50_000)
    _show(checkout, _WITH_HANDLER, order["id"])
    checkout.choose("Card")
    with checkout.page.expect_event("dialog", lambda _: len(alerts) == 7):
        checkout.pay_by_card(otp="123")
    assert [alerts[0], alerts[4], alerts[5]] == ["BAD_REQUEST_ERROR", "incorrect_otp", order["id"]]

    with checkout.page.expect_event("dialog", lambda _: len(alerts) == 10):
        checkout.pay_by_card()
    payment_id, order_id, signature = alerts[7:]
    assert order_id == order["id"]
    checkout.gateway.sdk().utility.verify_payment_signature(
        {"razorpay_order_id": order_id, "razorpay_payment_id": payment_id, "razorpay_signature": signature}
    )
    payment = checkout.gateway.fetch(f"payments/{payment_id}")
    assert (payment["amount"], payment["notes"]) == (50_000, {"address": "Razorpay Corporate Office"})


def test_sample_with_a_callback_posts_to_it(checkout: Checkout) -> None:
    order = checkout.order(50_000)
    _show(checkout, _WITH_CALLBACK, order["id"])
    checkout.choose("Card")
    checkout.pay_by_card()
    expect(checkout.page.get_by_role("heading", name="Posted")).to_be_visible()
    [(path, fields)] = checkout.merchant.posted
    assert (path, fields["razorpay_order_id"]) == ("/paid", order["id"])
    checkout.gateway.sdk().utility.verify_payment_signature(fields)
