"""What Razorpay told, over real HTTP, for the people of the shop."""

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


def test_a_message_is_found_read_and_handled_again(shop: Shop, merchant: httpx.Client) -> None:
    purchase = Purchase.begin(shop)
    said = event("payment.dispute.created", dispute={"payment_id": purchase.pay()})
    assert deliver(shop, said).status_code == 200
    until(lambda: purchase.issues == ["dispute"], "the issue")
    page = merchant.get("/merchant/webhooks", params={"limit": 100}).raise_for_status().json()
    assert [item["received_at"] for item in page["items"]] == sorted(
        (item["received_at"] for item in page["items"]), reverse=True
    )
    [listed] = [item for item in page["items"] if item["event"] == "payment.dispute.created"][:1]
    path = f"/merchant/webhooks/{listed['id']}"
    until(lambda: merchant.get(path).json()["handled_at"], "its turn")
    shown = merchant.get(path).json()
    assert shown["body"]["payload"]["dispute"]["entity"]["payment_id"].startswith("pay_")
    assert (shown["whole"], shown["next_try_at"]) == (True, None)
    again = merchant.post(f"{path}/handle")
    assert (again.status_code, again.json()["tries"]) == (200, 0)
    until(lambda: merchant.get(path).json()["next_try_at"] is None, "its turn")
    assert purchase.issues == ["dispute"]
    entries = merchant.get("/merchant/audit").json()["items"]
    assert "Razorpay's message payment.dispute.created is to be handled again." in [each["message"] for each in entries]


def test_what_speaks_of_a_payment_is_listed_as_it_came(shop: Shop, merchant: httpx.Client) -> None:
    purchase = Purchase.begin(shop)
    payment_id = purchase.pay()
    deliver(shop, event("payment.captured", payment={"id": payment_id}))
    deliver(shop, event("payment.captured", payment={"id": "pay_other"}))
    until(lambda: purchase.status == "paid", "the money")
    deliver(shop, event("refund.created", refund={"payment_id": payment_id}))
    page = merchant.get("/merchant/webhooks", params={"payment_id": payment_id}).raise_for_status().json()
    assert [item["event"] for item in page["items"]] == ["payment.captured", "refund.created"]


def test_words_that_were_let_go_can_not_be_handled(shop: Shop, merchant: httpx.Client) -> None:
    assert deliver(shop, event("payment.captured")).status_code == 200
    [listed, *_] = merchant.get("/merchant/webhooks").json()["items"]
    path = f"/merchant/webhooks/{listed['id']}"
    until(lambda: merchant.get(path).json()["handled_at"], "its turn")
    shop.rows("UPDATE webhook_events SET body = '' WHERE id = :id", id=listed["id"])
    shown = merchant.get(path).json()
    assert (shown["body"], shown["whole"]) == (None, False)
    refused = merchant.post(f"{path}/handle")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_forgotten")


_BAD = [{"limit": "0"}, {"limit": "101"}, {"cursor": "c" * 81}, {"cursor": "unknown"}]
_BAD += [{"payment_id": "pay_unknown"}, {"payment_id": "pay_%"}, {"payment_id": "p" * 41}]


@pytest.mark.parametrize("params", _BAD, ids=repr)
def test_a_bad_page_is_422(merchant: httpx.Client, params: dict[str, str]) -> None:
    assert merchant.get("/merchant/webhooks", params=params).json()["code"] == "invalid_input"


def test_a_message_nobody_knows_is_404(merchant: httpx.Client) -> None:
    for answer in (merchant.get("/merchant/webhooks/unknown"), merchant.post("/merchant/webhooks/unknown/handle")):
        assert (answer.status_code, answer.json()["code"]) == (404, "webhook_not_found")
