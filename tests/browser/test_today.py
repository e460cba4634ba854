"""The back office on a phone, as its owner begins the day: what was sold, and the orders that a figure is of."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.test_office import _at_work, _bought


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def test_a_figure_leads_to_its_orders(context: BrowserContext, shop: Shop) -> None:
    number, token = _bought(shop, "neem-comb"), _at_work(shop)
    context.add_cookies([{"name": "session", "value": token, "url": shop.url, "httpOnly": True, "sameSite": "Lax"}])
    page = context.new_page()
    page.goto("/merchant")
    expect(page.get_by_role("heading", level=1)).to_contain_text("today, ")
    assert violations(page) == []
    page.get_by_text("Day by day").tap()
    rows = page.locator(".today-days tbody tr")
    expect(rows).to_have_count(30)
    assert violations(page) == []
    sales = page.get_by_role("listitem").filter(has_text="Sales")
    expect(sales.get_by_role("link")).to_have_text(rows.first.locator("td").nth(1).inner_text())
    sales.get_by_role("link").tap()
    expect(page.get_by_role("link", name=number)).to_be_visible()
    expect(page.get_by_role("link", name="Paid", exact=True)).to_have_attribute("aria-current", "page")
    assert violations(page) == []
    page.get_by_role("link", name="Any day").tap()
    expect(page.get_by_role("link", name="Any day")).to_have_count(0)
