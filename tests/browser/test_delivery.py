"""A parcel goes where its buyer says, for exactly what stood on the button."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from checkout_app.demo.zones import DEMO_ZONES
from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import (
    buy,
    choose,
    continue_as_guest,
    expect_paid,
    give_address,
    new_address,
    pay_by_card,
    press_pay,
)


@pytest.fixture(autouse=True)
def _zones(shop: Shop) -> Iterator[None]:
    """The shop says where it sends, as the demo does."""
    kept = "INSERT INTO delivery_zones (id, created_at, said) VALUES (?, '2026-01-01 00:00:00', ?)"
    for zone in DEMO_ZONES:
        shop.execute(kept, zone.id, json.dumps(asdict(zone)))
    yield
    shop.execute("DELETE FROM delivery_zones")


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def test_a_guest_says_on_a_phone_where_it_goes_and_pays_what_they_were_shown(page: Page, shop: Shop) -> None:
    buy(page)
    email = new_address()
    continue_as_guest(page, email)
    page.get_by_role("button", name="Pay ₹480.00 and delivery").tap()
    expect(page.get_by_text("No post office has this PIN")).to_be_visible()
    assert violations(page) == []
    give_address(page)
    expect(page.get_by_role("region", name="Delivery")).to_contain_text(
        "Delivery: ₹60.00. It is there 2 to 4 days after"
    )
    expect(page.get_by_role("button", name=re.compile("^Pay"))).to_have_text("Pay ₹540.00")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    modal = press_pay(page)
    choose(modal, "Card")  # nobody is asked for a phone again
    pay_by_card(modal)
    expect_paid(page)
    receipt = page.get_by_role("region", name="Receipt")
    for said in ("Delivery₹60.00", "Total₹540.00", "12, Sayyaji Rao Road", "Mysuru 570001", "+919876543210"):
        expect(receipt).to_contain_text(said)
    paid = "SELECT p.amount, o.amount FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.email = ?"
    assert shop.execute(paid, email) == [(54_000, 54_000)]
