"""Who buys for a firm says so in two fields that nobody else sees."""

from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import buy, continue_as_guest, leave_unpaid, new_address

GSTIN = "29AAPFU0939F1ZR"


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def test_a_gstin_is_asked_of_who_opens_its_section_checked_there_and_kept_with_the_order(
    page: Page, shop: Shop
) -> None:
    buy(page)
    email = new_address()
    continue_as_guest(page, email)
    number, name = page.get_by_label("GSTIN", exact=True), page.get_by_label("Name of the business")
    section = page.get_by_text("Buying for a business? Add a GSTIN")
    expect(section).to_be_visible()
    expect(number).to_be_hidden()
    section.tap()
    number.fill(GSTIN[:-1])
    page.get_by_role("button", name="Pay ₹480.00").tap()
    expect(page.get_by_text("This is no GSTIN")).to_be_visible()
    expect(number).to_be_focused()
    assert violations(page) == []
    number.fill(GSTIN.lower())
    name.fill("Mitti Traders")
    expect(page.get_by_text("For a business in Karnataka")).to_be_visible()
    expect(page.get_by_text("This is no GSTIN")).to_have_count(0)
    leave_unpaid(page)
    kept = "SELECT firm_name, firm_gstin FROM orders WHERE email = ?"
    assert shop.execute(kept, email) == [("Mitti Traders", GSTIN)]
    [(order_id,)] = shop.execute("SELECT id FROM orders WHERE email = ?", email)
    page.goto(f"/orders/{order_id}")
    facts = page.get_by_role("region", name="Order", exact=True)
    for said in ("ForMitti Traders", f"GSTIN{GSTIN}"):
        expect(facts).to_contain_text(said)
