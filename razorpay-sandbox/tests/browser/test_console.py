"""The sandbox's console in a browser: what a person does there happens."""

import httpx
from playwright.sync_api import Page, expect

from tests.support import KEY_ID, KEY_SECRET, SandboxProcess


def test_a_person_can_pay_an_order_and_order_a_fault(gateway: SandboxProcess, page: Page) -> None:
    body = {"amount": 123_456, "currency": "INR", "receipt": "from-the-console"}
    order = httpx.post(f"{gateway.url}/v1/orders", json=body, auth=(KEY_ID, KEY_SECRET)).json()
    page.goto(gateway.url)
    page.get_by_role("link", name=order["id"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Order of ₹1,234.56")
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.locator("table").get_by_text("captured")).to_be_visible()
    assert gateway.fetch(f"orders/{order['id']}")["status"] == "paid"

    page.get_by_role("link", name="Faults").click()
    page.get_by_label("Kind").select_option("429")
    page.get_by_label("At most").fill("1")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("cell", name="429")).to_be_visible()
    page.get_by_role("button", name="End all faults").click()
    expect(page.get_by_text("Everything works.")).to_be_visible()


def test_the_console_fits_a_phone(gateway: SandboxProcess, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", "/console/payments", "/console/webhooks", "/console/faults", "/console/clock"):
        page.goto(gateway.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
