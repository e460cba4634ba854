"""Products over real HTTP, for the people of the shop: made as a form says, live at once, corrected with reasons."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from checkout_app.catalog.pictures import LARGEST
from checkout_app.server.bodies import LARGEST as LARGEST_BODY
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


def _photograph() -> bytes:
    told = io.BytesIO()
    Image.effect_noise((900, 1200), 80).convert("RGB").save(told, "JPEG", quality=95)
    return told.getvalue()


def test_a_photograph_is_on_the_shelf_and_on_the_page_and_beside_links_to_it(shop: Shop, owner: httpx.Client) -> None:
    sent = _photograph()
    assert len(sent) > LARGEST_BODY
    kept = owner.post("/merchant/products/pictures", content=sent).raise_for_status().json()
    made = _make(owner, name="Photographed bowl", pictures=[{"id": kept["id"], "alt": "A bowl on a sill."}])
    assert (made["image_url"], made["pictures"]) == (
        kept["image_url"],
        [{"id": kept["id"], "alt": "A bowl on a sill."}],
    )
    at = f"/pictures/{kept['id']}"
    page = httpx.get(f"{shop.url}/api/pages/data", params={"path": f"/product/{made['slug']}"}).json()
    told = page[f"/product/{made['slug']}"]
    assert told["view"]["sources"] == f"{at}-320.webp 320w, {at}-640.webp 640w, {at}-1280.webp 1280w"
    assert told["head"]["image"].endswith(f"{at}-1200.jpg")
    bare = owner.patch(f"/merchant/products/{made['id']}", json={"pictures": []}).raise_for_status().json()
    assert bare["image_url"].endswith("/brand/no-picture.svg")


def test_what_was_never_sent_is_no_picture_of_a_product(owner: httpx.Client) -> None:
    for unknown in ("0" * 64, "../../etc/passwd"):
        said = {"name": "Bowl", "category": "Table", "amount": 100, "pictures": [{"id": unknown}]}
        assert set(owner.post("/merchant/products", json=said).json()["fields"]) == {"pictures"}
    refused = owner.post("/merchant/products/pictures", content=b"GIF89a")
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"picture"})
    assert owner.post("/merchant/products/pictures", content=bytes(LARGEST + 1)).status_code == 413


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
