"""The checkout controller: every branch of the flow, over real HTTP, on both databases."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.conftest import SHOP_ON_BOTH
from tests.support.shops import Shop
from tests.support.waiting import until

pytestmark = SHOP_ON_BOTH


def _order(buyer: httpx.Client, product_id: str, key: str | None = None, **more: object) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return buyer.post("/checkout/order", json={"product_id": product_id, **more}, headers=headers)


def test_a_guest_buys_and_holds_a_receipt(shop: Shop) -> None:
    buyer = shop.buyer()
    created = _order(buyer, shop.product(amount=48000), quantity=2)
    assert created.status_code == 201
    order = created.json()
    assert order["status"] == "created"
    assert (order["amount"], order["currency"]) == (96000, "INR")
    assert order["razorpay_order_id"].startswith("order_")

    handed_over = shop.gateway.pay(order["razorpay_order_id"]).json()
    verified = buyer.post("/checkout/payment", json=handed_over)
    assert verified.status_code == 201
    assert verified.json()["status"] == "paid"
    assert verified.json()["razorpay_payment_id"] == handed_over["razorpay_payment_id"]

    receipt = buyer.get(f"/orders/{order['order_id']}").json()
    assert receipt["status"] == "paid"
    assert [line["quantity"] for line in receipt["lines"]] == [2]
    assert [payment["status"] for payment in receipt["payments"]] == ["captured"]
    assert [event["kind"] for event in receipt["timeline"]] == ["created", "paid"]
    assert [item["id"] for item in buyer.get("/orders").json()["items"]] == [order["order_id"]]


def test_the_gateway_order_carries_our_order_as_its_receipt(shop: Shop) -> None:
    order = _order(shop.buyer(), shop.product()).json()
    at_gateway = shop.gateway.fetch(f"orders/{order['razorpay_order_id']}")
    assert at_gateway["receipt"] == order["order_id"]
    assert at_gateway["amount"] == order["amount"]


def test_verifying_again_answers_200_and_changes_nothing(shop: Shop) -> None:
    buyer = shop.buyer()
    order = _order(buyer, shop.product()).json()
    handed_over = shop.gateway.pay(order["razorpay_order_id"]).json()
    first = buyer.post("/checkout/payment", json=handed_over)
    again = buyer.post("/checkout/payment", json=handed_over)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(buyer.get(f"/orders/{order['order_id']}").json()["timeline"]) == 2


def test_the_same_key_answers_the_same_order(shop: Shop) -> None:
    buyer, product = shop.buyer(), shop.product()
    first, again = _order(buyer, product, key="key-1"), _order(buyer, product, key="key-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_the_same_key_for_something_else_is_a_conflict(shop: Shop) -> None:
    buyer, product = shop.buyer(), shop.product()
    _order(buyer, product, key="key-2")
    conflict = _order(buyer, product, key="key-2", quantity=2)
    assert (conflict.status_code, conflict.json()["code"]) == (409, "idempotency_conflict")


def _end_its_hold(shop: Shop, order_id: str) -> None:
    """Let an order's hold be over, and the shop have ended it."""
    shop.rows("UPDATE orders SET expires_at = created_at, due_at = created_at WHERE id = :id", id=order_id)
    query = "SELECT id FROM orders WHERE id = :id AND state = 'expired'"
    until(lambda: shop.rows(query, id=order_id), "the order to expire")


def _cancel(shop: Shop, order_id: str) -> None:
    """Let an order have been given up by its buyer, which only a page can do."""
    shop.rows("UPDATE orders SET state = 'cancelled', stock = 'released' WHERE id = :id", id=order_id)
    variants = "SELECT variant_id FROM order_lines WHERE order_id = :id"
    shop.rows(f"UPDATE variants SET held = 0 WHERE id IN ({variants})", id=order_id)  # noqa: S608 - our words


def _let_it_lapse(shop: Shop, order_id: str) -> None:
    """Let an order's hold be over, and nobody have looked at it since."""
    shop.rows("UPDATE orders SET expires_at = created_at WHERE id = :id", id=order_id)


@pytest.mark.parametrize("close", [_end_its_hold, _cancel, _let_it_lapse])
def test_the_key_of_an_order_that_is_closed_is_409_and_names_the_order(
    shop: Shop, close: Callable[[Shop, str], None]
) -> None:
    buyer, product = shop.buyer(), shop.product()
    order_id = _order(buyer, product, key="closed").json()["order_id"]
    close(shop, order_id)
    for _ in range(2):
        closed = _order(buyer, product, key="closed")
        assert (closed.status_code, closed.json()["code"], closed.json()["order_id"]) == (409, "order_closed", order_id)
        assert closed.headers["content-type"] == "application/problem+json"
    assert [item["id"] for item in buyer.get("/orders").json()["items"]] == [order_id]
    assert _order(buyer, product, key="a new one").status_code == 201


def test_the_key_of_an_order_that_is_paid_answers_the_order(shop: Shop) -> None:
    buyer, product = shop.buyer(), shop.product(on_hand=1)
    made = _order(buyer, product, key="paid").json()
    handed_over = shop.gateway.pay(made["razorpay_order_id"]).json()
    assert buyer.post("/checkout/payment", json=handed_over).status_code == 201
    _let_it_lapse(shop, made["order_id"])
    again = _order(buyer, product, key="paid")
    assert (again.status_code, again.json()["order_id"], again.json()["status"]) == (200, made["order_id"], "paid")
    assert again.json()["razorpay_order_id"] == made["razorpay_order_id"]


def test_a_key_belongs_to_its_buyer(shop: Shop) -> None:
    product = shop.product()
    mine, theirs = _order(shop.buyer(), product, key="shared"), _order(shop.buyer(), product, key="shared")
    assert mine.json()["order_id"] != theirs.json()["order_id"]


def test_twenty_copies_at_once_make_one_order_here_and_at_the_gateway(shop: Shop) -> None:
    buyer, product = shop.buyer(), shop.product(on_hand=20)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: _order(buyer, product, key="at-once"), range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    [order_id] = {answer.json()["order_id"] for answer in answers}
    assert shop.gateway.fetch("orders", receipt=order_id)["count"] == 1
    assert shop.rows("SELECT held FROM variants WHERE id = :id", id=product) == [{"held": 1}]


def test_an_unknown_product_is_404(shop: Shop) -> None:
    answer = _order(shop.buyer(), "no-such-thing")
    assert (answer.status_code, answer.json()["code"]) == (404, "product_not_found")
    assert answer.headers["content-type"] == "application/problem+json"


def test_too_little_stock_is_409_and_says_how_many_are_left(shop: Shop) -> None:
    product = shop.product(on_hand=3)
    answer = _order(shop.buyer(), product, quantity=4)
    assert (answer.status_code, answer.json()["code"], answer.json()["available"]) == (409, "out_of_stock", 3)
    assert shop.rows("SELECT held FROM variants WHERE id = :id", id=product) == [{"held": 0}]


def test_twelve_buyers_of_three_units_make_three_orders(shop: Shop) -> None:
    product = shop.product(on_hand=3)
    buyers = [shop.buyer() for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda buyer: _order(buyer, product), buyers))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 9


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer eyJhbGciOiJub25lIn0.e30."])
def test_a_missing_or_made_up_token_is_401(shop: Shop, token: str) -> None:
    answer = httpx.post(
        f"{shop.url}/api/checkout/order", json={"product_id": "x"}, headers={"Authorization": token} if token else {}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_session_is_401_at_once(shop: Shop) -> None:
    buyer = shop.buyer()
    assert buyer.get("/orders").status_code == 200
    shop.rows("UPDATE sessions SET revoked_at = created_at")
    assert buyer.get("/orders").json()["code"] == "invalid_token"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"product_id": "x", "items": [{"product_id": "x"}]},
        {"product_id": "x", "quantity": 0},
        {"product_id": "x", "quantity": -1},
        {"product_id": "x", "quantity": 1.5},
        {"product_id": "x", "quantity": "2"},
        {"product_id": "x", "quantity": True},
        {"product_id": "x", "quantity": 10**30},
        {"product_id": 7},
        {"product_id": "x" * 1000},
        {"items": []},
        {"items": [{"product_id": "x"}] * 1000},
        {"product_id": "nul \0 in it"},
        {"product_id": "half \ud800 character"},
        [],
        "text",
        None,
    ],
)
def test_input_of_the_wrong_shape_is_422_with_fields(shop: Shop, body: object) -> None:
    answer = shop.buyer().post("/checkout/order", content=json.dumps(body))  # escapes what httpx would refuse to send
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert answer.json()["fields"]


def test_a_body_that_is_no_json_is_422_and_a_huge_one_413(shop: Shop) -> None:
    buyer = shop.buyer()
    assert buyer.post("/checkout/order", content=b"{", headers={"content-type": "application/json"}).status_code == 422
    assert buyer.post("/checkout/order", content=b"x" * 300_000).status_code == 413
    streamed = buyer.post("/checkout/order", content=(b"x" * 10_000 for _ in range(40)))
    assert streamed.status_code == 413  # also when its length was not announced


@pytest.mark.parametrize("twist", ["flip", "empty", "upper", "non-ascii", "swapped"])
def test_a_wrong_signature_is_422_and_nothing_is_lost(shop: Shop, twist: str) -> None:
    buyer = shop.buyer()
    order = _order(buyer, shop.product()).json()
    honest = shop.gateway.pay(order["razorpay_order_id"]).json()
    signature = honest["razorpay_signature"]
    forged = {
        "flip": ("1" if signature[0] == "0" else "0") + signature[1:],
        "empty": "0",
        "upper": "A" + signature[1:].upper(),
        "non-ascii": "é" * 32,
        "swapped": signature[::-1],
    }[twist]
    refused = buyer.post("/checkout/payment", json=honest | {"razorpay_signature": forged})
    assert (refused.status_code, refused.json()["code"]) == (422, "payment_verification_failed")
    assert buyer.post("/checkout/payment", json=honest).json()["status"] == "paid"


def test_a_cheap_payment_does_not_pay_a_dear_order(shop: Shop) -> None:
    buyer = shop.buyer()
    cheap = _order(buyer, shop.product(amount=100)).json()
    dear = _order(buyer, shop.product(amount=14_999_900)).json()
    handed_over = shop.gateway.pay(cheap["razorpay_order_id"]).json()
    substituted = handed_over | {"razorpay_order_id": dear["razorpay_order_id"]}
    assert buyer.post("/checkout/payment", json=substituted).json()["code"] == "payment_verification_failed"
    assert buyer.get(f"/orders/{dear['order_id']}").json()["status"] == "created"


def test_an_unknown_order_and_somebody_elses_are_404(shop: Shop) -> None:
    owner, stranger = shop.buyer(), shop.buyer()
    order = _order(owner, shop.product()).json()
    handed_over = shop.gateway.pay(order["razorpay_order_id"]).json()
    assert stranger.post("/checkout/payment", json=handed_over).json()["code"] == "order_not_found"
    assert stranger.get(f"/orders/{order['order_id']}").json()["code"] == "order_not_found"
    unknown = handed_over | {"razorpay_order_id": "order_AAAAAAAAAAAAAA"}
    assert owner.post("/checkout/payment", json=unknown).json()["code"] == "order_not_found"


def test_a_failed_attempt_leaves_the_order_open_for_the_next(shop: Shop) -> None:
    buyer = shop.buyer()
    order = _order(buyer, shop.product()).json()
    assert "error" in shop.gateway.pay(order["razorpay_order_id"], outcome="failure").json()
    handed_over = shop.gateway.pay(order["razorpay_order_id"]).json()
    assert buyer.post("/checkout/payment", json=handed_over).json()["status"] == "paid"


def test_an_authorised_payment_is_captured(shop: Shop) -> None:
    buyer = shop.buyer()
    order = _order(buyer, shop.product()).json()
    handed_over = shop.gateway.pay(order["razorpay_order_id"], outcome="authorized").json()
    assert buyer.post("/checkout/payment", json=handed_over).json()["status"] == "paid"
    assert shop.gateway.fetch(f"payments/{handed_over['razorpay_payment_id']}")["status"] == "captured"


def test_ten_verifications_at_once_have_one_effect(shop: Shop) -> None:
    buyer, product = shop.buyer(), shop.product(on_hand=5)
    order = _order(buyer, product, quantity=2).json()
    handed_over = shop.gateway.pay(order["razorpay_order_id"]).json()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: buyer.post("/checkout/payment", json=handed_over), range(10)))
    assert {answer.json()["status"] for answer in answers} == {"paid"}
    assert shop.rows("SELECT on_hand, held FROM variants WHERE id = :id", id=product) == [{"on_hand": 3, "held": 0}]
    receipts = shop.rows("SELECT count(*) AS n FROM payment_allocations WHERE order_id = :id", id=order["order_id"])
    assert receipts == [{"n": 1}]


def test_who_was_shown_another_price_is_told_both_and_nothing_is_held(shop: Shop) -> None:
    buyer, product = shop.buyer(), shop.product(amount=48000)
    body, key = {"product_id": product, "quantity": 2, "amount": 96000}, {"Idempotency-Key": "one"}
    refused = buyer.post("/checkout/order", json=body | {"amount": 90000}, headers=key)
    told = refused.json()
    assert (refused.status_code, told["code"], told["was"], told["now"]) == (409, "price_changed", 90000, 96000)
    assert told["detail"] == "The price has changed from ₹900.00 to ₹960.00."
    assert shop.rows("SELECT held FROM variants WHERE id = :id", id=product) == [{"held": 0}]
    made = buyer.post("/checkout/order", json=body, headers=key)
    shop.rows("UPDATE variants SET amount = 70000 WHERE id = :id", id=product)
    again = buyer.post("/checkout/order", json=body, headers=key)
    assert (made.status_code, again.status_code, again.json()) == (201, 200, made.json())
    assert buyer.post("/checkout/order", json=body).json()["now"] == 140000


@pytest.mark.parametrize("amount", ["96000", 960.5, -1, 2**40, True])
def test_an_amount_that_is_none_is_refused(shop: Shop, amount: object) -> None:
    answer = shop.buyer().post("/checkout/order", json={"product_id": shop.product(), "amount": amount})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["amount"])
