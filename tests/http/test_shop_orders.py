"""The shop's orders over real HTTP, for its people: lists, one order, and the table for a spreadsheet."""

import csv
import io

import httpx
import pytest

from tests.support.buying import Purchase, make_merchant
from tests.support.shops import Shop
from tests.support.zones import ADDRESS


@pytest.fixture
def merchant(shop: Shop) -> httpx.Client:
    """A client signed in as the shopkeeper."""
    return make_merchant(shop, shop.buyer())


@pytest.fixture
def purchase(shop: Shop) -> Purchase:
    """A paid order."""
    begun = Purchase.begin(shop)
    begun.verify(begun.hand_over()).raise_for_status()
    return begun


def test_an_order_is_found_and_shown_with_who_did_what(merchant: httpx.Client, purchase: Purchase) -> None:
    [payment] = purchase.buyer.get(f"/orders/{purchase.order_id}").json()["payments"]
    found = merchant.get("/merchant/orders", params={"view": "to-ship", "search": payment["id"]}).json()
    [listed] = found["items"]
    assert (listed["id"], listed["units"], listed["first"], listed["status"]) == (
        purchase.order_id,
        1,
        "Kulhad cups",
        "paid",
    )
    assert found["next_cursor"] is None
    assert found["counts"]["to-ship"] >= 1
    assert set(found["counts"]) == {"to-ship", "unpaid", "needs-you"}
    shown = merchant.get(f"/merchant/orders/{purchase.order_id}").raise_for_status().json()
    assert (shown["number"], shown["amount"]) == (listed["number"], 48000)
    assert [(paid["id"], paid["purpose"]) for paid in shown["payments"]] == [(payment["id"], "order")]
    assert shown["payments"][0]["gateway_order_id"].startswith("order_")
    told = {deed["kind"]: (deed["actor"], deed["actor_email"]) for deed in shown["timeline"]}
    assert told["created"] == ("buyer", "asha@example.in")
    assert told["paid"] == ("gateway", None)


def test_the_table_has_a_row_for_each_order_and_no_formula_in_it(
    shop: Shop, merchant: httpx.Client, purchase: Purchase
) -> None:
    name = '=HYPERLINK("http://evil.example"),\r\n“Asha”'
    shop.rows("UPDATE orders SET name = :name WHERE id = :id", name=name, id=purchase.order_id)
    number = merchant.get(f"/merchant/orders/{purchase.order_id}").json()["number"]
    answer = merchant.get("/merchant/orders.csv", params={"search": number}).raise_for_status()
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="orders-all.csv"'
    assert answer.text.count("\r\n") == 3  # after the names, within a cell, and at the end
    [cells] = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (cells["number"], cells["amount"], cells["units"], cells["status"]) == (number, "480.00", "1", "paid")
    assert cells["name"] == f"'{name}"
    every = list(csv.DictReader(io.StringIO(merchant.get("/merchant/orders.csv").text, newline="")))
    assert len(every) == shop.rows("SELECT count(*) AS number FROM orders")[0]["number"]


def test_it_is_noted_and_cancelled_for_whom_nobody_pays(shop: Shop, merchant: httpx.Client) -> None:
    purchase = Purchase.begin(shop)
    path = f"/merchant/orders/{purchase.order_id}"
    noted = merchant.post(f"{path}/notes", json={"note": "Ask her for the PIN."})
    assert (noted.status_code, noted.json()["timeline"][-1]["message"]) == (201, "Note: Ask her for the PIN.")
    assert "Ask her" not in purchase.buyer.get(f"/orders/{purchase.order_id}").text
    for wrong in ({}, {"note": ""}, {"note": 5}, {"note": "x" * 501}):
        assert merchant.post(f"{path}/notes", json=wrong).json()["code"] == "invalid_input"
    assert merchant.post(f"{path}/cancel").raise_for_status().json()["status"] == "cancelled"
    again = merchant.post(f"{path}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "order_closed")
    assert merchant.post("/merchant/orders/unknown/cancel").json()["code"] == "order_not_found"


def test_a_paid_order_goes_to_another_address_and_its_buyer_reads_where(shop: Shop, merchant: httpx.Client) -> None:
    purchase = Purchase.begin(shop, address=ADDRESS)
    path = f"/merchant/orders/{purchase.order_id}/address"
    early = merchant.put(path, json=ADDRESS)
    assert (early.status_code, early.json()["code"]) == (409, "address_refused")
    purchase.verify(purchase.hand_over()).raise_for_status()
    wrong = merchant.put(path, json={**ADDRESS, "pin": "999999", "phone": "12", "line1": "", "town": "", "state": ""})
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"pin", "phone", "line1"})
    moved = merchant.put(path, json={**ADDRESS, "pin": "570 020", "line1": "4, Station Road", "town": "", "state": ""})
    assert moved.raise_for_status().json()["ships_to"]["line1"] == "4, Station Road"
    told = purchase.buyer.get(f"/orders/{purchase.order_id}").json()
    assert (told["ships_to"]["pin"], told["amount"]) == ("570020", 48000)


def test_its_buyer_is_told_by_mail_once_more(merchant: httpx.Client, purchase: Purchase) -> None:
    path = f"/merchant/orders/{purchase.order_id}"
    [mail] = merchant.get(path).json()["mails"]
    assert mail["kind"] == "paid"
    wanted, key = {"event_id": mail["event_id"]}, {"Idempotency-Key": "mail"}
    for _ in range(2):
        answer = merchant.post(f"{path}/mails", json=wanted, headers=key)
        assert answer.status_code == 201
    assert [deed["kind"] for deed in answer.json()["timeline"]].count("mailed") == 1
    unknown = merchant.post(f"{path}/mails", json={"event_id": "unknown"}, headers=key)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "mail_not_found")
    assert merchant.post(f"{path}/mails", json=wanted).json()["code"] == "invalid_input"
    assert "mailed" not in purchase.buyer.get(f"/orders/{purchase.order_id}").text


_BAD = [{"view": "mine"}, {"search": "s" * 81}, {"search": "nul\0"}]
_BAD_PAGE = [{"limit": "0"}, {"limit": "101"}, {"cursor": "c" * 27}]


@pytest.mark.parametrize(
    ("path", "params"),
    [("/merchant/orders", params) for params in _BAD + _BAD_PAGE]
    + [("/merchant/orders.csv", params) for params in _BAD],
    ids=repr,
)
def test_what_can_not_be_asked_is_422(merchant: httpx.Client, path: str, params: dict[str, str]) -> None:
    answer = merchant.get(path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("search", ["%", "_", "' OR 1=1 --", "\\", "nobody@example.in", "💐"])
def test_what_is_odd_finds_nothing(merchant: httpx.Client, purchase: Purchase, search: str) -> None:
    assert purchase.order_id
    assert merchant.get("/merchant/orders", params={"search": search}).raise_for_status().json()["items"] == []


def test_an_order_that_nobody_knows_is_404(merchant: httpx.Client) -> None:
    answer = merchant.get("/merchant/orders/unknown")
    assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")
