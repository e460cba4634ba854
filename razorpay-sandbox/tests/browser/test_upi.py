"""Paying by UPI: a code on a big screen, apps on a phone, a UPI id where collecting is still allowed."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.buyer import ASHA, Checkout

_COLLECT_HIDDEN = {"display": {"hide": [{"method": "upi", "flows": ["collect"]}]}}
_LINK = "upi://pay?pa=sandbox@razorpay&pn=Mitti&am=10.00&cu=INR"


def _open(checkout: Checkout, order: Any = None, **options: Any) -> None:
    checkout.open(checkout.options(order, **options))
    checkout.choose("UPI")


def _code(checkout: Checkout) -> Locator:
    return checkout.sheet.get_by_role("img", name="UPI QR code")


def _upi_id(checkout: Checkout) -> Locator:
    return checkout.sheet.locator('input[name="vpa"]')


def _apps(checkout: Checkout) -> list[str]:
    expect(checkout.sheet.locator(".choice-name").first).to_be_visible()
    return checkout.sheet.locator(".choice-name").all_inner_texts()


def _paid(checkout: Checkout) -> Any:
    return checkout.gateway.fetch(f"payments/{checkout.heard('handler')['razorpay_payment_id']}")


def test_big_screen_shows_a_code_at_once_that_asks_for_the_orders_amount(checkout: Checkout) -> None:
    order = checkout.order(249_900)
    _open(checkout, order)
    expect(_code(checkout)).to_have_js_property("complete", True)  # noqa: FBT003 - the property's value
    assert _code(checkout).evaluate("(image) => image.naturalWidth > 0")
    link = parse_qs(urlsplit(str(_code(checkout).get_attribute("src"))).query)["link"][0]
    fields = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert link.startswith("upi://pay?")
    assert fields == {"pa": "sandbox@razorpay", "pn": "Mitti", "tr": order["id"], "am": "2499.00", "cu": "INR"}
    expect(_upi_id(checkout)).to_have_count(0)


def test_code_that_is_only_looked_at_begins_no_payment(checkout: Checkout) -> None:
    order = checkout.order()
    _open(checkout, order)
    expect(_code(checkout)).to_be_visible()
    checkout.sheet.get_by_role("button", name="Back").click()
    checkout.choose("Card")
    checkout.pay_by_card()
    assert _paid(checkout)["method"] == "card"
    assert checkout.gateway.fetch(f"orders/{order['id']}")["attempts"] == 1


def test_code_is_paid_or_fails_as_the_tester_says(checkout: Checkout) -> None:
    order = checkout.order()
    _open(checkout, order)
    checkout.pay_by_upi("failed")
    assert checkout.heard("payment.failed")["error"]["reason"] == "payment_failed"
    checkout.pay_by_upi()
    payment = _paid(checkout)
    assert (payment["method"], payment["status"], payment["upi"]["flow"]) == ("upi", "captured", "intent")
    assert checkout.gateway.fetch(f"orders/{order['id']}")["attempts"] == 2


def test_android_offers_apps_and_the_tester_answers_for_the_one_chosen(android: Checkout) -> None:
    _open(android)
    assert _apps(android) == ["PhonePe", "Google Pay", "Paytm", "BHIM", "Other UPI apps"]
    expect(_upi_id(android)).to_have_count(0)
    android.sheet.get_by_role("button", name="Google Pay").click()
    android.pay_by_upi("failed")
    android.heard("payment.failed")
    android.sheet.get_by_role("button", name="PhonePe").click()
    expect(android.sheet.get_by_role("heading", name="PhonePe")).to_be_visible()
    android.pay_by_upi()
    assert _paid(android)["upi"]["flow"] == "intent"


def test_payment_cancelled_in_the_app_goes_through_in_test_mode(android: Checkout) -> None:
    _open(android)
    android.sheet.get_by_role("button", name="BHIM").click()
    android.sheet.get_by_role("button", name="Cancel payment").click()
    android.heard("handler")


def test_upi_id_on_an_iphone_answers_by_itself(iphone: Checkout) -> None:
    order = iphone.order()
    _open(iphone, order)
    iphone.pay_by_upi_id("failure@razorpay")
    assert iphone.heard("payment.failed")["error"]["reason"] == "payment_failed"
    iphone.pay_by_upi_id()
    payment = _paid(iphone)
    assert (payment["vpa"], payment["upi"]["flow"], payment["status"]) == ("success@razorpay", "collect", "captured")
    assert iphone.gateway.fetch(f"orders/{order['id']}")["attempts"] == 2


def test_request_to_another_upi_id_is_answered_by_the_tester(iphone: Checkout) -> None:
    iphone.open(iphone.options(prefill={**ASHA, "method": "upi", "vpa": "asha@okbank"}))
    expect(_upi_id(iphone)).to_have_value("asha@okbank")
    iphone.sheet.get_by_test_id("pay-button").click()
    expect(iphone.sheet.get_by_text("Sent to asha@okbank")).to_be_visible()
    iphone.pay_by_upi()
    assert _paid(iphone)["vpa"] == "asha@okbank"


def test_iphone_asks_for_no_upi_id_once_collecting_is_hidden(iphone: Checkout) -> None:
    _open(iphone, config=_COLLECT_HIDDEN)
    assert len(_apps(iphone)) == 5
    expect(_upi_id(iphone)).to_have_count(0)
    iphone.sheet.get_by_role("button", name="PhonePe").click()
    iphone.pay_by_upi()
    iphone.heard("handler")


def test_page_that_hides_collecting_still_shows_the_code(checkout: Checkout) -> None:
    _open(checkout, config=_COLLECT_HIDDEN)
    expect(_code(checkout)).to_be_visible()


@pytest.mark.parametrize(
    ("display", "apps"),
    [
        pytest.param(
            {"hide": [{"method": "upi", "apps": ["paytm", "others"]}]},
            ["PhonePe", "Google Pay", "BHIM"],
            marks=pytest.mark.nightly,
        ),
        (
            {
                "blocks": {"one": {"name": "One app", "instruments": [{"method": "upi", "apps": ["google_pay"]}]}},
                "sequence": ["block.one"],
                "preferences": {"show_default_blocks": False},
            },
            ["Google Pay"],
        ),
    ],
)
def test_merchant_decides_which_apps_are_offered(android: Checkout, display: Any, apps: list[str]) -> None:
    _open(android, config={"display": display})
    assert _apps(android) == apps


@pytest.mark.parametrize(
    "display",
    [
        pytest.param({"hide": [{"method": "upi", "flows": ["qr"]}]}, marks=pytest.mark.nightly),
        {
            "blocks": {"id": {"name": "By id", "instruments": [{"method": "upi", "flows": ["collect"]}]}},
            "sequence": ["block.id", "card"],
            "preferences": {"show_default_blocks": False},
        },
    ],
)
def test_upi_is_not_offered_where_no_way_through_it_is_left(checkout: Checkout, display: Any) -> None:
    checkout.open(checkout.options(config={"display": display}))
    expect(checkout.sheet.get_by_test_id("Card")).to_be_visible()
    expect(checkout.sheet.get_by_test_id("UPI")).to_have_count(0)


@pytest.mark.parametrize(("amount", "times"), [(10_000_000, 0), (10_000_100, 1)])
def test_more_than_a_lakh_comes_with_a_hint(checkout: Checkout, amount: int, times: int) -> None:
    _open(checkout, checkout.order(amount))
    expect(_code(checkout)).to_be_visible()
    expect(checkout.sheet.get_by_text("UPI takes at most ₹1 lakh a payment")).to_have_count(times)


def test_code_is_kept_by_browsers_and_drawn_only_for_payment_links(checkout: Checkout) -> None:
    def ask(link: str) -> httpx.Response:
        return httpx.get(f"{checkout.gateway.url}/v1/checkout/qr", params={"link": link}, timeout=30)

    drawn = ask(_LINK)
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml")
    assert "immutable" in drawn.headers["cache-control"]
    assert drawn.text.count("<path") == 2  # the ground and the code
    for link, refusal in {
        "": "The link must begin with upi://pay?",
        "upi://[pay?pa=a@b": "The link must begin with upi://pay?",
        "https://example.com/?pa=a@b&am=1&cu=INR": "The link must begin with upi://pay?",
        _LINK.replace("sandbox@razorpay", "nobody"): "The link's pa is missing or invalid.",
        _LINK.replace("10.00", "ten"): "The link's am is missing or invalid.",
        _LINK.replace("INR", "rupees"): "The link's cu is missing or invalid.",
        _LINK + "&tn=" + "x" * 500: "The link may have at most 512 characters.",
    }.items():
        refused = ask(link)
        assert (refused.status_code, refused.json()["error"]["description"]) == (400, refusal)
