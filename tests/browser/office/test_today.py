"""The back office on a phone, as its owner begins the day: what was sold, and the orders that a figure is of."""

from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.office.people import bought


def test_a_figure_leads_to_its_orders(office: Page, office_shop: Shop) -> None:
    number = bought(office_shop, "neem-comb")
    office.goto("/merchant")
    expect(office.get_by_role("heading", level=1)).to_contain_text("today, ")
    assert violations(office) == []
    office.get_by_text("Day by day").tap()
    rows = office.locator(".today-days tbody tr")
    expect(rows).to_have_count(30)
    assert violations(office) == []
    sales = office.get_by_role("listitem").filter(has_text="Sales")
    expect(sales.get_by_role("link")).to_have_text(rows.first.locator("td").nth(1).inner_text())
    sales.get_by_role("link").tap()
    expect(office.get_by_role("link", name=number)).to_be_visible()
    expect(office.get_by_role("link", name="Paid", exact=True)).to_have_attribute("aria-current", "page")
    assert violations(office) == []
    office.get_by_role("link", name="Any day").tap()
    expect(office.get_by_role("link", name="Any day")).to_have_count(0)
