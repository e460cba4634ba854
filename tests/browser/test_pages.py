"""Every page answers as the web expects it: statuses, names, caching, and not a word of complaint in the console."""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIRequestContext, Locator, Page, Response, expect

from checkout_app.core.assets import versioned
from tests.browser.conftest import Shop
from tests.browser.steps import CUPS, continue_as_guest, new_address, sign_in

NOT_FOUND = "status of 404"
MOST_SCRIPTS, MOST_STYLES = 155_000, 8_000
"""Bytes as they are sent."""
_FETCHED = "performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => [name, encodedBodySize])"
_WATCH = """
document.addEventListener("DOMContentLoaded", () => {
  const look = () => window.shown.push(document.querySelector("main").textContent);
  window.shown = [];
  look();
  new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
});
"""
"""Notes what a page shows whenever that changes."""


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "Things made by hand"),
        ("/orders", "Sign in"),
        (f"/checkout?product={CUPS}", "Continue with your e-mail"),
        pytest.param(f"/product/{CUPS}", "Kulhad cups", marks=pytest.mark.nightly),
        pytest.param("/login", "Sign in", marks=pytest.mark.nightly),
        pytest.param("/continue", "Continue with your e-mail", marks=pytest.mark.nightly),
    ],
)
def test_every_page_opens_for_a_stranger_without_a_complaint(page: Page, path: str, title: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


@pytest.mark.parametrize("path", [pytest.param("/", marks=pytest.mark.nightly), f"/product/{CUPS}"])
def test_a_built_page_is_told_all_it_lacks_in_one_message_and_never_stands_empty(page: Page, path: str) -> None:
    heard: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda message: heard.append(str(message))))
    page.add_init_script(_WATCH)
    page.goto(path)
    expect(
        page.get_by_role("link", name="Sign in")
    ).to_be_visible()  # which is shown to those who are known as strangers
    assert len([message for message in heard if '"delta"' in message]) == 1
    assert page.evaluate("window.shown.filter(text => !text.includes('Kulhad cups'))") == []


def test_nothing_bought_yet_is_said_kindly(page: Page) -> None:
    page.goto("/continue?next=/orders")
    continue_as_guest(page, new_address())
    expect(page.get_by_text("No orders yet")).to_be_visible()


def test_signing_in_leads_back_to_where_it_began(page: Page) -> None:
    page.goto("/category/light")
    page.get_by_role("link", name="Bamboo table lamp").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bamboo table lamp")
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sign in")
    page.get_by_role("link", name="Sign in").click()  # once more, and still on the way back
    sign_in(page, "asha@example.in", "kulhad-chai")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bamboo table lamp")


@pytest.mark.console_allows(NOT_FOUND)
def test_a_product_nobody_knows_is_a_404_that_leads_on(page: Page) -> None:
    answer = page.goto("/product/no-such-thing")
    assert answer
    assert answer.status == HTTPStatus.NOT_FOUND
    expect(page.get_by_text("This is not for sale")).to_be_visible()
    page.get_by_role("link", name="See what there is").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Things made by hand")


@pytest.mark.console_allows(NOT_FOUND)
def test_a_path_nobody_knows_is_a_404(page: Page) -> None:
    answer = page.goto("/no/such/page")
    assert answer
    assert answer.status == HTTPStatus.NOT_FOUND
    expect(page.get_by_role("link", name=re.compile("shop|See what there is")).first).to_be_visible()


@pytest.mark.parametrize("length", [250, 300, 3_000])
@pytest.mark.parametrize("path", ["/", "/assets/", "/brand/", "/product/", "/product/a/"])
def test_a_path_longer_than_any_name_is_a_404_with_all_its_headers(
    ask: APIRequestContext, path: str, length: int
) -> None:
    for asked in (f"{path}{'x' * length}", f"{path}{'x' * length}.svg", f"{path}{'x' * length}.svg?v=1"):
        answer = ask.get(asked)
        assert answer.status == HTTPStatus.NOT_FOUND, asked[:20]
        assert {"content-security-policy", "x-content-type-options", "x-request-id"} <= answer.headers.keys()


def test_without_scripts_so_many_of_something_are_taken_to_the_checkout(plain: Page) -> None:
    plain.goto(f"/product/{CUPS}")
    plain.get_by_label("Quantity").select_option("2 · ₹960.00")
    plain.get_by_role("button", name="Buy now").click()
    plain.wait_for_url(f"**/checkout?product={CUPS}&quantity=2")


def test_search_engines_learn_what_is_for_sale_and_what_is_private(ask: APIRequestContext, shop: Shop) -> None:
    sitemap = ask.get("/sitemap.xml").text()
    for path in ("/", "/category/table", f"/product/{CUPS}"):
        assert f"<loc>{shop.url}{path}</loc>" in sitemap
    robots = ask.get("/robots.txt").text()
    assert "Disallow: /orders" in robots
    assert f"Sitemap: {shop.url}/sitemap.xml" in robots


def test_files_that_say_what_is_in_them_are_kept_and_pages_are_asked_for_again(page: Page) -> None:
    """Every script, style sheet, font and picture that a page asks for, and no page."""
    policies: dict[str, str] = {}

    def note(answer: Response) -> None:
        path = urlsplit(answer.url).path
        if answer.request.resource_type in {"script", "stylesheet", "font", "image"}:
            policies[path] = answer.headers["cache-control"]

    page.on("response", note)
    for path in ("/", f"/product/{CUPS}"):
        answer = page.goto(path)
        assert answer
        assert answer.headers["cache-control"] == "no-cache"
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("load")
    assert {path.rpartition(".")[2] for path in policies} >= {"js", "css", "woff2", "svg"}
    assert {path: policy for path, policy in policies.items() if "immutable" not in policy} == {}


def test_a_file_is_kept_for_good_only_as_what_its_address_says(ask: APIRequestContext) -> None:
    picture = versioned("/brand/mark.svg")
    assert "immutable" in ask.get(picture).headers["cache-control"]
    for other in ("/brand/mark.svg", "/brand/mark.svg?v=0123456789", "/brand/mark.svg?v="):
        assert ask.get(other).headers["cache-control"] == "no-cache", other


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.nightly), "dark"])
def test_both_colour_schemes_open_without_a_complaint(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/")
    expect(page.locator("html")).to_have_class(re.compile(scheme))


def test_the_switch_of_colours_says_which_are_on(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")
    switch = page.get_by_role("button", name="Dark colours")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(page.locator("html")).to_have_class("dark")


def test_the_header_keeps_its_words_whole_on_the_narrowest_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    lines = """header => [...header.querySelectorAll("a")].filter(link => link.checkVisibility()).map(link => {
        const text = document.createRange();
        text.selectNodeContents([...link.childNodes].find(node => node.nodeType === Node.TEXT_NODE));
        return text.getClientRects().length;
    })"""
    assert page.get_by_role("banner").evaluate(lines) == [1, 1, 1]


def test_categories_that_are_out_of_sight_are_hinted_at(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/")
    categories = page.get_by_role("navigation", name="Categories")
    left, right = _edges(page, categories)
    categories.evaluate("categories => categories.scrollTo(categories.scrollWidth, 0)")
    left_at_the_end, right_at_the_end = _edges(page, categories)
    assert left == right_at_the_end, "nothing is beyond either"
    assert right != left != left_at_the_end


def _edges(page: Page, row: Locator) -> list[bytes]:
    """Picture a bit of either end of a row, above its words."""
    row.scroll_into_view_if_needed()
    place = row.bounding_box()
    assert place
    places = (place["x"], place["x"] + place["width"] - 8)
    return [page.screenshot(clip={"x": x, "y": place["y"] + 2, "width": 8, "height": 4}) for x in places]


@pytest.mark.parametrize("size", [(390, 844), pytest.param((1280, 640), marks=pytest.mark.nightly)])
def test_a_products_picture_is_shown_whole(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/product/{CUPS}")
    cropped = "image => Math.abs(image.clientWidth / image.clientHeight - image.naturalWidth / image.naturalHeight)"
    picture = page.get_by_role("main").get_by_role("img").first
    expect(picture).to_be_visible()
    assert picture.evaluate(cropped) < 0.01


@pytest.mark.parametrize("path", ["/", f"/product/{CUPS}"])
def test_what_a_phone_has_to_fetch_of_us_stays_small(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    fetched = page.evaluate(_FETCHED)
    scripts, styles = (sum(size for name, size in fetched if name.endswith(kind)) for kind in (".js", ".css"))
    assert (0 < scripts <= MOST_SCRIPTS, 0 < styles <= MOST_STYLES) == (True, True), (scripts, styles)
