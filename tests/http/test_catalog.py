"""The catalogue over real HTTP, on both databases."""

import httpx
import pytest

from tests.conftest import SHOP_ON_BOTH
from tests.support.shops import Shop
from tests.support.waiting import until

pytestmark = SHOP_ON_BOTH


def _get(shop: Shop, path: str, **params: object) -> httpx.Response:
    return httpx.get(f"{shop.url}/api/{path}", params={key: str(value) for key, value in params.items()})


def test_pages_of_products_join_without_gap_or_repetition(shop: Shop) -> None:
    made = [shop.product() for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = _get(shop, "products", limit=2, cursor=cursor).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen))
    assert [product for product in seen if product in made] == made


def test_a_product_is_found_by_id_and_by_slug(shop: Shop) -> None:
    product = _get(shop, f"products/{shop.product(amount=34950)}").json()
    assert product["amount"] == 34950
    assert product["image_url"].startswith("http")
    assert _get(shop, f"products/{product['slug']}").json() == product


@pytest.mark.parametrize("name", ["nothing", "%00", "..", "%F0%9F%92%A9", "x" * 2000])
def test_an_unknown_product_is_404_whatever_its_name(shop: Shop, name: str) -> None:
    assert _get(shop, f"products/{name}").status_code in {404, 422}


def test_search_takes_wildcards_literally(shop: Shop) -> None:
    percent = shop.product(name="100% cotton")
    assert [item["id"] for item in _get(shop, "products", q="100%").json()["items"]] == [percent]
    assert _get(shop, "products", q="1_0%").json()["items"] == []


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "x"}, {"q": "x" * 81}])
def test_a_bad_query_is_422(shop: Shop, params: dict[str, object]) -> None:
    assert _get(shop, "products", **params).json()["code"] == "invalid_input"


def test_an_unknown_path_is_a_problem_document(shop: Shop) -> None:
    answer = _get(shop, "nothing-here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_api_describes_itself_without_the_internet(shop: Shop) -> None:
    assert "/api/checkout/order" in _get(shop, "openapi.json").json()["paths"]
    page = _get(shop, "docs").text
    assert "https://" not in page.replace("https://www.w3.org", "")


def test_health_knows_database_and_gateway(shop: Shop) -> None:
    well = {"status": "ok", "database": "ok", "gateway": "ok", "alarms": []}
    until(lambda: _get(shop, "health").json() == well, "the watch to have looked since time was made to pass")
