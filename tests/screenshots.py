"""Take pictures of the shop: `make screenshots`.

Those of the README go where it has them, and those of every page into `.cache/screenshots`, to be looked at: on a phone
and on a desktop, in the light and in the dark.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import Browser, Page, expect, sync_playwright

from checkout_app.demo.load import COUPON
from tests.browser.axe import SCHEMES, show_in
from tests.browser.conftest import Shop, open_shop
from tests.browser.steps import (
    CUPS,
    buy,
    choose,
    continue_as_guest,
    expect_paid,
    give_address,
    new_address,
    pay_by_card,
    press_pay,
)
from tests.browser.zones import sending_as_the_demo
from tests.browser_launch import ensure_browser, launch_options
from tests.support.processes import ROOT, free_port
from tests.support.zones import ADDRESS

OF_README: Final = ROOT / "docs" / "images"
OF_PAGES: Final = ROOT / ".cache" / "screenshots"
SIZES: Final = {"phone": (390, 844), "desktop": (1440, 900)}
BLANKET, BOOK = "handloom-cotton-throw", "recipe-book-twelve-dals-pdf"
OPEN: Final = {
    "home": "/",
    "category": "/category/table",
    "product": f"/product/{CUPS}",
    "product-sold-out": "/product/blue-pottery-plate",
    "cart-empty": "/cart",
    "continue": "/continue",
    "login": "/login",
    "forgot": "/forgot",
    "sent": "/sent",
    "code": "/code",
    "reset": "/reset",
    "verify": "/verify",
    "accept": "/accept",
    "begin": "/begin",
    "not-found": "/no-such-page",
}
"""What anybody can open, as it is for a stranger."""
SETTLED: Final = """async () => {
    await document.fonts.ready;
    const ends = (animation) => animation.effect.getComputedTiming().endTime < Infinity;
    await Promise.allSettled(document.getAnimations().filter(ends).map((animation) => animation.finished));
    await Promise.all([...document.images].filter((image) => image.loading !== "lazy").map((image) => image.decode()));
}"""


def main() -> None:
    """Open a shop, and walk through it."""
    ensure_browser()
    with (
        TemporaryDirectory() as data,
        open_shop(Path(data), free_port()) as shop,
        sending_as_the_demo(shop),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_options())
        _for_the_readme(_page(browser, shop))
        _by_strangers(_page(browser, shop))
        _by_a_guest(_page(browser, shop))
        _by_a_customer(_page(browser, shop), shop)
        _by_the_owner(_page(browser, shop), shop)
        browser.close()
    print(f"Pictures of every page are in {OF_PAGES.relative_to(ROOT)}.")


def _page(browser: Browser, shop: Shop) -> Page:
    return browser.new_page(base_url=shop.url, viewport={"width": 1280, "height": 860}, reduced_motion="reduce")


def _keep(page: Page, name: str) -> None:
    """Keep what is seen of a page as a picture of the README."""
    page.evaluate(SETTLED)
    page.screenshot(path=OF_README / f"{name}.png")


def _for_the_readme(page: Page) -> None:
    """Walk from the shelf to the receipt."""
    page.goto("/")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    _keep(page, "shop")
    buy(page, BLANKET)
    continue_as_guest(page, "asha.rao@example.in")
    give_address(page)
    sheet = press_pay(page)
    choose(sheet, "Card")
    expect(sheet.get_by_test_id("pay-button")).to_be_visible()
    _keep(page, "payment")
    pay_by_card(sheet)
    expect_paid(page)
    _keep(page, "receipt")


def _by_strangers(page: Page) -> None:
    for name, path in OPEN.items():
        page.goto(path)
        expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
        _take(page, name)


def _by_a_guest(page: Page) -> None:
    """Come to the checkout with nothing but an e-mail address, and forget the address there."""
    buy(page)
    continue_as_guest(page, new_address())
    expect(page.get_by_role("button", name="Pay")).to_be_visible()
    _take(page, "checkout-guest")
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_text("The address is not complete")).to_be_visible()
    _take(page, "checkout-incomplete")
    page.goto("/orders")
    expect(page.get_by_text("No orders yet")).to_be_visible()
    _take(page, "orders-none")


def _by_a_customer(page: Page, shop: Shop) -> None:
    """Fill a cart, pay for it, ask for something, and want it again; cancel another order."""

    def post(path: str, **what: Any) -> Any:
        answer = page.request.post(path, headers={"origin": shop.url, "idempotency-key": new_address()}, **what)
        assert answer.ok, answer.text()
        return answer

    account = {"form": "register", "email": "meera.iyer@example.in", "password": "a-long-enough-word"}
    post("/api/auth/enter", form={**account, "name": "Meera Iyer"})
    for line1 in ("4, Temple Street", "12, Sayyaji Rao Road"):
        post("/api/addresses", data={**ADDRESS, "name": "Meera Iyer", "line1": line1})
    for product, quantity in ((CUPS, 2), ("neem-comb", 1), (BOOK, 1)):
        post("/api/cart/lines", data={"product_id": product, "quantity": quantity})
    page.goto("/cart")
    _take(page, "cart-filled")
    page.get_by_role("link", name="Checkout").click()
    page.get_by_text("Have a coupon?").click()
    page.get_by_label("Code", exact=True).fill(COUPON)
    page.get_by_label("Code", exact=True).press("Enter")
    expect(page.get_by_text(f"Coupon {COUPON}").filter(visible=True).first).to_be_visible()
    _take(page, "checkout")
    _pay(page)
    _take(page, "order-paid")
    page.get_by_text("Ask to cancel", exact=True).click()
    page.get_by_role("button", name="Ask the shop").click()
    expect(page.get_by_text("You asked to cancel on")).to_be_visible()
    _take(page, "order-asked")
    shop.execute("UPDATE variants SET amount = 52500 WHERE sku = ?", CUPS)
    shop.execute("UPDATE variants SET on_hand = held WHERE sku = ?", "neem-comb")
    page.get_by_role("button", name="Order it again").click()
    expect(page.get_by_text("What can be had of order")).to_be_visible()
    _take(page, "cart-again")
    shop.execute("UPDATE variants SET on_hand = held + 20 WHERE sku = ?", "neem-comb")  # which others will want
    order = post("/api/checkout/order", data={"product_id": BLANKET}).json()
    page.goto(f"/orders/{order['order_id']}")
    expect(page.get_by_role("button", name="Pay ₹")).to_be_visible()
    _take(page, "order-unpaid")
    page.get_by_text("Cancel this order").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("button", name="Order it again")).to_be_visible()
    _take(page, "order-cancelled")
    for name in ("orders", "account"):
        page.goto(f"/{name}")
        expect(page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
        _take(page, name)


def _by_the_owner(page: Page, shop: Shop) -> None:
    """Look into every room of the back office, once the shop is busy."""
    from tests import busy_shop  # not sooner: it brings the app, which no command of an operator's may begin with

    token, addresses = busy_shop.begin(shop)
    page.context.add_cookies([{"name": "session", "value": token, "url": shop.url}])
    _show(page, addresses["office-orders"])
    _keep(page, "orders")
    width, height = SIZES["phone"]
    page.set_viewport_size({"width": width, "height": height})
    _show(page, addresses["office-needs"])
    _keep(page, "needs-you")
    for name, address in addresses.items():
        _show(page, address)
        _take(page, name)


def _show(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _pay(page: Page) -> None:
    sheet = press_pay(page)
    choose(sheet, "Card")
    pay_by_card(sheet)
    expect_paid(page)


def _take(page: Page, name: str) -> None:
    """Keep pictures of all of a page, in every size and in both colours."""
    for device, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            show_in(page, scheme)
            page.evaluate(SETTLED)
            page.screenshot(path=OF_PAGES / f"{name}-{device}-{scheme}.png", full_page=True)


if __name__ == "__main__":
    main()
