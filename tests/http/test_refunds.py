"""Refunds by the shopkeeper over real HTTP, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from checkout_app.core import clock
from tests.support.people import appoint, at_work
from tests.support.processes import operate
from tests.support.shops import Shop
from tests.support.waiting import until


@pytest.fixture
def merchant(shop: Shop) -> httpx.Client:
    """A client signed in as the shopkeeper."""
    account = {"email": f"{uuid4().hex}@example.in", "password": "kulhad-chai"}
    appoint(shop, **account)
    return at_work(shop, **account)


def test_who_is_dismissed_gives_back_nothing_more_and_is_not_listed(shop: Shop) -> None:
    email, password = f"{uuid4().hex}@example.in", "kulhad-chai"
    appoint(shop, email, password, "viewer")
    assert f"{email}  viewer  Shopkeeper" in operate(shop.environment, "people").stdout
    assert [operate(shop.environment, "dismiss", email).returncode for _ in range(2)] == [0, 1]
    assert email not in operate(shop.environment, "people").stdout
    assert operate(shop.environment, "appoint", "nobody").returncode == 2


def _paid(shop: Shop, amount: int = 50_000) -> tuple[httpx.Client, str, str]:
    """Let a buyer pay; returns the buyer, the order's id and the payment's."""
    buyer = shop.buyer()
    order = buyer.post("/checkout/order", json={"product_id": shop.product(amount=amount)}).json()
    handed_over = shop.gateway.pay(order["razorpay_order_id"]).json()
    assert buyer.post("/checkout/payment", json=handed_over).json()["status"] == "paid"
    return buyer, order["order_id"], handed_over["razorpay_payment_id"]


def _refund(client: httpx.Client, payment_id: str, key: str, **more: object) -> httpx.Response:
    body = {"payment_id": payment_id, "reason": "Sent back.", **more}
    return client.post("/merchant/refunds", json=body, headers={"Idempotency-Key": key})


def _gives_back(shop: Shop, payment_id: str, amount: int) -> None:
    """Wait until no refund is under way, and look what the gateway gave back.

    A refund is sent before the request is answered, unless a worker was quicker to take it.
    """
    planned = "SELECT id FROM refunds WHERE payment_id = :id AND status = 'planned'"
    until(lambda: not shop.rows(planned, id=payment_id), "the refunds to be sent")
    assert shop.gateway.fetch(f"payments/{payment_id}")["amount_refunded"] == amount


def test_a_part_then_the_rest(shop: Shop, merchant: httpx.Client) -> None:
    buyer, order_id, payment_id = _paid(shop)

    def order_is(status: str) -> bool:
        return bool(buyer.get(f"/orders/{order_id}").json()["status"] == status)

    part = _refund(merchant, payment_id, "part", amount=20_000)
    assert (part.status_code, part.json()["amount"]) == (201, 20_000)
    until(lambda: order_is("partially_refunded"), "the part to go back")
    assert _refund(merchant, payment_id, "rest").json()["amount"] == 30_000
    until(lambda: order_is("refunded"), "the rest to go back")
    order = buyer.get(f"/orders/{order_id}").json()
    assert sorted(refund["amount"] for refund in order["refunds"]) == [20_000, 30_000]
    assert shop.gateway.fetch(f"payments/{payment_id}")["amount_refunded"] == 50_000


def test_the_same_key_refunds_once(shop: Shop, merchant: httpx.Client) -> None:
    _, _, payment_id = _paid(shop)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _refund(merchant, payment_id, "once", amount=10_000), range(8)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    _gives_back(shop, payment_id, 10_000)


def test_refunds_at_once_never_exceed_the_payment(shop: Shop, merchant: httpx.Client) -> None:
    _, _, payment_id = _paid(shop)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: _refund(merchant, payment_id, f"at once {n}", amount=20_000), range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
    _gives_back(shop, payment_id, 40_000)


@pytest.mark.parametrize(("more", "left"), [({}, 100), ({"restock": True}, 100), ({"restock": False}, 99)])
def test_the_units_of_a_refunded_order_go_back_on_the_shelf_unless_the_shopkeeper_says_no(
    shop: Shop, merchant: httpx.Client, more: dict[str, object], left: int
) -> None:
    buyer, order_id, payment_id = _paid(shop)
    assert _refund(merchant, payment_id, "all", **more).json()["restock"] is more.get("restock", True)
    until(lambda: buyer.get(f"/orders/{order_id}").json()["status"] == "refunded", "the money to go back")
    order = buyer.get(f"/orders/{order_id}").json()
    assert ("restocked" in {told["kind"] for told in order["timeline"]}) is (left == 100)
    shelf = "SELECT on_hand, held FROM variants WHERE id = :id"
    assert shop.rows(shelf, id=order["lines"][0]["product_id"]) == [{"on_hand": left, "held": 0}]


def test_a_refund_is_told_with_its_reason(shop: Shop, merchant: httpx.Client) -> None:
    buyer, order_id, payment_id = _paid(shop)
    assert _refund(merchant, payment_id, "why", amount=20_000, reason="A cup broke.").json()["reason"] == "A cup broke."
    until(lambda: buyer.get(f"/orders/{order_id}").json()["status"] == "partially_refunded", "the part to go back")
    order = buyer.get(f"/orders/{order_id}").json()
    assert [refund["reason"] for refund in order["refunds"]] == ["A cup broke."]
    [message] = [told["message"] for told in order["timeline"] if told["kind"] == "refund"]
    assert message == "₹200.00 was sent back. A cup broke."


def _line(merchant: httpx.Client, payment_id: str) -> dict[str, object]:
    """Return one unit of the only line of the order that a payment pays, as it is asked for."""
    told = merchant.get(f"/merchant/payments/{payment_id}/refundable").raise_for_status().json()
    [line] = told["lines"]
    return {"line_id": line["line_id"], "quantity": 1}


def test_a_unit_goes_back_by_its_line_and_no_second_time(shop: Shop, merchant: httpx.Client) -> None:
    _, order_id, payment_id = _paid(shop)
    line = _line(merchant, payment_id)
    made = _refund(merchant, payment_id, "line", lines=[line])
    assert (made.status_code, made.json()["amount"], made.json()["lines"]) == (201, 50_000, [line])
    assert _refund(merchant, payment_id, "line", lines=[line]).json()["id"] == made.json()["id"]
    again = _refund(merchant, payment_id, "again", lines=[line])
    assert (again.status_code, again.json()["code"]) == (409, "refund_refused")
    _gives_back(shop, payment_id, 50_000)
    told = merchant.get(f"/merchant/payments/{payment_id}/refundable").json()
    assert (told["order_id"], told["left"], told["delivery"], told["lines"][0]["left"]) == (order_id, 0, 0, 0)
    unknown = merchant.get("/merchant/payments/pay_AAAAAAAAAAAAAA/refundable")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "payment_not_found")


_UNIT = {"line_id": "01", "quantity": 1}


@pytest.mark.parametrize(
    "body",
    [
        *({"amount": 0}, {"amount": -5}, {"amount": 1.5}, {"amount": "5"}, {"reason": ""}, {"restock": "no"}),
        *({"delivery": 0}, {"amount": 100, "delivery": 100}, {"amount": 100, "lines": [_UNIT]}, {"lines": []}),
        *({"lines": [_UNIT, _UNIT]}, {"lines": [_UNIT | {"quantity": 0}]}, {"lines": [{"line_id": "01"}]}),
    ],
)
def test_a_refund_of_the_wrong_shape_is_422(merchant: httpx.Client, body: dict[str, object]) -> None:
    assert _refund(merchant, "pay_AAAAAAAAAAAAAA", "shape", **body).json()["code"] == "invalid_input"


def test_an_unknown_payment_is_404_and_too_much_409(shop: Shop, merchant: httpx.Client) -> None:
    assert _refund(merchant, "pay_AAAAAAAAAAAAAA", "unknown").json()["code"] == "payment_not_found"
    _, _, payment_id = _paid(shop)
    assert _refund(merchant, payment_id, "too much", amount=50_001).json()["code"] == "refund_refused"


def test_beyond_the_shops_limit_a_payment_goes_back_by_who_has_just_shown_their_second_factor(
    shop: Shop, merchant: httpx.Client
) -> None:
    told = operate(shop.environment, "refund-limit", "30000").stdout.splitlines()[-1]
    assert told == "Beyond ₹300.00 of a payment, who gives it back has to show their second factor"
    assert operate(shop.environment, "refund-limit", "-1").returncode == 2
    _, _, payment_id = _paid(shop)
    codes = merchant.get("/auth/factor").raise_for_status().json()["codes"]
    before = clock.now().replace(tzinfo=None) - timedelta(days=1)
    shop.rows("UPDATE sessions SET factor_at = :before WHERE factor_at IS NOT NULL", before=before)
    by_line = _refund(merchant, payment_id, "line", lines=[_line(merchant, payment_id)])
    assert (by_line.status_code, by_line.json()["code"]) == (403, "step_up_required")
    assert _refund(merchant, payment_id, "part", amount=30_000).status_code == 201
    for amount in (100, 20_000):  # in parts as well as at once
        refused = _refund(merchant, payment_id, f"more {amount}", amount=amount)
        assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    assert merchant.post("/auth/step-up", json={"code": "000000"}).json()["code"] == "factor_refused"
    assert merchant.post("/auth/step-up", json={"code": codes[0]}).status_code == 204
    assert _refund(merchant, payment_id, "rest", amount=20_000).status_code == 201
    operate(shop.environment, "refund-limit", "500000")


def test_only_the_shopkeeper_refunds(shop: Shop) -> None:
    buyer, _, payment_id = _paid(shop)
    assert _refund(buyer, payment_id, "mine").json()["code"] == "not_permitted"
    stranger = httpx.post(f"{shop.url}/api/merchant/refunds", json={}, headers={"Idempotency-Key": "x"})
    assert stranger.json()["code"] == "invalid_token"
