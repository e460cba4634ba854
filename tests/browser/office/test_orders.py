"""The orders on a phone: found, packed, shipped, noted, and given back in part."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.office.people import bought


def test_an_order_is_found_by_its_buyer_and_a_line_of_it_given_back(office: Page, office_shop: Shop) -> None:
    number = bought(office_shop, "brass-diya", "neem-comb", name="Lakshmi Venkataraghavan")
    office.goto("/merchant/orders")
    expect(office.get_by_role("heading", level=1)).to_have_text("Orders")
    assert violations(office) == []
    office.get_by_label("Search orders").fill("venkataraghavan")
    office.get_by_role("button", name="Search").tap()
    rows = office.locator(".office-table tbody tr")
    expect(rows).to_have_count(1)
    rows.get_by_role("link", name=number).tap()
    expect(office.get_by_role("heading", level=1)).to_contain_text(number)
    assert violations(office) == []
    form = office.get_by_role("form", name="Refund")
    form.get_by_label("Brass diya").fill("1")
    form.get_by_label("Why, in words the buyer will read").fill("One of them had a crack.")
    form.get_by_role("button", name="Refund ₹220.00").tap()
    sure = office.get_by_role("dialog", name="Confirm the refund")
    expect(sure).to_contain_text("₹220.00 is on its way back. One of them had a crack.")
    assert violations(office) == []
    sure.get_by_role("button", name="Refund ₹220.00").tap()
    expect(office.get_by_text("Partly refunded")).to_be_visible()
    expect(office.locator(".summary-total").last).to_have_text(re.compile("Left₹518.00"))
    expect(form.get_by_label("Brass diya")).to_have_attribute("max", "1")


def test_an_order_is_shipped_arrives_and_comes_back(office: Page, office_shop: Shop) -> None:
    number = bought(office_shop, "brass-diya")
    office.goto(f"/merchant/orders?search={number}")
    office.get_by_role("link", name=number).tap()
    form = office.get_by_role("form", name="Ship")
    form.get_by_label("Brass diya").fill("1")
    form.get_by_label("Who brings it").fill("India Post")
    form.get_by_label("Tracking number").fill("EM123456789IN")
    form.get_by_role("button", name="Mark as shipped").tap()
    expect(office.get_by_text("India Post, EM123456789IN")).to_be_visible()
    expect(form.get_by_label("Brass diya")).to_have_value("1")  # which is left
    form.get_by_label("Who brings it").fill("By hand")
    form.get_by_role("button", name="Mark as shipped").tap()
    expect(form).to_have_count(0)
    assert violations(office) == []
    office.get_by_role("button", name="It arrived").first.tap()
    expect(office.get_by_text("India Post, EM123456789IN. It arrived on")).to_be_visible()
    office.get_by_text("Something came back").tap()
    back = office.get_by_role("form", name="Take back")
    back.get_by_label("Brass diya").fill("1")
    back.get_by_role("button", name="It is here again").tap()
    expect(office.get_by_text("Came back, and is on the shelf again")).to_be_visible()


def test_orders_are_chosen_packed_and_shipped_together(office: Page, office_shop: Shop) -> None:
    numbers = [bought(office_shop, "brass-diya", name="Together Kulkarni") for _ in range(2)]
    office.goto("/merchant/orders?search=kulkarni")
    expect(office.get_by_role("button", name="Ship")).to_be_hidden()
    office.get_by_label("All on this page").check()
    for number in numbers:
        expect(office.get_by_label(f"Choose {number}")).to_be_checked()
    assert violations(office) == []
    office.get_by_role("button", name="Packing slips").tap()
    slips = office.get_by_role("article")
    expect(slips).to_have_count(2)
    expect(slips.first).to_contain_text("Brass diya")
    expect(office.get_by_role("main")).not_to_contain_text("₹")
    office.emulate_media(media="print")
    for other in (office.get_by_role("navigation", name="Back office"), office.get_by_role("button", name="Print")):
        expect(other).to_be_hidden()
    office.emulate_media(media="screen")
    assert violations(office) == []
    office.go_back()
    office.get_by_label("All on this page").check()
    office.get_by_role("button", name="Address labels").tap()
    expect(office.get_by_role("article").first).to_contain_text("PIN 570001")
    assert violations(office) == []
    office.go_back()
    office.get_by_label(f"Choose {numbers[0]}").check()
    office.get_by_label(f"Choose {numbers[1]}").check()
    office.get_by_role("button", name="Ship").tap()
    expect(office.get_by_role("heading", level=1)).to_have_text("2 orders")
    assert violations(office) == []
    office.get_by_label("Who brings it").fill("India Post")
    office.get_by_role("button", name="Mark 2 orders as shipped").tap()
    expect(office.get_by_role("form", name="Ship")).to_have_count(0)
    expect(office.get_by_text("Shipped", exact=True)).to_have_count(2)


@pytest.mark.console_allows(r"status of 422.*/address\)")
def test_an_order_that_comes_is_said_on_the_list_and_noted_on_its_page(office: Page, office_shop: Shop) -> None:
    office.clock.install()
    office.goto("/merchant/orders")
    expect(office.get_by_label("Search orders")).to_be_visible()
    number = bought(office_shop, "neem-comb")
    office.clock.run_for(21_000)
    office.get_by_role("button", name="1 new order").tap()
    office.get_by_role("link", name=number).tap()
    office.get_by_label("Note, for the shop alone").fill("Wrap it as a present.")
    office.get_by_role("button", name="Note it").tap()
    expect(office.get_by_text("Note: Wrap it as a present.")).to_be_visible()
    office.get_by_text("What Razorpay said").tap()
    expect(office.get_by_text('"status": "captured"')).to_be_visible()
    office.get_by_role("link", name="Razorpay's messages about it").tap()
    expect(office.get_by_role("row").filter(has_text="payment.captured")).to_have_count(1)
    assert violations(office) == []
    office.go_back()
    office.get_by_text("Change the address").tap()
    form = office.get_by_role("form", name="Address")
    form.get_by_label("PIN code").fill("57000")
    form.get_by_role("button", name="Send it there").tap()
    expect(form.get_by_text("No post office has this PIN")).to_be_visible()
    assert violations(office) == []
    form.get_by_label("PIN code").fill("560001")
    form.get_by_label("House, street, area").fill("4, Station Road")
    form.get_by_role("button", name="Send it there").tap()
    expect(office.get_by_text("The shop changed the address that it goes to.")).to_be_visible()
    expect(office.get_by_text("Bengaluru Urban 560001")).to_be_visible()  # the town of the PIN, which nobody typed
    office.get_by_role("button", name="Send again: That it is paid").tap()
    expect(office.get_by_text("A mail to the buyer is sent once more.")).to_be_visible()


def test_nothing_chosen_gives_nothing_back(office: Page, office_shop: Shop) -> None:
    number = bought(office_shop, "neem-comb")
    office.goto(f"/merchant/orders?view=all&search={number}")
    office.get_by_role("link", name=number).tap()
    office.get_by_label("Why, in words the buyer will read").fill("By mistake.")
    office.get_by_role("form", name="Refund").get_by_role("button", name="Refund ₹0.00").tap()
    expect(office.get_by_text("Say first how much of it.")).to_be_visible()
    expect(office.get_by_role("dialog", name="Confirm the refund")).to_be_hidden()
