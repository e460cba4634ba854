"""Products as a table over real HTTP: out, changed in a spreadsheet, looked at, and in again."""

import csv
import io
from typing import Any

import httpx
import pytest

from checkout_app.catalog.table.service import LARGEST
from tests.support.buying import make_merchant
from tests.support.shops import Shop


@pytest.fixture
def owner(shop: Shop) -> httpx.Client:
    """A client signed in as the shopkeeper."""
    return make_merchant(shop, shop.buyer())


def _sent(owner: httpx.Client, content: bytes, digest: str = "") -> dict[str, Any]:
    answer = owner.post("/merchant/products/import", params={"digest": digest}, content=content)
    said: dict[str, Any] = answer.raise_for_status().json()
    return said


def test_the_table_goes_out_is_changed_looked_at_and_done(owner: httpx.Client) -> None:
    bowl = {"name": "Bell-metal bowl", "category": "Table", "amount": 185_000, "tax_rate": 500}
    made = owner.post("/merchant/products", json=bowl).raise_for_status().json()
    out = owner.get("/merchant/products.csv").raise_for_status()
    assert out.headers["content-type"] == "text/csv; charset=utf-8"
    assert out.headers["content-disposition"] == 'attachment; filename="products.csv"'
    assert out.content.startswith(b"\xef\xbb\xbf")
    same = _sent(owner, out.content)
    assert (same["new"], same["changed"], same["changes"], same["problems"]) == (0, 0, [], [])
    rows = list(csv.DictReader(io.StringIO(out.content.decode("utf-8-sig"), newline="")))
    assert [row["price"] for row in rows if row["slug"] == made["slug"]] == ["1850.00"]
    table = ("slug;price;name;category;gst", f"{made['slug']};₹ 1,499.00;{made['name']};;5", ";99;Clay lid;Table;5", "")
    changed = "\r\n".join(table).encode("utf-16")
    wrong = _sent(owner, changed)
    assert [(each["row"], each["column"]) for each in wrong["problems"]] == [(2, "category")]
    refused = owner.post("/merchant/products/import", params={"digest": wrong["digest"]}, content=changed)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    content = changed.decode("utf-16").replace(f"{made['name']};", f"{made['name']};{made['category']}").encode()
    looked = _sent(owner, content)
    assert (looked["applied"], looked["new"], looked["changed"], looked["problems"]) == (False, 1, 1, [])
    assert looked["changes"][0] == {
        "row": 2,
        "name": made["name"],
        "is_new": False,
        "differences": [{"column": "price", "was": "1850.00", "becomes": "1499.00"}],
    }
    moved = owner.post("/merchant/products/import", params={"digest": "0" * 64}, content=content)
    assert (moved.status_code, moved.json()["code"]) == (409, "table_moved")
    assert _sent(owner, content, looked["digest"])["applied"]
    listed = owner.get("/merchant/products", params={"search": "Clay lid"}).json()["items"]
    assert [(each["slug"], each["amount"], each["on_sale"]) for each in listed] == [("clay-lid", 9_900, True)]
    entry = owner.get("/merchant/audit", params={"limit": 1}).json()["items"][0]
    assert (entry["message"].startswith("Clay lid"), bool(entry["actor_email"])) == (True, True)
    again = _sent(owner, content, looked["digest"])
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_what_is_no_table_or_too_large_is_refused(owner: httpx.Client) -> None:
    workbook = owner.post("/merchant/products/import", content=b"PK\x03\x04")
    assert (workbook.status_code, list(workbook.json()["fields"])) == (422, ["file"])
    large = owner.post("/merchant/products/import", content=b"name\n" + b"x" * LARGEST)
    assert (large.status_code, large.json()["code"]) == (413, "content_too_large")
