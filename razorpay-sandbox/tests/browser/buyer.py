"""A buyer at the payment sheet, and the merchant's page around it."""

import itertools
import json
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.merchant import Merchant
from tests.support import KEY_ID, KEY_SECRET, SandboxProcess

ASHA = {"name": "Asha Rao", "email": "asha@example.com", "contact": "+919812345678"}
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0"
    " Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
    " Mobile Safari/537.36"
)
_receipts = itertools.count(1)


@dataclass
class Checkout:
    """One page of the merchant with its sheet."""

    page: Page
    merchant: Merchant
    gateway: SandboxProcess

    @property
    def sheet(self) -> FrameLocator:
        """The inside of the frame."""
        return self.page.frame_locator("iframe.razorpay-checkout-frame")

    @property
    def dialog(self) -> Locator:
        """The sheet itself."""
        return self.sheet.get_by_role("dialog")

    def order(self, amount: int = 249_900, **more: Any) -> Any:
        """Create an order the way the merchant's server does."""
        body = {"amount": amount, "currency": "INR", "receipt": f"receipt-{next(_receipts)}", **more}
        answer = httpx.post(f"{self.gateway.url}/v1/orders", json=body, auth=(KEY_ID, KEY_SECRET), timeout=30)
        return answer.raise_for_status().json()

    def options(self, order: Any = None, **more: Any) -> dict[str, Any]:
        """Options for an order, with the buyer's contact filled in."""
        order = order or self.order()
        common = {"key": KEY_ID, "order_id": order["id"], "name": "Mitti", "description": "Cups", "prefill": ASHA}
        return {**common, **more}

    def visit(self, path: str = "/") -> None:
        """Load a page of the merchant."""
        self.page.goto(self.merchant.url + path)

    def open(self, options: dict[str, Any], *, handler: bool = True, path: str = "/") -> None:
        """Click the merchant's button and wait for the sheet."""
        if not self.page.url.startswith(self.merchant.url):
            self.visit(path)
        self.page.evaluate("(given) => { window.next = given; }", [options, not handler])
        self.page.locator("#pay").click()
        expect(self.sheet.locator(".is-here")).to_be_visible()

    def choose(self, method: str) -> None:
        """Choose a way to pay by its test id: Card, UPI, Netbanking or Wallet."""
        self.sheet.get_by_test_id(method).click()

    def pay_by_card(self, number: str = "4100280000001007", otp: str = "1234") -> None:
        """Type a card and its password."""
        self.sheet.locator('input[name="card[number]"]').fill(number)
        self.sheet.locator('input[name="card[expiry]"]').fill("12/35")
        self.sheet.locator('input[name="card[cvv]"]').fill("123")
        self.sheet.get_by_test_id("pay-button").click()
        self.sheet.locator('input[name="otp"]').fill(otp)
        self.sheet.get_by_role("button", name="Verify and pay").click()

    def pay_by_upi(self, outcome: str = "paid") -> None:
        """Answer for the UPI app: paid or failed."""
        self.sheet.get_by_role("button", name=f"Simulate: {outcome}").click()

    def pay_by_upi_id(self, vpa: str = "success@razorpay") -> None:
        """Type a UPI id."""
        self.sheet.locator('input[name="vpa"]').fill(vpa)
        self.sheet.get_by_test_id("pay-button").click()

    def logged(self, event: str) -> Locator:
        """What the merchant's page heard of an event."""
        return self.page.locator(f'#log li[data-event="{event}"]')

    def heard(self, event: str, times: int = 1) -> Any:
        """Wait until the page heard an event so many times; answers its last value."""
        expect(self.logged(event)).to_have_count(times)
        return json.loads(self.logged(event).last.get_attribute("data-value") or "null")

    def order_of(self) -> list[str]:
        """Names of all events the page heard, in order."""
        return [str(item.get_attribute("data-event")) for item in self.page.locator("#log li").all()]

    def hears_nothing_of(self, *events: str) -> None:
        """Say that none of these happened."""
        for event in events:
            expect(self.logged(event)).to_have_count(0)
