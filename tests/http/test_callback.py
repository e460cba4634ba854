"""What Razorpay posts through the browser where its window can't call a script, and who else comes to that address."""

import httpx
import pytest

from tests.support.buying import Purchase
from tests.support.shops import Shop


def _post(shop: Shop, form: dict[str, str]) -> httpx.Response:
    return httpx.post(f"{shop.url}/api/checkout/callback", data=form, timeout=30)


def test_it_settles_without_a_session_and_leads_to_the_order(shop: Shop) -> None:
    purchase = Purchase.begin(shop)
    answer = _post(shop, purchase.hand_over())
    assert answer.status_code == 303
    page, _, key = answer.headers["location"].partition("?key=")
    assert page == f"/orders/{purchase.order_id}"
    assert httpx.get(f"{shop.url}/api{page}", params={"key": key}).json()["status"] == "paid"
    assert httpx.get(f"{shop.url}/api{page}", params={"key": key[::-1]}).status_code == 404
    assert purchase.status == "paid"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"error[metadata]": "[" * 50_000},
        {"error[metadata]": f'{{"order_id": {"9" * 5_000}}}'},
        {"error[metadata]": '{"order_id": "order_\\u0000"}'},
        {"razorpay_order_id": "order_AAAAAAAAAAAAAA", "razorpay_signature": "x"},
    ],
    ids=["nothing", "deep", "a long number", "nul", "unknown"],
)
def test_what_is_about_no_order_of_ours_leads_to_ones_orders(shop: Shop, form: dict[str, str]) -> None:
    answer = _post(shop, form)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/orders?problem=order_not_found")


def test_a_person_who_comes_here_is_led_to_their_orders(shop: Shop) -> None:
    answer = httpx.get(f"{shop.url}/api/checkout/callback", timeout=30)
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders")


def test_a_forged_one_changes_nothing(shop: Shop) -> None:
    purchase = Purchase.begin(shop)
    forged = {
        "razorpay_order_id": purchase.razorpay_order_id,
        "razorpay_payment_id": "pay_AAAAAAAAAAAAAA",
        "razorpay_signature": "0" * 64,
    }
    answer = _post(shop, forged)
    assert answer.headers["location"] == f"/orders/{purchase.order_id}?problem=payment_verification_failed"
    assert purchase.status == "created"
