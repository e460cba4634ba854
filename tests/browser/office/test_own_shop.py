"""The shop itself on a phone: who its owner is, what they answer for its policies, and a complaint."""

import io
import re

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop


@pytest.mark.console_allows("422")
def test_an_owner_says_who_they_are_and_the_policies_are_below_every_page(office: Page) -> None:
    office.goto("/merchant/shop")
    assert violations(office) == []
    firm = office.get_by_role("form", name="Who sells, and where")
    firm.get_by_label("Legal name").fill("Meera Iyer")
    firm.get_by_label("House and street").fill("14 Fort Road")
    firm.get_by_label("PIN").fill("999999")
    firm.get_by_role("button", name="Save").tap()
    expect(firm.get_by_text("No post office has this PIN.")).to_be_visible()
    firm.get_by_label("PIN").fill("570001")
    firm.get_by_role("button", name="Save").tap()
    expect(office.get_by_text("Saved. It counts from now on.")).to_be_visible()
    expect(firm.get_by_label("Town")).to_have_value("Mysuru")
    expect(firm.get_by_label("State")).to_have_value("29")
    office.get_by_role("link", name="Policies").tap()
    questions = office.get_by_role("form", name="Ten questions")
    questions.get_by_label("What do you sell?").fill("cups and cloth")
    questions.get_by_label("For how many days after it arrived may it be returned?").fill("12")
    questions.get_by_role("button", name="Write the pages").tap()
    expect(office.get_by_text("The pages are written")).to_be_visible()
    assert violations(office) == []
    office.get_by_role("link", name="Shipping").tap()
    office.get_by_label("A line is a paragraph").fill("## Parcels\nEach <b>Monday</b>.")
    assert violations(office) == []
    office.get_by_role("button", name="Save").tap()
    expect(office.get_by_role("link", name="Version 2")).to_be_visible()
    office.goto("/product/brass-diya")
    office.get_by_role("link", name="Refunds and cancellation").tap()
    expect(office.get_by_text("within 12 days of its arrival")).to_be_visible()
    expect(office.get_by_text("14 Fort Road, Mysuru 570001, Karnataka")).to_be_visible()
    assert violations(office) == []
    office.get_by_role("link", name="Shipping").tap()
    expect(office.get_by_role("heading", name="Parcels")).to_be_visible()
    expect(office.get_by_text("Each <b>Monday</b>.")).to_be_visible()
    office.goto("/merchant/shop/live")
    step = office.get_by_role("listitem")
    expect(step.filter(has_text="Give Razorpay these pages")).to_contain_text("All right")
    expect(step.filter(has_text="Nobody is told of who sells: customer care's e-mail")).to_contain_text("To put right")
    assert violations(office) == []
    office.goto("/checkout?product=brass-diya")
    agreed = office.get_by_text("By paying you agree")
    expect(agreed).to_contain_text("to its terms and its rules on refunds and cancellation, and to nothing else.")
    expect(agreed.get_by_role("link", name="terms")).to_have_attribute("href", "/terms")


def test_a_complaint_gets_a_number_and_an_answer(office: Page, plain: Page, office_shop: Shop, owner: str) -> None:
    """Somebody complains whose browser runs no scripts."""
    signed = {"Authorization": f"Bearer {owner}"}
    httpx.put(f"{office_shop.url}/api/merchant/policies", json={}, headers=signed, timeout=30).raise_for_status()
    plain.goto(f"{office_shop.url}/grievance")
    complaint = plain.get_by_role("form", name="Complain")
    complaint.get_by_label("Your name").fill("Ravi")
    complaint.get_by_label("E-mail").fill("ravi@example.in")
    complaint.get_by_label("What is wrong").fill("The cups came cracked.")
    complaint.get_by_role("button", name="Send the complaint").click()
    expect(plain.get_by_text("Your complaint has reached us.")).to_be_visible()
    number = plain.locator(".policy strong").inner_text()
    office.goto("/merchant/needs")
    card = office.get_by_role("article").filter(has_text=number)
    expect(card).to_contain_text("answer it by")
    assert violations(office) == []
    card.get_by_role("link", name="Read and answer it").tap()
    complained = office.get_by_role("article", name=number)
    expect(complained).to_contain_text("The cups came cracked.")
    assert violations(office) == []
    complained.get_by_label("Your answer").fill("We send six others today.")
    complained.get_by_role("button", name="Answer").tap()
    expect(complained).to_contain_text("Your answer: We send six others today.")


def test_a_sign_is_sent_from_a_phone_and_taken_back(office: Page) -> None:
    told = io.BytesIO()
    Image.new("RGBA", (300, 200), (20, 20, 60, 255)).save(told, "PNG")
    office.goto("/merchant/shop")
    shown = office.get_by_role("img", name="The sign of the shop")
    expect(shown).to_have_attribute("src", re.compile(r"^/brand/mark\.svg"))
    office.get_by_label("Choose a picture").set_input_files(
        {"name": "sign.png", "mimeType": "image/png", "buffer": told.getvalue()}
    )
    expect(shown).to_have_attribute("src", re.compile(r"^/pictures/\w+-256\.webp$"))
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 256
    assert violations(office) == []
    office.get_by_role("button", name="Back to the usual sign").tap()
    expect(shown).to_have_attribute("src", re.compile(r"^/brand/mark\.svg"))
