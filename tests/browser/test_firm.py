"""Who buys for a firm says so in two fields that nobody else sees."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import buy, continue_as_guest, give_address, new_address, press_pay
from tests.browser.zones import sending_as_the_demo

OF_KERALA = "32AAPFU0939F1Z4"


@pytest.fixture(autouse=True)
def _zones(shop: Shop) -> Iterator[None]:
    """The shop says where it sends, as the demo does."""
    with sending_as_the_demo(shop):
        yield


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def test_a_gstin_is_asked_of_who_opens_its_section_checked_there_and_kept_with_the_order(
    page: Page, shop: Shop
) -> None:
    buy(page)
    email = new_address()
    continue_as_guest(page, email)
    give_address(page)  # in Karnataka
    number, wrong = page.get_by_label("GSTIN", exact=True), page.get_by_text("This is no GSTIN")
    section = page.get_by_text("Buying for a business? Add a GSTIN")
    expect(section).to_be_visible()
    expect(number).to_be_hidden()
    section.tap()
    number.fill(OF_KERALA[:-1])
    page.get_by_role("button", name="Pay ₹540.00").tap()
    expect(wrong).to_be_visible()
    expect(number).to_be_focused()
    assert violations(page) == []
    number.fill(OF_KERALA.lower())
    page.get_by_label("Name of the business").fill("Malabar Traders")
    expect(page.get_by_text("For a business in Kerala")).to_be_visible()
    expect(page.get_by_text("the parcel goes to another State")).to_be_visible()
    expect(wrong).to_have_count(0)
    expect(press_pay(page).get_by_test_id("Card")).to_be_visible()
    kept = "SELECT id, firm_name, firm_gstin FROM orders WHERE email = ?"
    [(order_id, *firm)] = shop.execute(kept, email)
    assert firm == ["Malabar Traders", OF_KERALA]
    page.goto(f"/orders/{order_id}")
    facts = page.get_by_role("region", name="Order", exact=True)
    for said in ("ForMalabar Traders", f"GSTIN{OF_KERALA}"):
        expect(facts).to_contain_text(said)
