"""Variants of a product over HTTP: told with it, and bought by their own ids or by the product's, as ever."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import SHOP_ON_BOTH
from tests.support.buying import make_merchant
from tests.support.shops import Shop

pytestmark = SHOP_ON_BOTH


@pytest.fixture
def cups(shop: Shop) -> tuple[str, str]:
    """Cups, by their id, of which there is a variant that is glazed, by its own."""
    product_id = shop.product(on_hand=9, amount=48_000)
    return product_id, shop.variant(product_id, "Green", on_hand=1, amount=52_000)


def _guest(shop: Shop) -> httpx.Client:
    account = httpx.post(f"{shop.url}/api/auth/guest", json={"email": f"{uuid4().hex}@example.in"}, timeout=30).json()
    return httpx.Client(base_url=shop.url, headers={"authorization": f"Bearer {account['access_token']}"}, timeout=30)


def test_a_product_is_told_with_its_variants_the_first_first(shop: Shop, cups: tuple[str, str]) -> None:
    product_id, green = cups
    told = httpx.get(f"{shop.url}/api/products/{product_id}").json()
    assert (told["options"], told["amount"], told["available"]) == (["Glaze"], 48_000, 9)
    assert [(each["id"], each["values"], each["amount"], each["available"]) for each in told["variants"]] == [
        (product_id, ["Plain"], 48_000, 9),
        (green, ["Green"], 52_000, 1),
    ]
    plain = httpx.get(f"{shop.url}/api/products/{shop.product()}").json()
    assert (plain["options"], [each["values"] for each in plain["variants"]]) == ([], [[]])


def test_a_variant_is_quoted_ordered_and_put_into_a_cart(shop: Shop, cups: tuple[str, str]) -> None:
    product_id, green = cups
    both = [{"variant_id": green}, {"product_id": product_id, "quantity": 2}]
    with _guest(shop) as buyer:
        quoted = buyer.post("/api/checkout/quote", json={"items": both}).json()
        assert [(line["product_id"], line["variant_id"], line["name"]) for line in quoted["lines"]] == [
            (product_id, green, "Kulhad cups, Green"),
            (product_id, product_id, "Kulhad cups, Plain"),
        ]
        made = buyer.post("/api/checkout/order", json={"variant_id": green, "amount": 52_000}).json()
        assert buyer.get(f"/api/orders/{made['order_id']}").json()["lines"][0]["variant_id"] == green
        sold_out = buyer.post("/api/checkout/order", json={"variant_id": green, "quantity": 2}).json()
        assert (sold_out["code"], sold_out["detail"]) == ("out_of_stock", "Kulhad cups, Green has only 1 left.")
        cart = buyer.post("/api/cart/lines", json={"product_id": product_id}).json()
        [line] = cart["lines"]
        assert (line["variant_id"], line["name"], line["unit_amount"]) == (product_id, "Kulhad cups, Plain", 48_000)


@pytest.mark.parametrize("path", ["checkout/order", "cart/lines"])
@pytest.mark.parametrize("named", [{}, {"product_id": "x", "variant_id": "x"}, {"variant_id": ""}, {"variant_id": 1}])
def test_what_is_wanted_is_named_once(shop: Shop, path: str, named: dict[str, Any]) -> None:
    with _guest(shop) as buyer:
        answer = buyer.post(f"/api/{path}", json=named)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_a_form_adds_the_variant_that_its_page_shows(shop: Shop, cups: tuple[str, str]) -> None:
    _, green = cups
    with httpx.Client(base_url=shop.url, headers={"origin": shop.url}, timeout=30) as browser:
        wanted = {"variant": green, "quantity": "1"}
        answers = [browser.post("/api/cart/form", data=wanted).headers["location"] for _ in range(2)]
        assert answers == ["/cart#content", "/cart#cart-out_of_stock"]
        assert [line["variant_id"] for line in browser.get("/api/cart").json()["lines"]] == [green]


def test_an_owner_says_in_what_a_product_comes_as_a_form_says_it(shop: Shop) -> None:
    owner = make_merchant(shop, shop.buyer())
    product_id = shop.product(on_hand=9, amount=48_000)
    at = f"/merchant/products/{product_id}/variants"
    options = [{"name": "Glaze", "values": "Plain, Green,"}]
    wanted = [{"values": ["Green"], "amount": 52_000, "stock": "1"}]
    told = owner.put(at, json={"options": options, "variants": wanted}).raise_for_status().json()
    assert owner.get(at).json() == told
    shown = httpx.get(f"{shop.url}/api/products/{product_id}").json()
    assert [(each["values"], each["amount"], each["available"]) for each in shown["variants"]] == [
        (["Plain"], 48_000, 9),
        (["Green"], 52_000, 1),
    ]
    green = told["variants"][1]["id"]
    cheaper = {"variant_id": green, "amount": 50_000}
    assert owner.patch(f"/merchant/products/{product_id}", json=cheaper).json()["amount"] == 50_000
    counted = {"variant_id": green, "stock": "3", "seen": "1"}
    assert owner.put(f"/merchant/products/{product_id}/stock", json=counted).json()["stock"] == 3
    refused = owner.put(at, json={"options": [{"name": "Glaze", "values": ""}], "variants": [{"values": ["Blue"]}]})
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"options.0.values"})
