"""Who gets into the back office, what those who only look are offered, and that nobody else loads any of it."""

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop
from tests.browser.office.people import at_work, bought, joined
from tests.browser.steps import new_address


def test_strangers_sign_in_first_and_buyers_find_nothing(page: Page, shop: Shop) -> None:
    page.goto("/merchant/orders?view=all")
    page.wait_for_url("**/login?next=%2Fmerchant%2Forders%3Fview%3Dall")
    guest = httpx.post(f"{shop.url}/api/auth/guest", json={"email": new_address(), "name": "Ravi"}, timeout=30).json()
    cookies = {"session": guest["access_token"]}
    assert httpx.get(f"{shop.url}/merchant/orders", cookies=cookies, timeout=30).status_code == 404
    led = httpx.get(f"{shop.url}/merchant/orders", cookies={"session": joined(shop)}, timeout=30)
    assert (led.status_code, led.headers["location"]) == (303, "/second-factor?next=%2Fmerchant%2Forders")


def test_who_only_looks_is_offered_no_refund(shop: Shop, browser: Browser) -> None:
    number, viewer = bought(shop, "neem-comb"), at_work(shop, "viewer")
    context = browser.new_context(base_url=shop.url)
    context.add_cookies([{"name": "session", "value": viewer, "url": shop.url}])
    page = context.new_page()
    page.goto(f"/merchant/orders?view=all&search={number}")
    page.get_by_label(f"Choose {number}").check()
    expect(page.get_by_role("button", name="Address labels")).to_be_visible()
    expect(page.get_by_role("button", name="Ship")).to_have_count(0)
    page.get_by_role("link", name=number).click()
    expect(page.get_by_role("heading", name="Buyer", exact=True)).to_be_visible()
    expect(page.get_by_role("form", name="Refund")).to_have_count(0)
    context.close()


def test_no_page_of_the_shop_loads_anything_of_the_back_office(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "merchant" in url or "office" in url] == []


def test_what_is_typed_and_pressed_before_the_scripts_have_come_is_sent_and_is_in_no_address(
    office: Page, office_shop: Shop
) -> None:
    number = bought(office_shop, "neem-comb")
    office.goto(f"/merchant/orders?view=all&search={number}")
    path = office.get_by_role("link", name=number).get_attribute("href") or ""
    office.route("**/assets/*.js", lambda _: None)  # they are on their way
    office.goto(path, wait_until="commit")
    note = office.get_by_role("textbox", name="Note, for the shop alone")
    note.fill("Wrap it twice.")
    office.get_by_role("button", name="Note it").tap()
    expect(office).to_have_url(f"{office_shop.url}{path}")
    office.unroute("**/assets/*.js")
    expect(office.get_by_text("Note: Wrap it twice.")).to_be_visible()
    expect(office).to_have_url(f"{office_shop.url}{path}")
