"""What something would cost is told to everybody, with the reason of each figure, and holds nothing."""

import httpx
import pytest

from tests.conftest import SHOP_ON_BOTH
from tests.support.shops import Shop


def _quote(client: httpx.Client, *items: tuple[str, int], **more: object) -> httpx.Response:
    wanted = [{"product_id": product, "quantity": quantity} for product, quantity in items]
    return client.post("/checkout/quote", json={"items": wanted, **more})


@pytest.fixture
def stranger(shop: Shop) -> httpx.Client:
    """Somebody who has not signed in."""
    return httpx.Client(base_url=f"{shop.url}/api", timeout=30)


@SHOP_ON_BOTH
def test_a_stranger_is_told_what_it_costs_and_why(shop: Shop, stranger: httpx.Client) -> None:
    cups, lamp = shop.product(amount=48000), shop.product(amount=100)
    answer = _quote(stranger, (cups, 2), (lamp, 1))
    assert answer.status_code == 200
    quote = answer.json()
    assert [(line["product_id"], line["quantity"], line["amount"]) for line in quote["lines"]] == [
        (cups, 2, 96000),
        (lamp, 1, 100),
    ]
    assert (quote["discount"], quote["delivery"], quote["total"], quote["currency"]) == (0, 0, 96100, "INR")
    assert [(reason["figure"], reason["message"]) for reason in quote["explanation"]][::2] == [
        ("subtotal", "What is bought costs ₹961.00."),
        ("total", "So ₹961.00 is to be paid."),
    ]
    assert shop.rows("SELECT held FROM variants WHERE product_id = :product", product=cups) == [{"held": 0}]


def test_what_cant_be_had_is_refused_to_a_stranger_as_to_a_buyer(shop: Shop, stranger: httpx.Client) -> None:
    few = shop.product(on_hand=1)
    gone, lacking = _quote(stranger, ("nothing", 1)), _quote(stranger, (few, 2))
    assert (gone.status_code, gone.json()["code"]) == (404, "product_not_found")
    assert (lacking.status_code, lacking.json()["code"], lacking.json()["available"]) == (409, "out_of_stock", 1)
    assert _quote(stranger).json()["code"] == "invalid_input"


def test_what_ones_own_unpaid_order_holds_is_there_for_its_buyer_alone(shop: Shop, stranger: httpx.Client) -> None:
    last, buyer = shop.product(on_hand=1), shop.buyer()
    assert buyer.post("/checkout/order", json={"product_id": last}).status_code == 201
    assert (_quote(buyer, (last, 1)).status_code, _quote(stranger, (last, 1)).status_code) == (200, 409)
    forged = {"Authorization": "Bearer forged"}
    assert stranger.post("/checkout/quote", json={"items": [{"product_id": last}]}, headers=forged).status_code == 409
