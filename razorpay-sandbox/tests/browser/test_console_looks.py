"""How the console looks when it is full: on narrow and wide windows, by day and by night, for every reader."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.contrast import WEAK
from tests.support import SandboxProcess

_TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((each) => !each.closest("nav, thead") && each.getBoundingClientRect().right > innerWidth + 0.5)
  .map((each) => each.outerHTML.slice(0, 80))"""
_CUT_OFF = """() => [...document.querySelectorAll("main *")]
  .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth + 1 && !each.closest("input, thead"))
  .map((each) => each.outerHTML.slice(0, 80))"""
_NAMELESS = """() => [...document.querySelectorAll("input, select, button, a")]
  .filter((each) => !(each.labels?.[0]?.textContent || each.textContent).trim()).map((each) => each.outerHTML)"""
_LEVELS = """() => [...document.querySelectorAll("h1, h2, h3")].map((each) => Number(each.localName[1]))"""
_LOW = """() => [...document.querySelectorAll("button, summary, nav a, select, input:not([type=checkbox]), .flag")]
  .filter((each) => each.getClientRects().length && each.getBoundingClientRect().height < 40)
  .map((each) => each.outerHTML)"""


@pytest.fixture(scope="module")
def paths(gateway: SandboxProcess) -> Iterator[list[str]]:
    """The addresses of every page, each with things that are as long as they may be."""
    gateway.clear()
    gateway.put("clock", {"offset": (22 - datetime.now().astimezone().hour) * 3600})  # 10 pm has the longest name
    gateway.put("webhooks", {"endpoint": f"http://127.0.0.1:9/{'a' * 150}"})
    events = ["payment.captured", "payment.failed", "refund.processed"]
    gateway.sdk().webhook.create({"url": f"http://127.0.0.1:9/{'b' * 150}", "events": events, "secret": "own"})
    order = gateway.order(50_000_000, receipt="R" * 40, notes={"note": "n" * 500})
    payment_id = gateway.pay(order["id"], email=f"{'e' * 64}@{'d' * 60}.example")["razorpay_payment_id"]
    gateway.client.get("/v1/settlements").raise_for_status()
    gateway.put("switches", {"refunds": "pending"})
    gateway.client.post(f"/v1/payments/{payment_id}/refund", json={"amount": 100}).raise_for_status()
    gateway.call("POST", "dispute", {"payment_id": payment_id, "reason": "r" * 100})
    waiting = gateway.order(50_000_000, receipt="words-of-a-receipt-that-may-be-wrapped-x", payment_capture=0)
    gateway.attempt(waiting["id"], outcome="failure", reason="card_disabled_for_online_payments", method="upi")
    gateway.attempt(waiting["id"], outcome="late", method="netbanking")
    gateway.put("faults", [{"kind": "reply_lost", "path": f"/v1/{'p' * 100}"}])
    pages = ("payments", "refunds", "disputes", "settlements", "webhooks", "faults", "clock")
    yield [
        "/",
        *(f"/console/{each}" for each in (*pages, f"orders/{order['id']}", f"orders/{waiting['id']}")),
        f"/console/payments/{payment_id}",
    ]
    gateway.clear()


@pytest.fixture
def console(browsing: BrowserContext) -> Iterator[Page]:
    """A tab."""
    tab = browsing.new_page()
    yield tab
    tab.close()


def visit(console: Page, url: str) -> None:
    """Load a page and unfold all that it has."""
    console.goto(url)
    console.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


@pytest.mark.parametrize(
    "width", [320, *(pytest.param(each, marks=pytest.mark.nightly) for each in (390, 768, 1024, 1185, 1440))]
)
def test_nothing_is_wider_than_the_window(gateway: SandboxProcess, console: Page, paths: list[str], width: int) -> None:
    console.set_viewport_size({"width": width, "height": 800})
    for path in paths:
        visit(console, gateway.url + path)
        assert console.evaluate("document.documentElement.scrollWidth") == width, path
        assert (console.evaluate(_TOO_WIDE), console.evaluate(_CUT_OFF)) == ([], []), path


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.nightly)])
def test_every_word_can_be_read(gateway: SandboxProcess, console: Page, paths: list[str], scheme: str) -> None:
    console.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in paths:
        visit(console, gateway.url + path)
        assert console.evaluate(WEAK, "body *") == [], path


def test_everything_has_a_name_and_headings_are_in_order(
    gateway: SandboxProcess, console: Page, paths: list[str]
) -> None:
    for path in paths:
        visit(console, gateway.url + path)
        assert console.evaluate(_NAMELESS) == [], path
        levels = console.evaluate(_LEVELS)
        assert levels.count(1) == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), path
        expect(console.get_by_role("navigation", name="Console")).to_be_visible()


def test_fingers_find_everything_on_a_phone(gateway: SandboxProcess, console: Page, paths: list[str]) -> None:
    console.set_viewport_size({"width": 390, "height": 800})
    for path in paths:
        visit(console, gateway.url + path)
        assert console.evaluate(_LOW) == [], path


def test_a_keyboard_gets_to_the_content_and_sees_where_it_is(gateway: SandboxProcess, console: Page) -> None:
    console.goto(gateway.url)
    console.keyboard.press("Tab")
    skip = console.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    console.keyboard.press("Enter")
    expect(console.locator("#content")).to_be_focused()
    console.goto(f"{gateway.url}/console/faults")
    console.get_by_label("Kind").focus()
    console.keyboard.press("Tab")
    expect(console.get_by_label("Method")).to_be_focused()
    assert console.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_table_stays_a_table_on_a_phone(gateway: SandboxProcess, console: Page, paths: list[str]) -> None:
    console.set_viewport_size({"width": 320, "height": 800})
    console.goto(gateway.url + paths[0])
    table = console.get_by_role("table", name="Orders")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table.get_by_role("columnheader")).to_have_count(7)
