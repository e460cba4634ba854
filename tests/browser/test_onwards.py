"""From a public page on: its scripts take over and change nothing, and from link to link each page shows its own."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Shop
from tests.browser.products import LATE, as_they_are, change
from tests.browser.steps import CUPS

LAMP = "bamboo-table-lamp"
DIYA = "brass-diya"
_NOTE_CHANGES = """
document.addEventListener("DOMContentLoaded", () => {
  window.changes = [];
  const note = ({ type, attributeName, oldValue, target }) => {
    if (type === "attributes" && oldValue === target.getAttribute(attributeName)) return; // said again
    window.changes.push([type, attributeName, target.outerHTML ?? target.data].join(" "));
  };
  window.main = document.querySelector("main");
  new MutationObserver((changes) => changes.forEach(note)).observe(window.main, {
    attributeOldValue: true, childList: true, characterData: true, subtree: true,
  });
});
"""


@pytest.fixture(autouse=True)
def _late_product(shop: Shop) -> Iterator[None]:
    with as_they_are(shop):
        yield


@pytest.mark.parametrize(
    "path",
    [
        "/category/table?utm=1",
        f"/product/{LATE}/",
        *(pytest.param(each, marks=pytest.mark.nightly) for each in ("/", f"/product/{CUPS}")),
    ],
)
def test_nothing_on_the_page_changes_when_its_scripts_take_over(page: Page, path: str) -> None:
    page.add_init_script(_NOTE_CHANGES)
    page.goto(path)
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()  # which is said once the server knows the visitor
    assert page.evaluate("[window.changes, document.querySelector('main') === window.main]") == [[], True]


def test_a_visit_before_does_not_show_through_on_a_page_that_is_opened_anew(page: Page) -> None:
    page.goto(f"/product/{DIYA}")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.add_init_script(_NOTE_CHANGES)
    page.goto(f"/product/{LATE}")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.evaluate("[window.changes, document.querySelector('main') === window.main]") == [[], True]


def test_from_link_to_link_and_back_every_page_shows_its_own_without_a_websocket(page: Page, shop: Shop) -> None:
    page.route_web_socket("**/_event/**", lambda socket: socket.close())
    page.goto("/")
    page.get_by_role("navigation", name="Categories").get_by_role("link", name="Light").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Light")
    expect(page).to_have_title("Light · Mitti")
    change(shop, LAMP, amount=77_700, left=2, name="Lamp of bamboo")
    page.get_by_role("link", name=re.compile("amboo")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lamp of bamboo")
    expect(page.get_by_text("₹777.00", exact=True)).to_be_visible()
    expect(page.locator("[data-first]")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Light")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Things made by hand")
    expect(page).to_have_title(re.compile("^Mitti: "))
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Light")


def test_each_page_shows_what_is_at_its_own_address_and_never_for_a_moment_another(page: Page) -> None:
    page.add_init_script(
        """window.shown = [];
        new MutationObserver(() => {
          const heading = document.querySelector("h1")?.textContent ?? window.shown.at(-1);
          if (heading !== window.shown.at(-1)) window.shown.push(heading);
        }).observe(document, { childList: true, characterData: true, subtree: true });"""
    )
    held: list[Route] = []
    shelf = re.compile("/api/pages/data.path=%2F(category.*)?$")
    page.route(shelf, lambda route: held.append(route))  # noqa: PLW0108 - the driver takes no method of a list
    page.goto(f"/product/{DIYA}")
    home = "Things made by hand, to be used every day."
    for link, heading in (("Mitti, to the shop", home), ("Light", "Light")):
        page.get_by_role("link", name=link, exact=True).click()
        expect(page.locator("main [aria-busy=true]")).to_be_visible()  # and nothing else until its own has come
        held.pop().continue_()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.get_by_role("link", name="Bamboo table lamp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bamboo table lamp")
    assert page.evaluate("window.shown") == ["Brass diya", home, "Light", "Bamboo table lamp"]


@pytest.mark.console_allows("ERR_FAILED")
def test_what_the_first_links_lead_to_is_there_before_anybody_follows_them(page: Page) -> None:
    with page.expect_response(re.compile(rf"/api/pages/data\?path=.*{CUPS}.*&path=")):
        page.goto("/")
    page.route("**/api/pages/**", lambda route: route.abort())
    page.get_by_role("link", name="Kulhad cups").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kulhad cups")
    expect(page.get_by_text("₹480.00", exact=True)).to_be_visible()


def test_a_link_that_somebody_points_at_is_asked_for_before_it_is_followed(page: Page) -> None:
    page.goto("/")
    with page.expect_response(re.compile("/api/pages/data.path=%2Fcategory%2Flight$")):
        page.get_by_role("link", name="Light", exact=True).hover()


@pytest.mark.console_allows("ERR_FAILED")
def test_a_page_that_cant_be_asked_for_says_so_and_comes_when_the_network_does(page: Page) -> None:
    page.goto("/")
    page.route("**/api/pages/data**", lambda route: route.abort())
    page.get_by_role("link", name="Light", exact=True).click()
    expect(page.get_by_text("This page did not come")).to_be_visible()
    page.unroute("**/api/pages/data**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Light")  # without anybody's doing anything
