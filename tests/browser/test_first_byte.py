"""Public pages say what is true now in their first byte, and their scripts begin with the same."""

import gzip
import json
import re
from collections.abc import Iterator
from html import unescape
from http import HTTPStatus
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from tests.browser.conftest import Shop
from tests.browser.products import LATE, as_they_are, change, put_on_sale
from tests.browser.steps import CUPS

NOWHERE = (
    "/product/no-such-thing",
    "/product/%00",
    "/product/" + "x" * 400,
    "/category/no-such-thing",
    "/category/%F0%9F%AB%96",
    "/category/table?page=2",
    "/?page=0",
    "/?page=01",
    "/?page=-1",
    "/?page=1e3",
    "/?page=999999",
    "/?page=99999999999999999999",
)


@pytest.fixture(autouse=True)
def _late_product(shop: Shop) -> Iterator[None]:
    with as_they_are(shop):
        yield


def _first_byte(ask: APIRequestContext, path: str) -> str:
    answer = ask.get(path)
    assert answer.status == HTTPStatus.OK
    return answer.text()


def _seen(html: str) -> str:
    """Return what somebody reads who has no scripts."""
    [main] = re.findall(r"<main.*</main>", html, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def _said(html: str, pattern: str) -> str:
    """Return what the head says, once and no more."""
    [said] = re.findall(pattern, html)
    return unescape(said)


def _linked(html: str) -> dict[str, dict[str, Any]]:
    """Return the page's linked data, by type."""
    [text] = re.findall(r'<script data-first type="application/ld\+json">(.*?)</script>', html)
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def test_a_product_has_its_present_name_price_and_stock_in_the_first_byte(ask: APIRequestContext, shop: Shop) -> None:
    before = _first_byte(ask, f"/product/{CUPS}")
    assert ("₹480.00" in _seen(before), _said(before, "<title>(.*?)</title>")) == (
        True,
        "Kulhad cups, set of six · Mitti",
    )
    change(shop, CUPS, amount=12_345, left=3, name="Cups & saucers")
    after = _first_byte(ask, f"/product/{CUPS}")
    for words in ("Cups & saucers", "₹123.45", "3 left", "2 · ₹246.90", "3 · ₹370.35"):
        assert words in _seen(after)
    assert "4 · " not in _seen(after)
    assert _said(after, "<title>(.*?)</title>") == "Cups & saucers · Mitti"
    change(shop, CUPS, amount=12_345, left=0, name="Cups & saucers")
    assert ("Sold out" in (seen := _seen(_first_byte(ask, f"/product/{CUPS}"))), "Buy now" in seen) == (True, False)


@pytest.mark.parametrize("path", ["/", "/category/table"])
def test_a_shelf_has_present_names_prices_and_stocks_in_the_first_byte(
    ask: APIRequestContext, shop: Shop, path: str
) -> None:
    change(shop, CUPS, amount=12_345, left=1, name="Cups & saucers")
    seen = _seen(_first_byte(ask, path))
    assert "Cups & saucers ₹123.45 Last one" in seen
    assert "Tin <whistle> ₹480" in seen
    assert ("Bamboo table lamp" in seen) == (path == "/")


@pytest.mark.parametrize("path", ["/", "/category/table", f"/product/{CUPS}", f"/product/{LATE}"])
def test_the_head_says_what_the_page_is_once_and_at_which_address(
    ask: APIRequestContext, shop: Shop, path: str
) -> None:
    html = _first_byte(ask, path + "?utm_source=post")
    assert _said(html, '<link data-first rel="canonical" href="(.*?)"/>') == shop.url + path
    title = _said(html, "<title>(.*?)</title>")
    assert _said(html, 'property="og:title" content="(.*?)"') == title
    assert "Mitti" in title
    assert len(_said(html, '<meta content="([^"]*)" name="description"/>')) > 20
    assert _said(html, '<meta content="([^"]*)" property="og:image"/>') == f"{shop.url}/brand/share.png"


def test_linked_data_say_in_the_words_of_schema_org_what_a_product_is_and_costs(
    ask: APIRequestContext, shop: Shop
) -> None:
    change(shop, CUPS, amount=12_345, left=3, name="Cups </script> & saucers")
    linked = _linked(_first_byte(ask, f"/product/{CUPS}"))
    assert set(linked) == {"Product", "BreadcrumbList", "Organization"}
    product = linked["Product"]
    assert (product["name"], product["sku"]) == ("Cups </script> & saucers", CUPS)
    offer = product["offers"]
    assert (offer["@type"], offer["price"], offer["priceCurrency"]) == ("Offer", "123.45", "INR")
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["url"] == product["url"] == f"{shop.url}/product/{CUPS}"
    assert ask.get(product["image"]).ok
    assert offer["seller"] == {"@id": linked["Organization"]["@id"]}
    steps = linked["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert [step["name"] for step in steps] == ["Mitti", "Table", "Cups </script> & saucers"]
    assert all(ask.get(step["item"]).ok for step in steps)
    change(shop, CUPS, amount=12_345, left=0, name="Cups")
    sold_out = _linked(_first_byte(ask, f"/product/{CUPS}"))["Product"]["offers"]
    assert sold_out["availability"] == "https://schema.org/OutOfStock"


def test_linked_data_of_the_shelf_say_whose_it_is_and_where(ask: APIRequestContext) -> None:
    assert set(_linked(_first_byte(ask, "/"))) == {"Organization"}
    assert set(_linked(_first_byte(ask, "/category/table"))) == {"BreadcrumbList", "Organization"}


def test_an_address_at_which_nothing_is_answers_404_and_is_not_to_be_found(ask: APIRequestContext) -> None:
    for path in NOWHERE:
        answer = ask.get(path)
        assert answer.status == HTTPStatus.NOT_FOUND, path
        assert '<meta data-first name="robots" content="noindex"/>' in answer.text(), path


@pytest.mark.console_allows("status of 500")
def test_a_page_that_nobody_can_tell_says_so_and_comes_again_when_somebody_can(page: Page, shop: Shop) -> None:
    shop.execute("ALTER TABLE variants RENAME TO away")
    try:
        answer = page.goto(f"/product/{CUPS}")
        assert answer
        assert answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
        expect(page.get_by_text("This page did not come")).to_be_visible()
    finally:
        shop.execute("ALTER TABLE away RENAME TO variants")
    expect(page.get_by_text("₹480.00", exact=True)).to_be_visible()  # without anybody's doing anything


@pytest.mark.parametrize("name", ["product", "category"])
def test_the_script_of_a_page_is_small_and_holds_nothing_of_the_catalogue(
    ask: APIRequestContext, shop: Shop, name: str
) -> None:
    html = _first_byte(ask, f"/product/{CUPS}" if name == "product" else "/category/table")
    [script] = set(re.findall(rf'/assets/_{name}_[^"]*\.js', html))
    text = ask.get(script).text()
    assert (len(text) <= 24_000, len(gzip.compress(text.encode())) <= 5_000) == (True, True), len(text)
    known = {str(value) for row in shop.execute("SELECT slug, name, category FROM products") for value in row}
    scripts = {each: ask.get(each).text() for each in set(re.findall(r'/assets/[^"]*\.js', html))}
    assert [(word, each) for each, text in scripts.items() for word in known if f'"{word}"' in text] == []


@pytest.mark.parametrize("path", ["/", f"/product/{CUPS}", "/continue"])
def test_scripts_leave_the_line_to_what_the_page_is_painted_with(ask: APIRequestContext, path: str) -> None:
    html = _first_byte(ask, path)
    modules = re.findall(r'<link[^>]*rel="modulepreload"[^>]*>', html)
    assert modules
    assert [module for module in modules if 'fetchpriority="low"' not in module] == []


def test_a_category_by_its_former_address_leads_to_its_page_for_good(ask: APIRequestContext) -> None:
    answer = ask.get("/?category=Table", max_redirects=0)
    assert (answer.status, answer.headers["location"]) == (HTTPStatus.MOVED_PERMANENTLY, "/category/table")


def test_everything_for_sale_is_reached_by_links_that_need_no_script(plain: Page, shop: Shop) -> None:
    for number in range(60):
        put_on_sale(shop, f"many-{number}", f"One of many {number}", position=1_000 + number, category="Many &c")
    [(products,)] = shop.execute("SELECT count(*) FROM products WHERE on_sale")
    for path, expected in (("/", products), ("/category/many-c", 60)):
        plain.goto(path)
        found: list[str] = []
        pages = 1
        while True:
            found += [link.get_attribute("href") or "" for link in plain.locator(".shelf-item").all()]
            canonical = plain.locator("link[rel=canonical]").get_attribute("href") or ""
            assert canonical == shop.url + path + (f"?page={pages}" if pages > 1 else "")
            later = plain.locator("a[rel=next]")
            if not later.count():
                break
            later.click()
            pages += 1
        assert (len(found), len(set(found)), pages) == (expected, expected, -(-expected // 24))
    assert plain.locator("a[rel=prev]").get_attribute("href") == "/category/many-c?page=2"


@pytest.mark.console_allows("status of 404")
@pytest.mark.parametrize(
    "path",
    [
        f"/product/{CUPS}",
        "/login",
        *(
            pytest.param(each, marks=pytest.mark.nightly)
            for each in ("/", "/orders/01HZZZZZZZZZZZZZZZ7F3K9Q2D?key=1", "/none")
        ),
    ],
)
def test_what_the_shop_is_called_stands_on_every_page_as_it_is_now(page: Page, shop: Shop, path: str) -> None:
    shop.execute("UPDATE sellers SET name = 'Kāgaz & Co', links = 'Returns /returns'")
    try:
        html = page.request.get(path).text()
        page.goto(path)
        expect(page.get_by_role("link", name="Kāgaz & Co, to the shop")).to_be_visible()
        expect(page.get_by_role("contentinfo").get_by_role("link", name="Returns")).to_have_attribute(
            "href", "/returns"
        )
        assert "Kāgaz & Co" in page.title()
    finally:
        shop.execute("UPDATE sellers SET name = '', links = ''")
    assert "Kāgaz & Co" in _said(html, "<header>(.*?)</header>")
    assert "Mitti" not in html
