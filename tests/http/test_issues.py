"""What waits for a person, over real HTTP, on both databases."""

from datetime import UTC, datetime
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
    return _disputed(shop)


def _disputed(shop: Shop) -> Purchase:
    purchase = Purchase.begin(shop)
    assert deliver(shop, event("payment.dispute.created", dispute={"payment_id": purchase.pay()})).status_code == 200
    until(lambda: purchase.issues == ["dispute"], "the issue")
    return purchase


def _waiting(merchant: httpx.Client) -> list[dict[str, Any]]:
    """Read the whole list, one issue a page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = merchant.get("/merchant/issues", params={"limit": 1, "cursor": cursor}).raise_for_status().json()
        found += page["items"]
        cursor = page["next_cursor"]
        seen = [item["id"] for item in found]
        assert seen == sorted(set(seen)), "once each, the oldest first"
    return found


def _issue_of(merchant: httpx.Client, purchase: Purchase) -> dict[str, Any]:
    """Find the one issue of an order in the list."""
    [item] = [item for item in _waiting(merchant) if item["order_id"] == purchase.order_id]
    return item


def _path_of(purchase: Purchase) -> str:
    """Return where the one open issue of an order is resolved."""
    query = "SELECT id FROM issues WHERE subject_id = :id AND resolved_at IS NULL"
    [row] = purchase.shop.rows(query, id=purchase.order_id)
    return f"/merchant/issues/{row['id']}/resolve"


def test_the_shopkeeper_finds_what_waits_and_says_what_was_decided(
    shop: Shop, merchant: httpx.Client, disputed: Purchase
) -> None:
    later, other = _disputed(shop), Purchase.begin(shop)
    named = [item["order_id"] for item in _waiting(merchant)]
    assert named.index(disputed.order_id) < named.index(later.order_id)
    assert other.order_id not in named
    item = _issue_of(merchant, disputed)
    assert (item["kind"], item["message"]) == ("dispute", "The buyer's bank disputes this payment.")
    assert (item["status"], item["amount"], item["currency"], item["email"]) == (
        "paid",
        48000,
        "INR",
        "asha@example.in",
    )
    shown = disputed.buyer.get(f"/orders/{disputed.order_id}").json()
    assert item["number"] == shown["number"]
    [opened] = [told["at"] for told in shown["timeline"] if told["kind"] == "attention"]
    moments = [datetime.fromisoformat(at) for at in (shown["created_at"], item["opened_at"], opened)]
    assert moments == sorted(moments)
    [payment] = item["payments"]
    assert (payment["purpose"], payment["amount"], payment["amount_refunded"]) == ("order", 48000, 0)
    answer = merchant.post(f"/merchant/issues/{item['id']}/resolve", json={"note": "  We sent the bank the receipt. "})
    resolved = answer.json()
    assert (answer.status_code, resolved.pop("resolved_at") is None) == (201, False)
    assert resolved == {"id": item["id"], "kind": "dispute", "note": "We sent the bank the receipt."}
    assert item["id"] not in {waits["id"] for waits in _waiting(merchant)}
    told = disputed.buyer.get(f"/orders/{disputed.order_id}").json()["timeline"][-1]
    assert (told["kind"], told["message"]) == ("decided", "We sent the bank the receipt.")


def test_the_buyer_sees_what_their_bank_says_against_the_payment(shop: Shop) -> None:
    purchase = Purchase.begin(shop)
    payment_id = purchase.pay()
    said = {
        "id": payment_id.replace("pay_", "disp_"),
        "payment_id": payment_id,
        "amount": 20000,
        "currency": "INR",
        "phase": "chargeback",
    }
    until_when = datetime(2027, 1, 15, 8, tzinfo=UTC)
    body = event("payment.dispute.created", dispute=said | {"respond_by": int(until_when.timestamp())})
    assert deliver(shop, body).status_code == 200
    until(lambda: purchase.issues == ["dispute"], "the issue")
    [shown] = purchase.buyer.get(f"/orders/{purchase.order_id}").json()["disputes"]
    assert datetime.fromisoformat(shown.pop("respond_by")) == until_when
    assert shown == said | {"stage": "created"}


def test_a_decision_is_repeated_safely_and_not_made_twice(merchant: httpx.Client, disputed: Purchase) -> None:
    path = _path_of(disputed)
    first, again = (merchant.post(path, json={"note": "Seen."}).json() for _ in range(2))
    assert first == again
    refused = merchant.post(path, json={"note": "Another."})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_decide")
    assert disputed.events("decided") == 1


def test_money_in_no_place_is_409(shop: Shop, merchant: httpx.Client, disputed: Purchase) -> None:
    shop.rows("UPDATE payments SET purpose = 'attention' WHERE order_id = :id", id=disputed.order_id)
    refused = merchant.post(_path_of(disputed), json={"note": "Never mind."})
    assert (refused.status_code, refused.json()["code"]) == (409, "money_unplaced")
    assert "refund it first" in refused.json()["detail"]
    assert disputed.issues == ["dispute"]
    shop.rows("UPDATE payments SET purpose = 'order' WHERE order_id = :id", id=disputed.order_id)


@pytest.mark.parametrize("note", ["", "   ", "w" * 301, 7, None, "nul\0"], ids=repr)
def test_a_note_that_can_not_be_kept_is_422(merchant: httpx.Client, disputed: Purchase, note: object) -> None:
    answer = merchant.post(_path_of(disputed), json={"note": note})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert disputed.issues == ["dispute"]


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "c" * 27}])
def test_a_bad_page_is_422(merchant: httpx.Client, params: dict[str, str]) -> None:
    assert merchant.get("/merchant/issues", params=params).json()["code"] == "invalid_input"


def test_money_that_razorpay_can_not_return_is_written_down_as_gone_back_another_way(
    shop: Shop, merchant: httpx.Client
) -> None:
    purchase = Purchase.begin(shop)
    handed_over = purchase.hand_over()
    purchase.verify(handed_over).raise_for_status()
    payment_id = handed_over["razorpay_payment_id"]
    shop.gateway.set("switches", {"refunds": "no_balance"})
    said = {"payment_id": payment_id, "reason": "It broke."}
    merchant.post("/merchant/refunds", json=said, headers={"Idempotency-Key": payment_id}).raise_for_status()
    shop.gateway.set("switches", {"refunds": "processed"})
    path = _path_of(purchase).replace("/resolve", "/outside")
    sent = {"way": "upi", "reference": "412345678901"}
    busy = merchant.post(path, json=sent)  # whoever asked may still be at it
    assert (busy.status_code, busy.json()["code"]) == (409, "refund_refused")
    shop.rows("UPDATE refunds SET attempts = 0 WHERE payment_id = :id", id=payment_id)
    first, again = merchant.post(path, json=sent), merchant.post(path, json=sent)
    assert (first.status_code, first.json()) == (201, again.json())
    told = {name: value for name, value in first.json().items() if name != "id"}
    assert told == sent | {
        "order_id": purchase.order_id,
        "payment_id": payment_id,
        "amount": 48000,
        "currency": "INR",
    }
    assert (purchase.status, purchase.issues, purchase.events("outside")) == ("refunded", [], 1)
    for wrong in ({"way": "post"}, {"way": "upi", "reference": "7" * 81}, {}):
        assert merchant.post(path, json=wrong).json()["code"] == "invalid_input"
    entries = merchant.get("/merchant/audit").json()["items"]
    assert "₹480.00 of an order went back outside Razorpay." in [entry["message"] for entry in entries]


def test_an_order_that_is_said_to_be_missing_is_made_whole(
    shop: Shop, merchant: httpx.Client, disputed: Purchase
) -> None:
    missing = (
        "INSERT INTO issues (created_at, id, kind, subject, subject_id, about, data, detail, note)"
        " VALUES (:at, :id, 'orphan', 'orphan', :gateway_order, '', '{}', '', '')"
    )
    values = {"at": "2026-11-27 00:00:00", "id": f"LOST{disputed.order_id[:20]}"}
    shop.rows(missing, gateway_order=disputed.razorpay_order_id, **values)
    path = f"/merchant/issues/{values['id']}/recover"
    first, again = merchant.post(path), merchant.post(path)
    assert (first.status_code, first.json()) == (201, again.json())
    assert (first.json()["id"], first.json()["status"]) == (disputed.order_id, "paid")
    assert values["id"] not in {item["id"] for item in _waiting(merchant)}
    refused = merchant.post(_path_of(disputed).replace("/resolve", "/recover"))  # which is about an order that is there
    assert (refused.status_code, refused.json()["code"]) == (404, "issue_not_found")


def test_an_issue_nobody_knows_is_404(merchant: httpx.Client) -> None:
    answer = merchant.post("/merchant/issues/unknown/resolve", json={"note": "Seen."})
    assert (answer.status_code, answer.json()["code"]) == (404, "issue_not_found")


def test_it_is_the_shopkeepers_business_alone(shop: Shop, disputed: Purchase) -> None:
    path = _path_of(disputed)
    assert disputed.buyer.get("/merchant/issues").json()["code"] == "not_permitted"
    assert disputed.buyer.post(path, json={"note": "Seen."}).json()["code"] == "not_permitted"
    assert httpx.get(f"{shop.url}/api/merchant/issues").json()["code"] == "invalid_token"
    assert httpx.post(f"{shop.url}/api{path}", json={"note": "Seen."}).json()["code"] == "invalid_token"
    assert disputed.issues == ["dispute"]
