"""The categories on a phone: one is moved, called something else, and made one with another."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations


@pytest.mark.console_allows("422 .*/api/merchant/categories", "404 .*/category/pantry")
def test_categories_are_put_in_an_order_and_called_something_else(office: Page) -> None:
    office.goto("/merchant/products")
    office.get_by_role("link", name="Categories").tap()
    rows = office.get_by_role("main").get_by_role("listitem")
    expect(rows.first).to_contain_text("Table")
    expect(rows.first.get_by_role("button", name="Up")).to_be_disabled()
    expect(rows.last.get_by_role("button", name="Down")).to_be_disabled()
    second = rows.nth(1).get_by_role("link").inner_text()
    rows.nth(1).get_by_role("button", name="Up").tap()
    expect(rows.first).to_contain_text(second)
    rows.first.get_by_role("button", name="Down").tap()
    expect(rows.first).to_contain_text("Table")
    rows.nth(1).get_by_role("button", name="Up").tap()
    expect(rows.first).to_contain_text(second)

    pantry = rows.filter(has_text="Pantry")
    pantry.get_by_text("Rename Pantry").tap()
    form = office.get_by_role("form", name="Rename Pantry")
    form.get_by_label("What it is called").fill("cloth")
    form.get_by_role("button", name="Rename").tap()
    expect(form.get_by_text("There is a category Cloth already.")).to_be_visible()
    assert violations(office) == []
    form.get_by_label("the two become one for good").check()
    form.get_by_role("button", name="Rename").tap()
    expect(pantry).to_have_count(0)

    office.goto("/category/pantry")
    expect(office.get_by_role("heading", name="There is nothing here")).to_be_visible()
    office.get_by_role("main").get_by_role("link").first.tap()
    shown = office.get_by_role("navigation", name="Categories").get_by_role("link")
    expect(shown).to_contain_text(["Everything", second, "Table"])
    expect(shown.filter(has_text="Pantry")).to_have_count(0)
