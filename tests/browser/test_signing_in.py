"""Signing in works on any network: without scripts, before they run, and where websockets are refused.

Whatever comes, nothing that was typed is ever in an address.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.steps import CUPS, continue_as_guest, new_address, sign_in

BUYER, PASSWORD = "asha@example.in", "kulhad-chai"
PRODUCT = f"/product/{CUPS}"
SCRIPTS = "**/assets/*.js"
FORMS = re.compile("/login")


@pytest.fixture
def addresses(page: Page) -> Iterator[list[str]]:
    """Every address that the browser asks for; the test fails when one of them says what was typed."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield asked
    assert not [address for address in asked if PASSWORD in address or "example.in" in address or "%40" in address]


def _said(page: Page, form: str, words: str) -> Locator:
    """Find words that a form shows; it has others ready that it does not."""
    return page.get_by_role("form", name=form).get_by_text(words).filter(visible=True)


def test_without_scripts_a_guest_is_let_in_and_goes_on(plain: Page) -> None:
    plain.goto(f"/continue?next={PRODUCT}")
    continue_as_guest(plain, new_address())
    plain.wait_for_url(f"**{PRODUCT}")
    assert [cookie["name"] for cookie in plain.context.cookies()] == ["session"]


def test_without_scripts_what_is_wrong_is_said_at_its_place_which_has_the_focus(plain: Page) -> None:
    plain.goto("/login?next=/orders")
    sign_in(plain, BUYER, "not the password")
    expect(_said(plain, "Sign in", "do not belong together")).to_be_visible()
    assert plain.url.endswith("/login?next=/orders#login-invalid_credentials")
    expect(plain.locator(":target")).to_be_focused()
    sign_in(plain, BUYER, PASSWORD)
    plain.wait_for_url("**/orders*")


def test_without_scripts_there_is_a_way_to_sign_in_on_every_page(plain: Page) -> None:
    plain.goto(PRODUCT)
    plain.get_by_role("link", name="Sign in").click()  # as soon as it is sure that nobody else shows it
    expect(plain.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_form_that_is_sent_before_scripts_run_is_taken(page: Page, addresses: list[str]) -> None:
    held: list[Route] = []
    page.route(SCRIPTS, lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    page.goto("/login?next=/orders", wait_until="commit")
    sign_in(page, BUYER, PASSWORD)
    page.unroute(SCRIPTS)
    page.wait_for_url("**/orders")
    expect(page.get_by_role("heading", level=1)).to_have_text("My orders")
    assert held
    assert addresses


@pytest.mark.console_allows("WebSocket connection", "/_event")
def test_where_websockets_are_refused_people_sign_in_all_the_same(page: Page, addresses: list[str]) -> None:
    page.route_web_socket("**/_event/**", lambda socket: socket.close())
    page.goto(f"/login?next={PRODUCT}")
    sign_in(page, BUYER, "not the password")
    expect(_said(page, "Sign in", "do not belong together")).to_be_visible()
    sign_in(page, BUYER, PASSWORD)
    page.wait_for_url(f"**{PRODUCT}")
    assert addresses


def test_what_is_wrong_is_said_in_the_form_which_keeps_what_was_typed(page: Page, addresses: list[str]) -> None:
    page.goto("/continue?next=/")
    form = page.get_by_role("form", name="Continue as a guest")
    email = form.get_by_label("E-mail")
    continue_as_guest(page, "asha")
    expect(_said(page, "Continue as a guest", "This is not an e-mail address.")).to_be_visible()
    expect(email).to_be_focused()
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_have_value("asha")
    sign_in(page, BUYER, "not the password")
    expect(page.locator(".notice:focus")).to_contain_text("do not belong together")
    continue_as_guest(page, new_address())
    expect(page.get_by_role("button", name="your account")).to_be_visible()
    assert addresses


@pytest.mark.console_allows("ERR_INTERNET_DISCONNECTED", "/_event")
def test_a_shop_that_does_not_answer_is_said_and_the_same_press_works_later(page: Page) -> None:
    page.goto("/login?next=/orders")
    page.route(FORMS, lambda route: route.abort("internetdisconnected"))
    sign_in(page, BUYER, PASSWORD)
    expect(_said(page, "Sign in", "The shop did not answer.")).to_be_visible()
    page.unroute(FORMS)
    page.get_by_role("form", name="Sign in").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/orders")
