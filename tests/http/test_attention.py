"""What waits for a person, over real HTTP, on both databases."""

from typing import Any

import httpx
import pytest

from tests.support.buying import Purchase, make_merchant
from tests.support.shops import Shop
from tests.support.waiting import until
from tests.support.webhooks import deliver, event


@pytest.fixture
def merchant(shop: Shop) -> httpx.Client:
    """A client signed in as the shopkeeper."""
    return make_merchant(shop, shop.buyer())


@pytest.fixture
def disputed(shop: Shop) -> Purchase:
    """A paid order whose payment the buyer's bank disputes."""
    purchase = Purchase.begin(shop)
    assert deliver(shop, event("payment.dispute.created", dispute={"payment_id": purchase.pay()})).status_code == 200
    until(lambda: purchase.issues, "attention")
    return purchase


def _waiting(merchant: httpx.Client) -> dict[str, Any]:
    """Read the whole list, one order a page."""
    found: dict[str, Any] = {}
    cursor = ""
    while cursor is not None:
        page = merchant.get("/attention", params={"limit": 1, "cursor": cursor}).raise_for_status().json()
        found |= {item["order_id"]: item for item in page["items"]}
        cursor = page["next_cursor"]
    return found


def test_the_shopkeeper_finds_what_waits_and_says_what_was_decided(
    shop: Shop, merchant: httpx.Client, disputed: Purchase
) -> None:
    other = Purchase.begin(shop)
    found = _waiting(merchant)
    assert other.order_id not in found
    item = found[disputed.order_id]
    assert item["attention"] == "The buyer's bank disputes this payment: created."
    assert (item["status"], item["amount"], item["currency"], item["email"]) == (
        "paid",
        48000,
        "INR",
        "asha@example.in",
    )
    [payment] = item["payments"]
    assert (payment["purpose"], payment["amount"], payment["amount_refunded"]) == ("order", 48000, 0)
    answer = merchant.post(f"/attention/{disputed.order_id}", json={"words": "  We sent the bank the receipt. "})
    assert (answer.status_code, answer.json()["words"]) == (201, "We sent the bank the receipt.")
    assert disputed.order_id not in _waiting(merchant)
    told = disputed.buyer.get(f"/orders/{disputed.order_id}").json()["timeline"][-1]
    assert (told["kind"], told["words"]) == ("decided", "We sent the bank the receipt.")


def test_a_decision_is_repeated_safely_and_not_made_twice(merchant: httpx.Client, disputed: Purchase) -> None:
    path = f"/attention/{disputed.order_id}"
    first, again = (merchant.post(path, json={"words": "Seen."}).json() for _ in range(2))
    assert first == again
    assert merchant.post(path, json={"words": "Another."}).json()["code"] == "nothing_to_decide"
    assert disputed.events("decided") == 1


def test_money_in_no_place_is_409(shop: Shop, merchant: httpx.Client, disputed: Purchase) -> None:
    shop.rows("UPDATE payments SET purpose = 'attention' WHERE order_id = :id", id=disputed.order_id)
    refused = merchant.post(f"/attention/{disputed.order_id}", json={"words": "Never mind."})
    assert (refused.status_code, refused.json()["code"]) == (409, "money_unplaced")
    assert "refund it first" in refused.json()["detail"]
    assert disputed.issues
    shop.rows("UPDATE payments SET purpose = 'order' WHERE order_id = :id", id=disputed.order_id)


@pytest.mark.parametrize("words", ["", "   ", "w" * 301, 7, None, "nul\0"], ids=repr)
def test_words_that_can_not_be_kept_are_422(merchant: httpx.Client, disputed: Purchase, words: object) -> None:
    answer = merchant.post(f"/attention/{disputed.order_id}", json={"words": words})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert disputed.issues


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "c" * 27}])
def test_a_bad_page_is_422(merchant: httpx.Client, params: dict[str, str]) -> None:
    assert merchant.get("/attention", params=params).json()["code"] == "invalid_input"


def test_an_order_nobody_knows_is_404(merchant: httpx.Client) -> None:
    assert merchant.post("/attention/unknown", json={"words": "Seen."}).json()["code"] == "order_not_found"


def test_it_is_the_shopkeepers_business_alone(shop: Shop, disputed: Purchase) -> None:
    path = f"/attention/{disputed.order_id}"
    assert disputed.buyer.get("/attention").json()["code"] == "not_permitted"
    assert disputed.buyer.post(path, json={"words": "Seen."}).json()["code"] == "not_permitted"
    assert httpx.get(f"{shop.url}/api/attention").json()["code"] == "invalid_token"
    assert httpx.post(f"{shop.url}/api{path}", json={"words": "Seen."}).json()["code"] == "invalid_token"
    assert disputed.issues
