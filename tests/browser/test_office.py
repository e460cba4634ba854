"""The back office on a phone: who gets in, finding an order, and giving part of it back."""

import io
import re
from hashlib import sha256
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, Playwright, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import new_address
from tests.support import factors
from tests.support.processes import operate
from tests.support.zones import ADDRESS

PASSWORD = "kulhad-chai-third"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    return {**browser_context_args, **playwright.devices["Pixel 7"]}


def _joined(shop: Shop, role: str = "owner") -> str:
    """Return the token of one of the people of the shop, who has no second factor yet."""
    own = {"ENVIRONMENT": "development", "DATA_DIR": str(shop.database.parent), "PORT": shop.url.rpartition(":")[2]}
    email = new_address()
    invited = operate(own, "appoint", email, "--role", role).stdout
    accepted = {"link": invited.split("link=")[-1].strip(), "password": PASSWORD, "name": "Meera Iyer"}
    httpx.post(f"{shop.url}/api/auth/accept", json=accepted, timeout=30).raise_for_status()
    account = {"email": email, "password": PASSWORD}
    token: str = httpx.post(f"{shop.url}/api/auth/login", json=account, timeout=30).json()["access_token"]
    return token


def _at_work(shop: Shop, role: str = "owner") -> str:
    """Return the token of one of them who has just set their second factor up."""
    token = _joined(shop, role)
    with httpx.Client(base_url=f"{shop.url}/api", headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        factors.set_up(client)
    return token


def _bought(shop: Shop, *slugs: str, name: str = "Asha Rao") -> str:
    """Buy two of each as a guest who had them sent to Mysuru, and return the order's number."""
    guest = httpx.post(f"{shop.url}/api/auth/guest", json={"email": new_address(), "name": name}, timeout=30).json()
    headers = {"Authorization": f"Bearer {guest['access_token']}", "Idempotency-Key": new_address()}
    with httpx.Client(base_url=shop.url, headers=headers, timeout=60) as client:
        known = {
            each["slug"]: each["id"] for each in client.get("/api/products", params={"limit": 100}).json()["items"]
        }
        items = [{"product_id": known[slug], "quantity": 2} for slug in slugs]
        order = client.post("/api/checkout/order", json={"items": items, "address": ADDRESS}).raise_for_status().json()
        paid = client.post("/sandbox/_test/pay", json={"order_id": order["razorpay_order_id"]}).json()
        client.post("/api/checkout/payment", json=paid).raise_for_status()
        number: str = client.get(f"/api/orders/{order['order_id']}").json()["number"]
    return number


@pytest.fixture(scope="module")
def owner(shop: Shop) -> str:
    return _at_work(shop)


@pytest.fixture
def office(context: BrowserContext, shop: Shop, owner: str) -> Page:
    context.add_cookies([{"name": "session", "value": owner, "url": shop.url, "httpOnly": True, "sameSite": "Lax"}])
    return context.new_page()


def test_an_order_is_found_by_its_buyer_and_a_line_of_it_given_back(office: Page, shop: Shop) -> None:
    number = _bought(shop, "brass-diya", "neem-comb", name="Lakshmi Venkataraghavan")
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


def test_an_order_is_shipped_arrives_and_comes_back(office: Page, shop: Shop) -> None:
    number = _bought(shop, "brass-diya")
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


def test_orders_are_chosen_packed_and_shipped_together(office: Page, shop: Shop) -> None:
    numbers = [_bought(shop, "brass-diya", name="Together Kulkarni") for _ in range(2)]
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
def test_an_order_that_comes_is_said_on_the_list_and_noted_on_its_page(office: Page, shop: Shop) -> None:
    office.clock.install()
    office.goto("/merchant/orders")
    expect(office.get_by_label("Search orders")).to_be_visible()
    number = _bought(shop, "neem-comb")
    office.clock.run_for(21_000)
    office.get_by_role("button", name="1 new order").tap()
    office.get_by_role("link", name=number).tap()
    office.get_by_label("Note, for the shop alone").fill("Wrap it as a present.")
    office.get_by_role("button", name="Note it").tap()
    expect(office.get_by_text("Note: Wrap it as a present.")).to_be_visible()
    office.get_by_text("What Razorpay said").tap()
    expect(office.get_by_text('"status": "captured"')).to_be_visible()
    office.get_by_text("Change the address").tap()
    form = office.get_by_role("form", name="Address")
    form.get_by_label("PIN code").fill("600001")
    form.get_by_role("button", name="Send it there").tap()
    expect(form.get_by_text("600001 is in Tamil Nadu.")).to_be_visible()
    assert violations(office) == []
    form.get_by_label("PIN code").fill("570020")
    form.get_by_label("House, street, area").fill("4, Station Road")
    form.get_by_role("button", name="Send it there").tap()
    expect(office.get_by_text("The shop changed the address that it goes to.")).to_be_visible()
    office.get_by_role("button", name="Send again: That it is paid").tap()
    expect(office.get_by_text("A mail to the buyer is sent once more.")).to_be_visible()


def test_nothing_chosen_gives_nothing_back(office: Page, shop: Shop) -> None:
    number = _bought(shop, "neem-comb")
    office.goto(f"/merchant/orders?view=all&search={number}")
    office.get_by_role("link", name=number).tap()
    office.get_by_label("Why, in words the buyer will read").fill("By mistake.")
    office.get_by_role("form", name="Refund").get_by_role("button", name="Refund ₹0.00").tap()
    expect(office.get_by_text("Say first how much of it.")).to_be_visible()
    expect(office.get_by_role("dialog", name="Confirm the refund")).to_be_hidden()


class _Hand:
    """A hand at a phone, which counts what it does: a field is typed into once it was tapped."""

    def __init__(self) -> None:
        self.taps = self.typed = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def type(self, field: Locator, text: str) -> None:
        self.tap(field)
        field.press_sequentially(text)
        self.typed += 1

    def photograph(self, page: Page, button: Locator) -> None:
        """Take a photograph: a tap for the camera, one for the picture, and one to keep it."""
        told = io.BytesIO()
        Image.effect_noise((1_200, 1_600), 60).convert("RGB").save(told, "JPEG", quality=97)
        with page.expect_file_chooser() as camera:
            self.tap(button)
        self.taps += 2
        camera.value.set_files({"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": told.getvalue()})
        shown = page.locator(".pictures img").get_attribute("src") or ""
        assert sha256(told.getvalue()).hexdigest() not in shown  # it was made lighter before it was sent


def test_a_product_is_photographed_and_on_sale_in_twelve_taps_and_four_fields(office: Page) -> None:
    office.goto("/merchant/products")
    hand = _Hand()
    hand.tap(office.get_by_role("link", name="New product"))
    expect(office.get_by_role("heading", level=1)).to_have_text("A new product")
    assert violations(office) == []
    form = office.get_by_role("form", name="Product")
    hand.photograph(office, form.get_by_text("Take a photograph"))
    hand.type(form.get_by_label("What it shows"), "A bowl on a window sill.")
    hand.type(form.get_by_label("Name", exact=True), "Bell of Bastar")
    hand.type(form.get_by_label("Price, with tax"), "1850")
    hand.type(form.get_by_label("How many there are"), "4")
    hand.tap(form.get_by_role("button", name="Home"))
    hand.tap(form.get_by_role("button", name="Put it on sale"))
    expect(office.get_by_role("heading", level=1)).to_have_text("Bell of Bastar")
    assert violations(office) == []
    hand.tap(office.get_by_role("link", name="See as buyer"))
    picture = office.get_by_role("img", name="A bowl on a window sill.")
    expect(picture).to_be_visible()
    assert picture.evaluate("async img => (await img.decode(), img.naturalWidth)") >= 320
    expect(office.get_by_text("4 left")).to_be_visible()
    assert (hand.taps <= 12, hand.typed <= 4) == (True, True), (hand.taps, hand.typed)
    assert violations(office) == []
    office.goto("/category/home")
    expect(office.get_by_role("img", name="A bowl on a window sill.")).to_be_visible()


def test_what_buyers_download_is_sent_from_its_page(office: Page) -> None:
    office.goto("/merchant/products?search=Recipe")
    office.get_by_role("link", name="Recipe book").tap()
    expect(office.get_by_text("Twelve Dals.pdf, ")).to_be_visible()
    with office.expect_file_chooser() as chooser:
        office.get_by_text("Choose a file").tap()
    chooser.value.set_files({"name": "thirteen.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4" * 99})
    expect(office.get_by_text("thirteen.pdf, 1 KB")).to_be_visible()
    assert violations(office) == []


def test_a_form_of_before_undoes_nothing_that_changed_meanwhile(office: Page, owner: str) -> None:
    office.goto("/merchant/products?search=sandalwood")
    office.get_by_role("link", name="Sandalwood soap").tap()
    form = office.get_by_role("form", name="Product")
    form.get_by_text("More about it").tap()
    form.get_by_label("In a sentence").fill("Cut by hand, and cured for six weeks.")
    at = office.url.replace("/merchant/", "/api/merchant/")
    headers = {"Authorization": f"Bearer {owner}"}
    httpx.patch(at, json={"amount": 21_000, "tax_rate": 1_800}, headers=headers, timeout=30).raise_for_status()
    form.get_by_role("button", name="Save").tap()
    expect(office.get_by_text("was changed: summary.")).to_be_visible()
    told = httpx.get(at, headers=headers, timeout=30).json()
    assert (told["amount"], told["tax_rate"], told["summary"][:3]) == (21_000, 1_800, "Cut")


@pytest.mark.console_allows("422")
def test_price_and_stock_are_changed_where_they_stand_and_say_so(office: Page, shop: Shop) -> None:
    office.goto("/merchant/products?search=neem")
    expect(office.locator(".office-table tbody tr")).to_have_count(1)
    assert violations(office) == []
    price, stock = office.get_by_label("Price of Neem comb").last, office.get_by_label("Stock of Neem comb").last
    price.fill("₹1,59")
    stock.focus()  # which leaves the price
    expect(office.get_by_role("form", name="Price of Neem comb").get_by_role("status")).to_have_text("Saved")
    there = int(stock.input_value())
    for more in (1, 2):  # the second time from what the first one left
        stock.fill(str(there + more))
        stock.press("Enter")
        expect(office.get_by_role("form", name="Stock of Neem comb").get_by_role("status")).to_have_text("Saved")
    [sold] = httpx.get(f"{shop.url}/api/products", params={"q": "neem comb"}, timeout=30).json()["items"]
    assert (sold["amount"], sold["available"]) == (15_900, there + 2)
    price.fill("dear")
    price.press("Enter")
    expect(office.get_by_text("Write a price such as 1,299.50.")).to_be_visible()


def test_a_product_comes_in_colours_each_with_its_price_and_one_is_left_out(office: Page, shop: Shop) -> None:
    [sold] = httpx.get(f"{shop.url}/api/products", params={"q": "jute"}, timeout=30).json()["items"]
    office.goto(f"/merchant/products/{sold['id']}")
    office.get_by_text("Let it come in sizes or colours").tap()
    office.get_by_label("They differ in").first.fill("Print")
    office.get_by_label("Values, with commas").first.fill("Leaf, Fish, Plain")
    office.get_by_role("button", name="Make these").tap()
    price = office.get_by_label("Price of Fish").last
    price.fill("399")
    price.press("Enter")
    expect(office.get_by_role("form", name="Price of Fish").get_by_role("status")).to_have_text("Saved")
    assert violations(office) == []
    office.get_by_role("button", name="Hide Plain").tap()
    expect(office.get_by_role("form", name="Price of Plain")).to_have_count(0)
    told = httpx.get(f"{shop.url}/api/products/{sold['id']}", timeout=30).json()
    assert [(*each["values"], each["amount"], each["available"]) for each in told["variants"]] == [
        ("Leaf", sold["amount"], sold["available"]),
        ("Fish", 39_900, 0),
    ]
    expect(office.get_by_text("From now on Jute market tote comes as 2 variants, by Print.")).to_be_visible()


def test_strangers_sign_in_first_and_buyers_find_nothing(page: Page, shop: Shop) -> None:
    page.goto("/merchant/orders?view=all")
    page.wait_for_url("**/login?next=%2Fmerchant%2Forders%3Fview%3Dall")
    guest = httpx.post(f"{shop.url}/api/auth/guest", json={"email": new_address(), "name": "Ravi"}, timeout=30).json()
    cookies = {"session": guest["access_token"]}
    assert httpx.get(f"{shop.url}/merchant/orders", cookies=cookies, timeout=30).status_code == 404
    led = httpx.get(f"{shop.url}/merchant/orders", cookies={"session": _joined(shop)}, timeout=30)
    assert (led.status_code, led.headers["location"]) == (303, "/second-factor?next=%2Fmerchant%2Forders")


def test_who_only_looks_is_offered_no_refund(shop: Shop, browser: Browser) -> None:
    number, viewer = _bought(shop, "neem-comb"), _at_work(shop, "viewer")
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


def _table(*rows: str) -> FilePayload:
    """Make a file of products that are hidden."""
    return {
        "name": "own.csv",
        "mimeType": "text/csv",
        "buffer": "\n".join(("Name;Category;Price;On sale", *rows)).encode(),
    }


def test_products_come_in_as_a_table_that_is_looked_at_first(office: Page) -> None:
    office.goto("/merchant/products")
    office.get_by_role("link", name="As a table").tap()
    expect(office.get_by_role("heading", level=1)).to_have_text("Products as a table")
    with office.expect_download() as out:
        office.get_by_role("link", name="products.csv").tap()
    assert out.value.suggested_filename == "products.csv"
    office.get_by_label("Choose a file").set_input_files(_table("Wick;Light;₹ 49/-;no", "Taper;Light;free;no"))
    expect(office.get_by_role("main").get_by_role("status")).to_contain_text("One thing is wrong")
    expect(office.get_by_text("Row 3, price: Write a price such as 1,299.50.")).to_be_visible()
    assert violations(office) == []
    office.get_by_label("Choose another file").set_input_files(_table("Wick;Light;₹ 49/-;no", "Taper;Light;59;no"))
    expect(office.get_by_text("Taper is new")).to_be_visible()
    assert violations(office) == []
    office.get_by_role("button", name="Add 2 products").tap()
    expect(office.get_by_role("main").get_by_role("status")).to_have_text("Done: 0 products changed, 2 added.")
    office.get_by_role("link", name="To the products").tap()
    expect(office.get_by_role("link", name="Taper")).to_be_visible()
