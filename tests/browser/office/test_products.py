"""Products on a phone: photographed and on sale, changed where they stand, in several variants."""

import io
from hashlib import sha256

import httpx
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop


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
def test_price_and_stock_are_changed_where_they_stand_and_say_so(office: Page, office_shop: Shop) -> None:
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
    [sold] = httpx.get(f"{office_shop.url}/api/products", params={"q": "neem comb"}, timeout=30).json()["items"]
    assert (sold["amount"], sold["available"]) == (15_900, there + 2)
    price.fill("dear")
    price.press("Enter")
    expect(office.get_by_text("Write a price such as 1,299.50.")).to_be_visible()


def test_a_product_comes_in_colours_each_with_its_price_and_one_is_left_out(office: Page, office_shop: Shop) -> None:
    [sold] = httpx.get(f"{office_shop.url}/api/products", params={"q": "jute"}, timeout=30).json()["items"]
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
    told = httpx.get(f"{office_shop.url}/api/products/{sold['id']}", timeout=30).json()
    assert [(*each["values"], each["amount"], each["available"]) for each in told["variants"]] == [
        ("Leaf", sold["amount"], sold["available"]),
        ("Fish", 39_900, 0),
    ]
    expect(office.get_by_text("From now on Jute market tote comes as 2 variants, by Print.")).to_be_visible()


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
