"""Pages say what is so: what the seller promises, what was bought, and where the money is."""

import json

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.browser.steps import buy, buy_at_once, come_as_guest, continue_as_guest, new_address
from tests.support.waiting import until


def _refund(shop: Shop, payment_id: str, amount: int) -> None:
    """Send a part of a payment back, as the shopkeeper does in Razorpay's dashboard."""
    kept = json.loads((shop.database.parent / "secrets.json").read_text())
    key = (kept["razorpay_key_id"], kept["razorpay_key_secret"])
    url = f"{shop.url}/sandbox/v1/payments/{payment_id}/refund"
    httpx.post(url, json={"amount": amount}, auth=key, timeout=30).raise_for_status()


def test_the_shelf_is_priced_like_tags_and_says_how_many_are_left_when_they_are_few(page: Page) -> None:
    page.goto("/")
    shelf = page.get_by_role("main").get_by_role("listitem")
    for name, tag in (("Kulhad cups", "₹480"), ("Jute market tote", "₹349.50"), ("Carved rosewood jhoola", "3 left")):
        expect(shelf.filter(has_text=name).get_by_text(tag, exact=True)).to_be_visible()
    expect(shelf.filter(has_text="Kulhad cups").get_by_text("left")).to_have_count(0)


def test_what_the_seller_promises_is_said_from_the_next_look_on(page: Page, shop: Shop) -> None:
    [before] = shop.execute("SELECT shipping_promise, returns_promise, tax_scheme FROM sellers")
    said = "UPDATE sellers SET shipping_promise = ?, returns_promise = ?, tax_scheme = ?"
    main = page.get_by_role("main")
    try:
        shop.execute(said, "Sent on Mondays.", "", "regular")
        page.goto("/product/sandalwood-soap")
        expect(main.get_by_text("Sent on Mondays.")).to_be_visible()
        expect(main.get_by_text("incl. GST")).to_be_visible()
        shop.execute(said, "", "Back within a week.", "unregistered")
        page.reload()
        expect(main.get_by_text("Back within a week.")).to_be_visible()
        expect(main.get_by_text("Sent on Mondays.")).to_have_count(0)
        expect(main.get_by_text("incl. GST")).to_have_count(0)
    finally:
        shop.execute(said, *before)


def test_who_comes_back_to_what_they_just_bought_is_told_so_and_finds_the_receipt(page: Page, shop: Shop) -> None:
    come_as_guest(page, shop)
    receipt = buy_at_once(page, shop)
    buy(page)
    page.get_by_role("main").get_by_role("link", name="Its receipt").click()
    page.wait_for_url(shop.url + receipt)


def test_a_checkout_of_nothing_says_that_the_cart_is_empty(page: Page) -> None:
    page.goto("/checkout")
    continue_as_guest(page, new_address())
    expect(page.get_by_role("heading", name="There is nothing in your cart")).to_be_visible()


def test_a_receipt_of_which_a_part_went_back_says_so_and_adds_up(page: Page, shop: Shop) -> None:
    come_as_guest(page, shop)
    receipt = buy_at_once(page, shop)
    order_id = receipt.rpartition("/")[2]
    [(payment_id,)] = shop.execute("SELECT id FROM payments WHERE order_id = ?", order_id)
    _refund(shop, payment_id, 10000)
    until(lambda: shop.execute("SELECT id FROM refunds WHERE order_id = ?", order_id), "the webhook to be handled")
    page.goto(receipt)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Part of your money")
    expect(page.get_by_role("main")).to_contain_text("₹100.00 of ₹480.00")
    expect(page.get_by_role("row", name="Paid in the end")).to_contain_text("₹380.00")
