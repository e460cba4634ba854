"""A buyer asks to cancel or to return something, over real HTTP and by the form of the order's page."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from checkout_app.buyer.requests.api import ASK
from tests.support.buying import Purchase, make_merchant, read_issues
from tests.support.shops import Shop
from tests.support.waiting import until

NOTE = "It was meant for my sister, who has one by now."


@pytest.fixture
def paid(shop: Shop) -> Purchase:
    """An order that is paid and not shipped."""
    purchase = Purchase.begin(shop)
    assert purchase.verify(purchase.hand_over()).status_code == 201
    return purchase


@pytest.fixture
def owner(shop: Shop) -> httpx.Client:
    """A client signed in as the shopkeeper."""
    return make_merchant(shop, shop.buyer())


def _ask(purchase: Purchase, kind: str = "cancel", **more: Any) -> httpx.Response:
    return purchase.buyer.post(f"/orders/{purchase.order_id}/requests", json={"kind": kind, **more})


def _told(purchase: Purchase, **params: str) -> list[str]:
    """Return what the timeline says of issues."""
    answer = (
        httpx.get(f"{purchase.shop.url}/api/orders/{purchase.order_id}", params=params)
        if params
        else (purchase.buyer.get(f"/orders/{purchase.order_id}"))
    )
    return [told["message"] for told in answer.json()["timeline"] if told["kind"] in {"attention", "decided"}]


def _ships(purchase: Purchase, status: str) -> None:
    purchase.shop.rows("UPDATE orders SET fulfilment_status = :to WHERE id = :id", to=status, id=purchase.order_id)


def _opened(purchase: Purchase) -> list[str]:
    query = "SELECT kind FROM issues WHERE subject_id = :id ORDER BY id"
    return [str(row["kind"]) for row in purchase.shop.rows(query, id=purchase.order_id)]


def test_asked_twice_it_is_one_request_with_the_words_of_the_first_time(paid: Purchase, owner: httpx.Client) -> None:
    first, again = _ask(paid, note=f"  {NOTE} "), _ask(paid, note="Or another reason.")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["kind"], first.json()["note"]) == ("cancel", NOTE)
    said = f"The buyer asked to cancel this order. “{NOTE}”"
    assert read_issues(owner, paid.order_id) == [("cancel_asked", said)]
    assert _told(paid) == [f"You asked to cancel this order. “{NOTE}”"]
    assert _opened(paid) == ["cancel_asked"]


def test_who_holds_the_link_reads_that_it_was_asked_and_neither_why_nor_can_they_ask(paid: Purchase) -> None:
    _ask(paid, note=NOTE).raise_for_status()
    key = httpx.URL(paid.buyer.post(f"/orders/{paid.order_id}/link").json()["link"]).params["key"]
    assert _told(paid, key=key) == ["The buyer asked to cancel this order."]
    other = Purchase.begin(paid.shop)
    other.verify(other.hand_over()).raise_for_status()
    key = httpx.URL(other.buyer.post(f"/orders/{other.order_id}/link").json()["link"]).params["key"]
    path = f"{paid.shop.url}/api/orders/{other.order_id}/requests"
    assert httpx.post(path, params={"key": key}, json={"kind": "cancel"}).json()["code"] == "invalid_token"
    assert paid.buyer.post(path, json={"kind": "cancel"}).json()["code"] == "order_not_found"
    assert _opened(other) == []


def test_what_was_asked_is_resolved_by_the_shop_and_can_be_asked_again(paid: Purchase, owner: httpx.Client) -> None:
    _ask(paid).raise_for_status()
    [item] = [
        item
        for item in owner.get("/merchant/issues", params={"limit": 100}).json()["items"]
        if item["order_id"] == paid.order_id
    ]
    owner.post(f"/merchant/issues/{item['id']}/resolve", json={"note": "It left an hour ago."}).raise_for_status()
    assert _told(paid) == ["You asked to cancel this order.", "It left an hour ago."]
    assert _ask(paid).status_code == 201


@pytest.mark.parametrize("amount", [100, None])
def test_a_refund_answers_it(paid: Purchase, owner: httpx.Client, amount: int | None) -> None:
    _ask(paid, note=NOTE).raise_for_status()
    [payment] = paid.buyer.get(f"/orders/{paid.order_id}").json()["payments"]
    asked = {"payment_id": payment["id"], "amount": amount, "reason": "As you wished"}
    owner.post("/merchant/refunds", json=asked, headers={"Idempotency-Key": uuid4().hex}).raise_for_status()
    until(lambda: paid.issues == [], "the refund")
    assert _told(paid)[1:] == ["The refund is the shop's answer."]


def test_what_can_be_asked_goes_by_where_the_order_is(shop: Shop, paid: Purchase, owner: httpx.Client) -> None:
    unpaid = Purchase.begin(shop)
    assert _ask(unpaid).json()["code"] == "request_unfit"
    can = []
    for status in ("unfulfilled", "partly_shipped", "shipped", "delivered", "returned"):
        purchase = Purchase.begin(shop)
        purchase.verify(purchase.hand_over()).raise_for_status()
        _ships(purchase, status)
        can.append([kind for kind in ("cancel", "return") if _ask(purchase, kind).status_code == 201])
    assert can == [["cancel"], ["cancel"], ["return"], ["return"], []]
    [payment] = paid.buyer.get(f"/orders/{paid.order_id}").json()["payments"]
    asked = {"payment_id": payment["id"], "reason": "They changed their mind"}
    owner.post("/merchant/refunds", json=asked, headers={"Idempotency-Key": uuid4().hex}).raise_for_status()
    paid.becomes("refunded")
    assert _ask(paid).json()["code"] == "request_unfit"


@pytest.mark.parametrize(
    "body", [{}, {"kind": "refund"}, {"kind": "cancel", "note": "w" * 201}, {"kind": "cancel", "note": "a\u202eb"}]
)
def test_what_is_no_request_is_422(paid: Purchase, body: dict[str, str]) -> None:
    answer = paid.buyer.post(f"/orders/{paid.order_id}/requests", json=body)
    assert (answer.status_code, answer.json()["code"], _opened(paid)) == (422, "invalid_input", [])


def test_what_the_buyer_wrote_is_in_no_log(paid: Purchase) -> None:
    note = f"A word {uuid4().hex}"
    _ask(paid, note=note).raise_for_status()
    log = paid.shop.process.log.read_text(encoding="utf-8")
    assert (note in log, "issue opened" in log) == (False, True)


def _post(purchase: Purchase, *, signed_in: bool = True, **fields: str) -> str:
    """Post the form as a browser without scripts; returns where it leads to."""
    token = purchase.buyer.headers["authorization"].removeprefix("Bearer ")
    cookies = {"session": token} if signed_in else {}
    with httpx.Client(cookies=cookies, headers={"origin": purchase.shop.url}, timeout=30) as browser:
        sent = {"form": "ask", "order": purchase.order_id, "request": "cancel", **fields}
        answer = browser.post(f"{purchase.shop.url}{ASK}", data=sent)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_the_form_asks_without_scripts_and_leads_back_to_the_order(paid: Purchase) -> None:
    page = f"/orders/{paid.order_id}"
    assert [_post(paid, note=NOTE) for _ in range(2)] == [page, page]
    assert _opened(paid) == ["cancel_asked"]
    assert _told(paid) == [f"You asked to cancel this order. “{NOTE}”"]


def test_the_form_of_a_stranger_or_about_somebody_elses_order_asks_nothing(shop: Shop, paid: Purchase) -> None:
    other = Purchase.begin(shop)
    assert _post(paid, signed_in=False) == f"/login?next=%2Forders%2F{paid.order_id}"
    assert _post(other, order=paid.order_id) == "#ask-order_not_found"
    assert _post(paid, request="refund") == "#ask-request-wrong"
    assert _post(paid, note="w" * 201) == "#ask-note-wrong"
    assert _opened(paid) == []
