"""On what terms the shop sells, said on a phone: a coupon, and a zone with what a parcel there costs."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations


@pytest.mark.console_allows("409 .*/api/merchant/coupons")
def test_a_coupon_is_made_and_ended(office: Page) -> None:
    office.goto("/merchant/coupons")
    form = office.get_by_role("form", name="Make a coupon")
    form.get_by_label("Its code").fill("namaste10")
    form.get_by_label("How much").fill("12.5")
    form.get_by_label("Goods for at least").fill("₹1,299.50")
    form.get_by_label("Its last day").fill("2037-12-31")
    form.get_by_role("button", name="Make the coupon").tap()
    expect(form.get_by_role("alert").get_by_text("There is a coupon of this code already")).to_be_visible()
    form.get_by_label("Its code").fill("diwali-37")
    form.get_by_role("button", name="Make the coupon").tap()
    made = office.get_by_role("listitem").filter(has_text="DIWALI-37")
    expect(made).to_contain_text("12.5 % off")
    expect(made).to_contain_text("From ₹1,299.50 on")
    expect(made).to_contain_text("until 31 Dec 2037, 11:59 pm")
    assert violations(office) == []
    made.get_by_role("button", name="End it").tap()
    office.get_by_role("dialog", name="Confirm that the coupon ends").get_by_role("button", name="End it").tap()
    expect(made.get_by_text("Over")).to_be_visible()
    expect(made.get_by_role("button", name="End it")).to_have_count(0)


@pytest.mark.console_allows("422 .*/api/merchant/zones")
def test_a_zone_is_made_tried_and_removed(office: Page) -> None:
    office.goto("/merchant/delivery")
    office.get_by_role("link", name="Add a zone").tap()
    form = office.get_by_role("form", name="Zone")
    form.get_by_label("What people call it").fill("The mountains")
    form.get_by_role("button", name="Save the zone").tap()
    expect(form.get_by_text("From 1 to 12 rates: what is charged, and up to where.")).to_be_visible()
    form.get_by_text("Its States").tap()
    form.get_by_label("Sikkim").tap()
    form.get_by_label("How its PINs begin").fill("194, 1720")
    form.get_by_label("Up to, in grams").first.fill("500")
    form.get_by_label("Costs, in rupees").first.fill("60")
    form.get_by_label("Costs, in rupees").nth(1).fill("90.50")
    assert violations(office) == []
    form.get_by_role("button", name="Save the zone").tap()
    expect(office.get_by_text("Sikkim, PINs 1720…, PINs 194…")).to_be_visible()
    expect(office.get_by_text("Up to 500 g ₹60, ₹90.50")).to_be_visible()
    bench = office.get_by_role("form", name="What would it cost?")
    bench.get_by_label("PIN", exact=True).fill("194101")
    bench.get_by_label("Weight in grams").fill("750")
    bench.get_by_role("button", name="Say it").tap()
    expect(office.get_by_text("₹90.50", exact=True)).to_be_visible()
    expect(office.get_by_text("is in the zone The mountains, by PINs that begin with 194.")).to_be_visible()
    assert violations(office) == []
    office.get_by_role("link", name="The mountains").tap()
    expect(form.get_by_label("Sikkim")).to_be_checked()
    office.get_by_role("button", name="Remove this zone").tap()
    sure = office.get_by_role("dialog", name="Confirm that the zone is removed")
    sure.get_by_role("button", name="Remove it").tap()
    expect(office.get_by_text("There are no zones")).to_be_visible()
