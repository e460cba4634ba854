"""A page that opens is a page that sells, whatever the network lets through."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Browser, Page, expect

from tests.browser.conftest import Shop, open_shop, watch
from tests.browser.steps import (
    CUPS,
    buy,
    buy_as_guest,
    come_as_guest,
    continue_as_guest,
    new_address,
    order_at_once,
    pay_for_it,
)
from tests.support.blocked import How, blocking_websockets
from tests.support.processes import free_port

Looks = dict[str, Any]
TOKEN = "01234567-89ab-4def-8123-456789abcdef"
HYDRATE = "reflex___state____state.hydrate_and_load"
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
NO_WEBSOCKET = "WebSocket connection|/_event"
OFFLINE = "ERR_INTERNET_DISCONNECTED|WebSocket connection|/_event|/api/events"
BLOCK_STORAGE = """
for (const name of ["localStorage", "sessionStorage"]) {
  const get = () => { throw new DOMException("", "SecurityError"); };
  Object.defineProperty(window, name, { configurable: true, get });
}
"""
REFUSE_COOKIES = 'Object.defineProperty(Document.prototype, "cookie", { get: () => "", set: () => undefined });'


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, int]]:
    """A shop whose address is that of something in front of it, and the port that it is behind."""
    port, front = free_port(), free_port()
    with open_shop(tmp_path_factory.mktemp("blocked"), port, PUBLIC_URL=f"http://localhost:{front}") as shop:
        yield shop, front


@pytest.mark.console_allows(NO_WEBSOCKET)
@pytest.mark.parametrize("how", ["refuses", pytest.param("stalls", marks=pytest.mark.nightly)])
def test_where_no_websocket_gets_through_a_guest_buys_and_sees_the_receipt(
    blocked: tuple[Shop, int], browser: Browser, browser_context_args: Looks, complaints: list[str], how: How
) -> None:
    shop, front = blocked
    with blocking_websockets(int(shop.url.rpartition(":")[2]), front, how):
        context = browser.new_context(**{**browser_context_args, "base_url": f"http://localhost:{front}"})
        watch(context, complaints)
        page = context.new_page()
        buy_as_guest(page)
        page.goto("/orders")
        page.get_by_role("main").get_by_role("link", name=re.compile("Kulhad cups")).click()
        expect(page.get_by_role("region", name="Receipt")).to_be_visible()
        context.close()


@pytest.mark.console_allows(NO_WEBSOCKET)
@pytest.mark.parametrize(
    "closes",
    [
        pytest.param(True, id="that is closed again", marks=pytest.mark.nightly),
        pytest.param(False, id="that stays silent"),
    ],
)
def test_a_websocket_that_brings_nothing_is_not_waited_for(page: Page, closes: bool) -> None:  # noqa: FBT001 - a case
    page.route_web_socket("**/_event/**", lambda socket: socket.close() if closes else None)
    buy_as_guest(page)


def test_on_a_slow_line_what_is_pressed_before_the_scripts_have_come_counts(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(f"/product/{CUPS}", wait_until="commit")
    page.get_by_role("button", name="Buy now").click()
    page.wait_for_url("**/continue*", wait_until="commit")
    continue_as_guest(page, new_address())
    pay_for_it(page)


@pytest.mark.console_allows(NO_WEBSOCKET)
def test_an_order_that_was_left_unpaid_is_paid_without_a_websocket(page: Page, shop: Shop) -> None:
    page.route_web_socket("**/_event/**", lambda socket: socket.close())
    come_as_guest(page, shop)
    order_at_once(page, shop)
    page.goto("/orders")
    page.get_by_role("main").get_by_role("link", name=re.compile("Kulhad cups")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This order is not paid yet")
    pay_for_it(page)


@pytest.mark.console_allows(OFFLINE)
def test_a_page_says_that_it_is_offline_and_goes_on_when_it_is_not(page: Page) -> None:
    page.route_web_socket("**/_event/**", lambda socket: socket.close())
    buy(page)
    continue_as_guest(page, new_address())
    expect(page.get_by_role("button", name=re.compile("^Pay ₹"))).to_be_enabled()
    page.context.set_offline(True)
    expect(page.get_by_text("No connection. We keep trying")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("No connection. We keep trying")).to_have_count(0)
    pay_for_it(page)


@pytest.mark.console_allows("ERR_INTERNET_DISCONNECTED")
def test_without_a_connection_there_is_a_page_that_says_so(
    shop: Shop, browser: Browser, browser_context_args: Looks, complaints: list[str]
) -> None:
    context = browser.new_context(**{**browser_context_args, "service_workers": "allow"})
    watch(context, complaints)
    page = context.new_page()
    page.goto("/", wait_until="networkidle")  # what it fetches ahead has come: cut off, that would load the page anew
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    context.set_offline(True)
    page.goto(f"{shop.url}/orders")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sign in")
    context.close()


@pytest.mark.console_allows(NO_WEBSOCKET, "/api/events")
def test_what_does_not_come_at_all_becomes_words_with_a_way_on(page: Page) -> None:
    page.route_web_socket("**/_event/**", lambda socket: socket.close())
    page.route("**/api/events", lambda route: route.abort())
    page.goto("/orders")
    expect(page.get_by_text("takes longer than it should")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="go to the shop")).to_be_visible()


def test_without_scripts_the_checkout_says_why_it_can_not_go_on(plain: Page) -> None:
    plain.goto(f"/checkout?product={CUPS}")
    said = plain.locator("noscript p")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Scripts are switched off in this browser.")
    expect(plain.get_by_text("takes longer than it should")).to_be_hidden()


def test_a_browser_that_keeps_nothing_buys_all_the_same(page: Page) -> None:
    page.add_init_script(BLOCK_STORAGE)
    buy_as_guest(page)


def test_a_browser_that_takes_no_cookies_is_told_that_it_needs_one(page: Page) -> None:
    page.add_init_script(REFUSE_COOKIES)
    page.goto("/continue")
    expect(page.get_by_text("This browser refuses cookies.")).to_be_visible()


def test_a_browser_that_takes_cookies_is_told_nothing_of_them(page: Page) -> None:
    page.goto("/continue")
    expect(page.get_by_text("This browser refuses cookies.")).to_be_hidden()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"token": "../../etc/passwd" * 3, "event": {"name": HYDRATE}}, 422),
        ({"token": TOKEN, "event": {"name": "no.such.event"}}, 422),
        ({"token": TOKEN, "event": {"name": HYDRATE, "router_data": "/"}}, 422),
        ({"token": TOKEN, "event": {"name": HYDRATE, "router_data": {"pathname": "/"}}}, 200),
    ],
)
def test_an_event_that_is_none_is_refused(
    ask: APIRequestContext, shop: Shop, sent: dict[str, Any], status: int
) -> None:
    answer = ask.post("/api/events", data=sent, headers={"origin": shop.url})
    assert answer.status == status


def test_an_event_from_another_site_is_refused(ask: APIRequestContext) -> None:
    sent = {"token": TOKEN, "event": {"name": HYDRATE}}
    assert (
        ask.post("/api/events", data=sent, headers={"origin": "https://elsewhere.example"}).status
        == HTTPStatus.UNAUTHORIZED
    )
