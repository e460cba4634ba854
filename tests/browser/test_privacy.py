"""An order is seen by who made it and by nobody else; foreign scripts and pages stay outside."""

import http.client
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIRequestContext, BrowserContext, Page, expect

from tests.browser.conftest import Shop
from tests.browser.steps import (
    buy_at_once,
    come_as_guest,
    continue_as_guest,
    expect_paid,
    new_address,
    order_at_once,
    sign_in,
)


def test_another_person_can_not_see_the_order(page: Page, somebody_else: Page, shop: Shop) -> None:
    come_as_guest(page, shop)
    order = buy_at_once(page, shop)
    somebody_else.goto(f"/continue?next={order}")
    continue_as_guest(somebody_else, new_address())
    expect(somebody_else.get_by_role("heading", name="We can't find this order")).to_be_visible()
    expect(somebody_else.get_by_text("Kulhad cups")).to_have_count(0)


def test_who_looks_from_another_device_signs_in_and_sees_it(page: Page, somebody_else: Page, shop: Shop) -> None:
    address, password = new_address(), "a-long-enough-word"
    entered = page.request.post(
        "/api/auth/enter",
        form={"form": "register", "email": address, "password": password, "name": "Meera Iyer"},
        headers={"origin": shop.url},
    )
    assert entered.ok
    order = order_at_once(page, shop)
    somebody_else.goto(f"/continue?next={order}")
    continue_as_guest(somebody_else, new_address())
    somebody_else.get_by_role("main").get_by_role("link", name="Sign in").click()
    sign_in(somebody_else, address, password)
    expect(somebody_else.get_by_role("heading", level=1)).to_have_text("This order is not paid yet")


def test_a_second_tab_of_the_buyer_sees_the_order(page: Page, context: BrowserContext, shop: Shop) -> None:
    come_as_guest(page, shop)
    receipt = buy_at_once(page, shop)
    for tab in (page, context.new_page()):
        tab.goto(receipt)
        expect_paid(tab)


def test_signing_out_closes_the_orders_in_every_tab(page: Page, context: BrowserContext, shop: Shop) -> None:
    come_as_guest(page, shop)
    receipt = buy_at_once(page, shop)
    page.goto(receipt)
    expect_paid(page)
    tab = context.new_page()
    tab.goto("/")
    tab.get_by_label("Your account").click()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("link", name="Sign in")).to_be_visible()
    page.goto(receipt)
    page.wait_for_url(lambda url: "/login" in url)


def test_the_session_is_out_of_reach_for_scripts(page: Page, context: BrowserContext) -> None:
    page.goto("/continue")
    continue_as_guest(page, new_address())
    expect(page.get_by_label("Your account")).to_be_visible()
    [session] = [cookie for cookie in context.cookies() if cookie["name"] == "session"]
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    assert session["value"] not in page.evaluate(
        "document.cookie + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })"
    )


def test_no_page_runs_scripts_that_are_not_its_own(ask: APIRequestContext) -> None:
    for path in ("/", "/product/kulhad-cups-set-of-six", "/login", "/checkout", "/orders", "/orders/x"):
        policy = ask.get(path).headers["content-security-policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert "'unsafe-inline'" not in rules["script-src"], path
        assert "'unsafe-eval'" not in rules["script-src"], path
        assert rules["frame-ancestors"] == "'none'", path
        assert rules["object-src"] == rules["base-uri"] == "'none'", path


@pytest.mark.console_allows("Content Security Policy")
def test_an_injected_script_does_not_run(page: Page) -> None:
    page.goto("/")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.broken_in = true";
        document.body.append(script);
    }""")
    assert page.evaluate("window.broken_in") is None


@pytest.mark.parametrize(("origin", "accepted"), [("https://evil.example", False), (None, True)])
def test_a_foreign_page_can_not_open_the_websocket(shop: Shop, origin: str | None, *, accepted: bool) -> None:
    place = urlsplit(shop.url)
    connection = http.client.HTTPConnection("127.0.0.1", place.port or 80, timeout=10)
    headers = {
        "Host": place.netloc,
        "Origin": origin or shop.url,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    connection.request("GET", "/_event/?EIO=4&transport=websocket&token=abc", headers=headers)
    status = connection.getresponse().status
    connection.close()
    assert (status == HTTPStatus.SWITCHING_PROTOCOLS) is accepted
