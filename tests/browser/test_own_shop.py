"""The shop itself on a phone: its owner says who they are."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.test_office import _at_work


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


@pytest.fixture
def office(context: BrowserContext, shop: Shop) -> Page:
    token = _at_work(shop)
    context.add_cookies([{"name": "session", "value": token, "url": shop.url, "httpOnly": True, "sameSite": "Lax"}])
    return context.new_page()


@pytest.mark.console_allows("422")
def test_an_owner_says_who_they_are(office: Page) -> None:
    office.goto("/merchant/shop")
    assert violations(office) == []
    firm = office.get_by_role("form", name="Who sells, and where")
    firm.get_by_label("Legal name").fill("Meera Iyer")
    firm.get_by_label("House and street").fill("14 Fort Road")
    firm.get_by_label("PIN").fill("999999")
    firm.get_by_role("button", name="Save").tap()
    expect(firm.get_by_text("No post office has this PIN.")).to_be_visible()
    firm.get_by_label("PIN").fill("570001")
    firm.get_by_role("button", name="Save").tap()
    expect(office.get_by_text("Saved. It counts from now on.")).to_be_visible()
    expect(firm.get_by_label("Town")).to_have_value("Mysuru")
    expect(firm.get_by_label("State")).to_have_value("29")
