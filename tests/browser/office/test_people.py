"""The people of the shop on a phone: somebody is invited by a link that is shown once, changed, dismissed."""

from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.office.people import PASSWORD, at_work
from tests.browser.steps import new_address


def test_somebody_is_invited_changed_and_dismissed(office: Page, office_shop: Shop) -> None:
    email = new_address()
    office.goto("/merchant")
    office.get_by_role("link", name="People").tap()
    expect(office.get_by_role("heading", level=1)).to_have_text("People")
    assert violations(office) == []
    office.get_by_label("Their e-mail").fill(email)
    office.get_by_role("form", name="Invite somebody").get_by_label("What they may do").select_option("viewer")
    office.get_by_role("button", name="Make an invitation").tap()
    expect(office.get_by_role("heading", name=f"Pass this link on to {email}")).to_be_visible()
    assert violations(office) == []
    expect(office.get_by_role("button", name="Make an invitation")).to_be_hidden()
    link = office.locator(".people-link").inner_text()
    shared = office.get_by_role("link", name="WhatsApp").get_attribute("href")
    assert shared
    assert parse_qs(urlsplit(shared).query)["text"][0].endswith(f"\n{link}")
    office.get_by_role("link", name="Done").tap()
    expect(office.get_by_text("To be viewer, until")).to_be_visible()
    expect(office.get_by_text(link)).to_have_count(0)
    accepted = {"link": link.partition("link=")[2], "password": PASSWORD, "name": "Ravi Menon"}
    httpx.post(f"{office_shop.url}/api/auth/accept", json=accepted, timeout=30).raise_for_status()
    office.reload()
    ravi = office.get_by_role("listitem").filter(has_text=email)
    expect(ravi).to_contain_text("No second factor yet")
    ravi.locator("summary").tap()
    form = office.get_by_role("form", name=f"Role of {email}")
    expect(form.get_by_label("What they may do")).to_have_value("viewer")
    assert violations(office) == []
    form.get_by_label("What they may do").select_option("shipper")
    form.get_by_role("button", name="Keep this role").tap()
    expect(ravi).to_contain_text("shipper")
    ravi.locator("summary").tap()
    ravi.get_by_role("button", name="Dismiss").tap()
    sure = office.get_by_role("dialog", name="Confirm the dismissal")
    assert violations(office) == []
    sure.get_by_role("button", name="Dismiss").tap()
    expect(ravi).to_have_count(0)
    office.get_by_role("link", name="Who did what").tap()
    office.get_by_label("About").fill(email)
    office.get_by_label("What").select_option("people")
    office.get_by_role("button", name="Search").tap()
    told = office.locator(".audit-lines li")
    expect(told).to_have_count(4)
    expect(told.first).to_contain_text("An account that was shipper is customer again.")
    assert violations(office) == []


def test_who_is_no_owner_finds_no_people(office_shop: Shop) -> None:
    with httpx.Client(
        base_url=office_shop.url, cookies={"session": at_work(office_shop, "viewer")}, timeout=30
    ) as viewer:
        assert viewer.get("/merchant/people").status_code == 404
        assert "/merchant/people" not in viewer.get("/merchant").text
