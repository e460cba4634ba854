"""What waits for a person, on a phone: what two buyers ask for, answered from its cards."""

import re

import httpx
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import CUPS, new_address


def _wants_to_cancel(shop: Shop, name: str, note: str) -> tuple[httpx.Client, str]:
    """Buy as a guest and ask to cancel it; the guest's client and where their order is told of."""
    guest = httpx.post(f"{shop.url}/api/auth/guest", json={"email": new_address(), "name": name}, timeout=30).json()
    headers = {"Authorization": f"Bearer {guest['access_token']}", "Idempotency-Key": new_address()}
    client = httpx.Client(base_url=shop.url, headers=headers, timeout=60)
    product = client.get(f"/api/products/{CUPS}").json()["id"]
    made = client.post("/api/checkout/order", json={"product_id": product}).raise_for_status().json()
    paid = client.post("/sandbox/_test/pay", json={"order_id": made["razorpay_order_id"]}).json()
    client.post("/api/checkout/payment", json=paid).raise_for_status()
    path = f"/api/orders/{made['order_id']}"
    client.post(f"{path}/requests", json={"kind": "cancel", "note": note}).raise_for_status()
    return client, path


def test_what_buyers_ask_for_is_granted_and_refused_from_its_card(office_shop: Shop, office: Page) -> None:
    sister, sister_order = _wants_to_cancel(office_shop, "Asha Rao", "It was meant for my sister.")
    _wants_to_cancel(office_shop, "Ravi Menon", "Changed my mind.")
    office.goto(f"/merchant/orders/{sister_order.rpartition('/')[2]}")
    office.get_by_role("link", name="See what you can do").tap()
    expect(office.get_by_role("article")).to_have_count(1)
    rooms = office.get_by_role("navigation", name="Back office")
    rooms.get_by_role("link", name="Needs you 2").tap()
    card = office.get_by_role("article", name="It was meant for my sister.")
    expect(card.get_by_text("Razorpay holds ₹480.00. The books keep ₹480.00. They are ₹0.00 apart.")).to_be_attached()
    card.get_by_text("It goes back the way it came. Its items are on the shelf again.").tap()
    form = card.get_by_role("form", name="Refund ₹480.00")
    expect(form.get_by_label("Why")).to_have_value("You asked to cancel the order.")
    assert violations(office) == []
    form.get_by_role("button", name="Refund ₹480.00").tap()
    sure = office.get_by_role("dialog", name="Confirm the refund")
    expect(sure).to_contain_text("It goes to Asha Rao the way it came")
    assert violations(office) == []
    sure.get_by_role("button", name="Refund ₹480.00").tap()
    expect(card).to_have_count(0)
    assert sister.get(sister_order).json()["status"] == "refunded"

    card = office.get_by_role("article", name="Changed my mind.")
    card.get_by_text("Say no").first.tap()
    form = card.get_by_role("form", name="Say no")
    form.get_by_label("Why, in words the buyer will read").fill("It was sent an hour ago.")
    form.get_by_role("button", name="Say no").tap()
    expect(office.get_by_role("heading", level=1)).to_have_text("Nothing needs you.")
    expect(rooms.get_by_role("link", name="Needs you", exact=True)).to_be_visible()
    assert violations(office) == []
    office.get_by_role("link", name="What Razorpay told").tap()
    office.get_by_role("link", name="order.paid").first.tap()
    expect(office.get_by_role("button", name="Handle again")).to_be_visible()
    office.evaluate("document.body.dataset.before = ''")
    office.get_by_role("button", name="Handle again").tap()
    expect(office.locator("body[data-before]")).to_have_count(0)  # it was loaded anew
    expect(office.get_by_text(re.compile("Handled|Being handled|Its turn is next"))).to_be_visible()
    assert violations(office) == []
