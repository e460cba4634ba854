"""Products over real HTTP, for the people of the shop: made as a form says, live at once, corrected with reasons."""

from typing import Any

import httpx
import pytest

from tests.support.buying import make_merchant
from tests.support.shops import Shop


@pytest.fixture
def owner(shop: Shop) -> httpx.Client:
    """A client signed in as the shopkeeper."""
    return make_merchant(shop, shop.buyer())


def _make(owner: httpx.Client, **more: Any) -> dict[str, Any]:
    said = {"name": "Bell-metal bowl", "category": "Table", "amount": 185_000, "stock": "4", "tax_rate": "500", **more}
    made: dict[str, Any] = owner.post("/merchant/products", json=said).raise_for_status().json()
    return made


def test_what_a_form_says_is_for_sale_at_once_until_it_is_hidden(shop: Shop, owner: httpx.Client) -> None:
    made = _make(owner)
    at, shown = f"/merchant/products/{made['id']}", f"{shop.url}/api/products/{made['slug']}"
    assert (made["stock"], made["tax_rate"], httpx.get(shown).json()["amount"]) == (4, 500, 185_000)
    assert owner.patch(at, json={"amount": 200_000, "weight": ""}).raise_for_status().json()["weight"] is None
    assert httpx.get(shown).json()["amount"] == 200_000
    hidden = owner.patch(at, json={"on_sale": "false"}).raise_for_status().json()
    assert (hidden["on_sale"], httpx.get(shown).status_code) == (False, 404)
    assert owner.get(at).json() == hidden
    listed = owner.get("/merchant/products", params={"search": made["sku"]}).json()["items"]
    assert listed[0] == {name: hidden[name] for name in listed[0]}


def test_a_correction_says_why_and_is_refused_when_the_number_has_moved(owner: httpx.Client) -> None:
    at = f"/merchant/products/{_make(owner)['id']}/stock"
    assert owner.put(at, json={"stock": "3", "seen": "4", "why": "broken"}).raise_for_status().json()["stock"] == 3
    moved = owner.put(at, json={"stock": "3", "seen": "4", "why": "broken"})
    assert (moved.status_code, moved.json()["code"], moved.json()["now"]) == (409, "stock_moved", "3")
    entry = owner.get("/merchant/audit", params={"limit": 1}).json()["items"][0]
    assert entry["message"] == "Of Bell-metal bowl there are 3 now, 4 before: broken."


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"name": "", "amount": 1}, {"name", "category", "amount"}),
        ({"name": "Bowl", "category": "Table", "amount": "12,x"}, {"amount"}),
        ({"name": "Bowl", "category": "Table", "amount": 100, "stock": "many"}, {"stock"}),
        ({"name": "Bowl", "category": "Table", "amount": 100, "slug": "bowl"}, {"slug"}),
    ],
    ids=repr,
)
def test_what_can_not_be_is_told_by_its_field(owner: httpx.Client, said: dict[str, Any], fields: set[str]) -> None:
    answer = owner.post("/merchant/products", json=said)
    assert (answer.status_code, set(answer.json()["fields"])) == (422, fields)


def test_a_product_that_nobody_knows_is_404(owner: httpx.Client) -> None:
    answer = owner.get("/merchant/products/unknown")
    assert (answer.status_code, answer.json()["code"]) == (404, "product_not_found")
