"""Coupons over HTTP: an owner makes, lists and ends them, and who says the code pays less."""

from uuid import uuid4

import httpx
import pytest

from tests.support.people import appoint, at_work
from tests.support.shops import Shop


@pytest.fixture
def owner(shop: Shop) -> httpx.Client:
    """An owner of the shop, with their second factor."""
    email, password = f"{uuid4().hex}@example.in", "kulhad-chai"
    appoint(shop, email, password)
    return at_work(shop, email, password)


def test_an_owner_makes_a_coupon_a_buyer_pays_less_by_it_and_nobody_does_when_it_is_ended(
    shop: Shop, owner: httpx.Client
) -> None:
    code, product, buyer = uuid4().hex[:12].upper(), shop.product(amount=48000), shop.buyer()
    wanted = {
        "code": code.lower(),
        "kind": "percent",
        "value": 1000,
        "limit": 5,
        "ends_at": "2099-01-01T00:00:00+05:30",
    }
    made = owner.post("/merchant/coupons", json=wanted)
    assert (made.status_code, made.json()["code"], made.json()["limit"]) == (201, code, 5)
    assert owner.post("/merchant/coupons", json=wanted).json()["code"] == "coupon_exists"

    quote = buyer.post("/checkout/quote", json={"items": [{"product_id": product}], "coupon": code}).json()
    assert (quote["discount"], quote["total"]) == (4800, 43200)
    assert [reason["figure"] for reason in quote["explanation"]] == ["subtotal", "discount", "tax", "total"]
    order = buyer.post("/checkout/order", json={"product_id": product, "coupon": code, "amount": 43200}).json()
    receipt = buyer.get(f"/orders/{order['order_id']}").json()
    assert (order["amount"], receipt["amount"], receipt["discount"], receipt["coupon"]) == (43200, 43200, 4800, code)
    assert [line["discount"] for line in receipt["lines"]] == [4800]
    [listed] = [coupon for coupon in owner.get("/merchant/coupons?limit=100").json()["items"] if coupon["code"] == code]
    assert (listed["used"], listed["value"]) == (1, 1000)

    assert owner.post(f"/merchant/coupons/{code}/end").status_code == 201
    refused = buyer.post("/checkout/order", json={"product_id": product, "coupon": code})
    assert (refused.status_code, refused.json()["code"], refused.json()["reason"]) == (422, "coupon_refused", "ended")
    audit = [entry["message"] for entry in owner.get("/merchant/audit").json()["items"]]
    assert audit[:2] == [f"The coupon {code} was ended.", f"The coupon {code} was made."]


def test_coupons_come_a_page_at_a_time(owner: httpx.Client) -> None:
    codes = sorted(uuid4().hex[:12].upper() for _ in range(3))
    for code in codes:
        owner.post("/merchant/coupons", json={"code": code, "kind": "free_delivery"}).raise_for_status()
    listed, cursor = [], ""
    while cursor is not None:
        page = owner.get("/merchant/coupons", params={"limit": 2, "cursor": cursor}).json()
        listed += [coupon["code"] for coupon in page["items"]]
        cursor = page["next_cursor"]
    assert listed == sorted(listed)
    assert set(codes) <= set(listed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": 0},
        {"value": 10001},
        {"kind": "half"},
        {"code": "no spaces"},
        {"ends_at": "2026-12-01T00:00:00"},
        {"ends_at": "2020-12-01T00:00:00Z"},
        {"limit": 0},
        {"percent": 10},
    ],
)
def test_what_can_be_no_coupon_is_refused_field_by_field(owner: httpx.Client, wrong: dict[str, object]) -> None:
    answer = owner.post("/merchant/coupons", json={"code": "NEVER", "kind": "percent", "value": 1000} | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert set(answer.json()["fields"]) == set(wrong)


def test_a_coupon_that_nobody_made_is_not_found(owner: httpx.Client) -> None:
    for code in ("NOBODY", "x" * 300):
        assert owner.post(f"/merchant/coupons/{code}/end").json()["code"] == "coupon_not_found"
