"""The people of the shop on a phone: somebody is invited by a link that is shown once, changed, dismissed."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import new_address
from tests.browser.test_office import PASSWORD, _at_work


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def test_somebody_is_invited_changed_and_dismissed(context: BrowserContext, shop: Shop) -> None:
    token, email = _at_work(shop), new_address()
    context.add_cookies([{"name": "session", "value": token, "url": shop.url, "httpOnly": True, "sameSite": "Lax"}])
    page = context.new_page()
    page.goto("/merchant")
    page.get_by_role("link", name="People").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    assert violations(page) == []
    page.get_by_label("Their e-mail").fill(email)
    page.get_by_role("form", name="Invite somebody").get_by_label("What they may do").select_option("viewer")
    page.get_by_role("button", name="Make an invitation").tap()
    expect(page.get_by_role("heading", name=f"Pass this link on to {email}")).to_be_visible()
    assert violations(page) == []
    expect(page.get_by_role("button", name="Make an invitation")).to_be_hidden()
    link = page.locator(".people-link").inner_text()
    shared = page.get_by_role("link", name="WhatsApp").get_attribute("href")
    assert shared
    assert parse_qs(urlsplit(shared).query)["text"][0].endswith(f"\n{link}")
    page.get_by_role("link", name="Done").tap()
    expect(page.get_by_text("To be viewer, until")).to_be_visible()
    expect(page.get_by_text(link)).to_have_count(0)
    accepted = {"link": link.partition("link=")[2], "password": PASSWORD, "name": "Ravi Menon"}
    httpx.post(f"{shop.url}/api/auth/accept", json=accepted, timeout=30).raise_for_status()
    page.reload()
    ravi = page.get_by_role("listitem").filter(has_text=email)
    expect(ravi).to_contain_text("No second factor yet")
    ravi.locator("summary").tap()
    form = page.get_by_role("form", name=f"Role of {email}")
    expect(form.get_by_label("What they may do")).to_have_value("viewer")
    assert violations(page) == []
    form.get_by_label("What they may do").select_option("shipper")
    form.get_by_role("button", name="Keep this role").tap()
    expect(ravi).to_contain_text("shipper")
    ravi.locator("summary").tap()
    ravi.get_by_role("button", name="Dismiss").tap()
    sure = page.get_by_role("dialog", name="Confirm the dismissal")
    assert violations(page) == []
    sure.get_by_role("button", name="Dismiss").tap()
    expect(ravi).to_have_count(0)
    page.get_by_role("link", name="Who did what").tap()
    page.get_by_label("About").fill(email)
    page.get_by_label("What").select_option("people")
    page.get_by_role("button", name="Search").tap()
    told = page.locator(".audit-lines li")
    expect(told).to_have_count(4)
    expect(told.first).to_contain_text("An account that was shipper is customer again.")
    assert violations(page) == []


def test_who_is_no_owner_finds_no_people(shop: Shop) -> None:
    with httpx.Client(base_url=shop.url, cookies={"session": _at_work(shop, "viewer")}, timeout=30) as viewer:
        assert viewer.get("/merchant/people").status_code == 404
        assert "/merchant/people" not in viewer.get("/merchant").text
