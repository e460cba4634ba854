"""What a page shows is told over plain HTTP as it is now, to a tab that goes there from another page."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from checkout_app.server.api import build_api
from checkout_app.shopfront.service import LONGEST_ADDRESS
from tests.support.shops import Shop


def _asked(shop: Shop, *addresses: str) -> httpx.Response:
    return httpx.get(f"{shop.url}/api/pages/data", params={"path": addresses}, timeout=30)


def _data(shop: Shop, address: str) -> Any:
    answer = _asked(shop, address).raise_for_status()
    assert (answer.headers["cache-control"], "<" in answer.text) == ("no-cache", False)
    return answer.json()[address]


def test_a_product_is_told_as_it_is_now(shop: Shop) -> None:
    product_id = shop.product(on_hand=3, amount=48_000, name="Cups </script>")
    told = _data(shop, f"/product/{product_id}")
    assert (told["status"], told["head"]["title"].partition(" · ")[0]) == (200, "Cups </script>")
    view = told["view"]
    assert (view["prices"], view["most"], view["availability"]) == (["₹480.00", "₹960.00", "₹1,440.00"], 3, "3 left")
    shop.rows("UPDATE variants SET amount = 12345, on_hand = 0 WHERE id = :id", id=product_id)
    view = _data(shop, f"/product/{view['slug']}")["view"]
    assert (view["price"], view["prices"], view["most"], view["availability"]) == ("₹123.45", [], 0, "Sold out")
    shop.rows("UPDATE products SET on_sale = :no WHERE id = :id", id=product_id, no=False)
    assert _data(shop, f"/product/{product_id}")["status"] == 404


def test_one_order_takes_no_more_than_the_shop_lets_it_however_many_there_are(shop: Shop) -> None:
    view = _data(shop, f"/product/{shop.product(on_hand=None)}")["view"]
    assert (view["most"], len(view["prices"])) == (10, 10)


def test_a_shelf_is_told_as_it_is_now_and_by_the_address_that_a_browser_writes(shop: Shop) -> None:
    product_id = shop.product(on_hand=5, name="Cups of this shelf")
    shop.rows("UPDATE products SET category = 'हाथ से बना' WHERE id = :id", id=product_id)
    told = _data(shop, f"/category/{quote('हाथ-से-बना')}")
    assert (told["status"], told["view"]["heading"]) == (200, "हाथ से बना")
    [item] = told["view"]["products"]
    assert (item["name"], item["price"], item["scarce"]) == ("Cups of this shelf", "₹480", "5 left")
    assert {"name": "हाथ से बना", "href": f"/category/{quote('हाथ-से-बना')}", "current": True} in told["view"][
        "categories"
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/product/no-such-thing",
        "/product/%00",
        "/product/%ED%A0%80",
        "/category/'--",
        "/category/-",
        "/?page=0",
        "/?page=x",
    ],
)
def test_of_a_page_that_is_not_there_it_is_told_that_it_is_not(shop: Shop, address: str) -> None:
    told = _data(shop, address)
    assert (told["status"], told["view"]) == (404, {})


@pytest.mark.parametrize("address", ["", "/orders", "/checkout", "/product", "//", "https://example.com/x", "/a/b/c"])
def test_of_private_pages_and_of_what_is_no_page_nothing_is_told(shop: Shop, address: str) -> None:
    assert _asked(shop, address).json() == {}


def test_some_pages_are_told_together_each_under_its_address(shop: Shop) -> None:
    products = [f"/product/{shop.product(name=name)}" for name in ("Cups", "Bowls")]
    told = _asked(shop, *products, "/", "/orders").json()
    assert [told.pop(product)["view"]["name"] for product in products] == ["Cups", "Bowls"]
    assert set(told) == {"/"}


def test_an_address_longer_than_any_and_more_than_are_told_together_are_refused(shop: Shop) -> None:
    assert _asked(shop, "/product/" + "x" * LONGEST_ADDRESS).status_code == 422
    assert [_asked(shop, *["/"] * number).status_code for number in (0, 8, 9)] == [422, 200, 422]


def test_it_is_for_the_shops_own_pages_and_in_no_document() -> None:
    assert [path for path in build_api().openapi()["paths"] if "pages" in path] == []
