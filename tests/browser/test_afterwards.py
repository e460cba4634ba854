"""After paying, on a phone: what was bought is downloaded, and the shop is asked for something."""

from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from checkout_app.demo.book.pdf import recipe_book
from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import buy_at_once, come_as_guest

BOOK = "recipe-book-twelve-dals-pdf"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def test_a_guest_downloads_the_book_from_the_receipt_and_asks_to_cancel_it(page: Page, shop: Shop) -> None:
    come_as_guest(page, shop)
    page.goto(buy_at_once(page, shop, BOOK))
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download").tap()
    assert downloading.value.suggested_filename == "Twelve Dals.pdf"
    assert downloading.value.path().read_bytes() == recipe_book()
    page.get_by_text("Ask to cancel", exact=True).tap()
    assert violations(page) == []
    form = page.get_by_role("form", name="Ask to cancel")
    form.get_by_label("Why, if you like to say").fill("I know all twelve by heart.")
    form.get_by_role("button", name="Ask the shop").tap()
    expect(page.get_by_role("status").get_by_text("You asked to cancel on")).to_be_visible()
    expect(page.get_by_text("You asked to cancel this order. “I know all twelve by heart.”")).to_be_visible()
    expect(page.get_by_text("You downloaded Twelve Dals.pdf.")).to_be_visible()
    expect(page.get_by_text("Ask to cancel", exact=True)).to_have_count(0)
