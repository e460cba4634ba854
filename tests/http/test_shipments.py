"""Parcels over real HTTP: who ships them, and what the buyer is told."""

from uuid import uuid4

import httpx
import pytest

from tests.support.buying import Purchase
from tests.support.people import appoint, at_work
from tests.support.shops import Shop
from tests.support.zones import ADDRESS


@pytest.fixture(scope="module")
def shipper(shop: Shop) -> httpx.Client:
    """A client of somebody who sends the shop's parcels."""
    email, password = f"{uuid4().hex}@example.in", "kulhad-chai"
    appoint(shop, email, password, "shipper")
    return at_work(shop, email, password)


def _buy(shop: Shop) -> tuple[httpx.Client, str]:
    """Let somebody buy two cups that go to an address; returns the buyer and the order's id."""
    buyer = shop.buyer()
    wanted = {"product_id": shop.product(amount=24_000), "quantity": 2, "address": ADDRESS}
    made = buyer.post("/checkout/order", json=wanted).raise_for_status().json()
    handed_over = shop.gateway.pay(made["razorpay_order_id"]).json()
    assert buyer.post("/checkout/payment", json=handed_over).json()["status"] == "paid"
    return buyer, made["order_id"]


@pytest.fixture
def bought(shop: Shop) -> tuple[httpx.Client, str]:
    """A buyer of two cups that go to an address, and their order's id."""
    return _buy(shop)


@pytest.fixture(scope="module")
def paid_order(shop: Shop) -> str:
    """Such an order, of which nothing is shipped."""
    return _buy(shop)[1]


def _post(shipper: httpx.Client, path: str, key: str, **body: object) -> httpx.Response:
    return shipper.post(f"/merchant/orders/{path}", json=body, headers={"Idempotency-Key": key})


def test_a_buyer_is_told_of_each_parcel_until_it_arrived_and_of_what_came_back(
    shipper: httpx.Client, bought: tuple[httpx.Client, str]
) -> None:
    buyer, order_id = bought
    sent = f"{order_id}/shipments"
    [line] = shipper.get(f"/merchant/orders/{sent}").raise_for_status().json()["lines"]
    assert (line["quantity"], line["shipped"], line["left"]) == (2, 0, 2)
    one = [{"line_id": line["line_id"], "quantity": 1}]
    how = {"carrier": " India  Post ", "tracking": "EA123456789IN"}
    part = _post(shipper, sent, "part", **how, lines=one)
    assert (part.status_code, part.json()["carrier"], part.json()["lines"]) == (201, "India Post", one)
    assert _post(shipper, sent, "part", **how, lines=one).json() == part.json()
    conflict = _post(shipper, sent, "part", **how)
    assert (conflict.status_code, conflict.json()["code"]) == (409, "idempotency_conflict")
    too_many = _post(shipper, sent, "more", **how, lines=[one[0] | {"quantity": 2}])
    assert (too_many.status_code, too_many.json()["code"]) == (409, "shipment_refused")
    assert _post(shipper, sent, "rest", carrier="Delhivery").status_code == 201
    told = buyer.get(f"/orders/{order_id}").json()
    assert (told["status"], told["fulfilment_status"]) == ("paid", "shipped")
    [first, second] = told["shipments"]
    assert (first["tracking"], second["carrier"], second["delivered_at"]) == ("EA123456789IN", "Delhivery", None)
    assert [each["quantity"] for parcel in told["shipments"] for each in parcel["lines"]] == [1, 1]
    assert [entry["message"] for entry in told["timeline"]][-2:] == [
        "A part of the order was shipped by India Post, tracking number EA123456789IN.",
        "It was shipped by Delhivery.",
    ]
    for parcel in (first, second):
        arrived = shipper.post(f"/merchant/shipments/{parcel['id']}/delivered").raise_for_status().json()
        assert arrived["delivered_at"]
    assert buyer.get(f"/orders/{order_id}").json()["fulfilment_status"] == "delivered"
    back = [one[0] | {"quantity": 2}]
    came = _post(shipper, f"{order_id}/returns", "back", lines=back, restock=True)
    assert (came.status_code, came.json()["lines"]) == (201, back)
    assert _post(shipper, f"{order_id}/returns", "back", lines=back, restock=True).json() == came.json()
    again = _post(shipper, f"{order_id}/returns", "again", lines=one, restock=True)
    assert (again.status_code, again.json()["code"]) == (409, "return_refused")
    told = buyer.get(f"/orders/{order_id}").json()
    assert (told["fulfilment_status"], len(told["shipments"])) == ("returned", 2)


def test_several_orders_are_shipped_together_and_what_can_not_be_is_said_of_each(
    shop: Shop, shipper: httpx.Client
) -> None:
    (buyer, first), (_, second) = _buy(shop), _buy(shop)
    unpaid = Purchase.begin(shop).order_id
    body = {"order_ids": [first, unpaid, second, "unknown"], "carrier": " Delhivery "}
    key = {"Idempotency-Key": "together"}
    done = shipper.post("/merchant/shipments", json=body, headers=key)
    assert done.status_code == 200
    told = done.json()
    assert [(each["order_id"], each["carrier"]) for each in told["shipped"]] == [
        (first, "Delhivery"),
        (second, "Delhivery"),
    ]
    assert [(each["order_id"], each["code"]) for each in told["refused"]] == [
        (unpaid, "shipment_refused"),
        ("unknown", "order_not_found"),
    ]
    assert shipper.post("/merchant/shipments", json=body, headers=key).json() == told
    assert buyer.get(f"/orders/{first}").json()["fulfilment_status"] == "shipped"


_UNIT = {"line_id": "01", "quantity": 1}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *(("shipments", {"carrier": odd}) for odd in ("", " ", "x" * 61, 5, "India\u0000Post")),
        *(("shipments", {"carrier": "India Post", "tracking": odd}) for odd in ("x" * 61, None, "\u202e4711")),
        *(("shipments", {"carrier": "India Post", "lines": odd}) for odd in ([], [_UNIT, _UNIT], [{"line_id": "01"}])),
        *(("shipments", {"carrier": "India Post", "lines": [_UNIT | {"quantity": odd}]}) for odd in (0, -1, "1", 1.5)),
        *(("shipments", {"carrier": "India Post", "lines": [_UNIT]}), ("shipments", {})),
        *(("returns", odd) for odd in ({}, {"lines": [_UNIT]}, {"restock": True}, {"lines": [], "restock": True})),
        *(("returns", {"lines": [_UNIT, _UNIT], "restock": True}), ("returns", {"lines": [_UNIT], "restock": "no"})),
    ],
)
def test_what_is_of_the_wrong_shape_is_422(
    shipper: httpx.Client, paid_order: str, path: str, body: dict[str, object]
) -> None:
    answer = _post(shipper, f"{paid_order}/{path}", "shape", **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"carrier": "India Post"},
        {"order_ids": ["01"]},
        {"order_ids": ["01"], "carrier": " "},
        *({"carrier": "India Post", "order_ids": odd} for odd in ([], "01", [1], [""], ["x" * 27], ["01"] * 51)),
    ],
)
def test_what_can_not_be_shipped_together_is_422(shipper: httpx.Client, body: dict[str, object]) -> None:
    answer = shipper.post("/merchant/shipments", json=body, headers={"Idempotency-Key": "shape"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), answer.text


def test_without_a_key_nothing_is_shipped(shipper: httpx.Client, paid_order: str) -> None:
    for path, body in (("shipments", {"carrier": "India Post"}), ("returns", {"lines": [_UNIT], "restock": True})):
        answer = shipper.post(f"/merchant/orders/{paid_order}/{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_what_is_not_there_is_404(shipper: httpx.Client) -> None:
    assert shipper.get("/merchant/orders/unknown/shipments").json()["code"] == "order_not_found"
    assert _post(shipper, "unknown/shipments", "key", carrier="India Post").json()["code"] == "order_not_found"
    arrived = shipper.post("/merchant/shipments/unknown/delivered")
    assert (arrived.status_code, arrived.json()["code"]) == (404, "shipment_not_found")
