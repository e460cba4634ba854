"""Take the README's pictures of a running shop: `python -m tests.screenshots http://localhost:3000`."""

import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.steps import buy, choose, continue_as_guest, expect_paid, give_address, pay_by_card, press_pay
from tests.browser_launch import launch_options

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
BLANKET = "handloom-cotton-throw"
SETTLED = """async () => {
    await document.fonts.ready;
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
    await Promise.all([...document.images].filter((image) => image.loading !== "lazy").map((image) => image.decode()));
}"""


def main(url: str) -> None:
    """Walk from the shelf to the receipt and keep a picture of each stop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(base_url=url, viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
        page.goto("/")
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        _take(page, "shop")
        buy(page, BLANKET)
        continue_as_guest(page, "asha.rao@example.in")
        give_address(page)
        sheet = press_pay(page)
        choose(sheet, "Card")
        expect(sheet.get_by_test_id("pay-button")).to_be_visible()
        _take(page, "payment")
        pay_by_card(sheet)
        expect_paid(page)
        _take(page, "receipt")
        browser.close()


def _take(page: Page, name: str) -> None:
    page.evaluate(SETTLED)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1])
