"""What a buyer does, one step a function, in the words that are on the screen."""

import re
from itertools import count

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Shop

expect.set_options(timeout=15_000)  # generous: a wait ends as soon as what it waits for is there

CUPS = "kulhad-cups-set-of-six"
PAYS = "Visa"
FAILS = "Declined"
SHEET = "iframe.razorpay-checkout-frame"

_numbers = count(1)


def new_address() -> str:
    """Return an e-mail address nobody has used yet."""
    return f"buyer-{next(_numbers)}@example.in"


def buy(page: Page, slug: str = CUPS) -> None:
    """Open a product and press Buy now."""
    page.goto(f"/product/{slug}")
    page.get_by_role("button", name="Buy now").click()


def continue_as_guest(page: Page, email: str) -> None:
    """Sign in with an e-mail address alone."""
    form = page.get_by_role("form", name="Continue as a guest")
    form.get_by_label("E-mail").fill(email)
    form.get_by_role("button", name="Continue").click()


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in to an account, on either page that lets people in."""
    form, folded = page.get_by_role("form", name="Sign in"), page.get_by_text("Sign in to your account")
    expect(form.or_(folded).first).to_be_visible()
    if folded.is_visible():
        folded.click()
    form.get_by_label("E-mail").fill(email)
    form.get_by_label("Password").fill(password)
    form.get_by_role("button", name="Sign in").click()


def sign_up(page: Page, name: str, email: str, password: str) -> None:
    """Create an account and sign in to it."""
    page.get_by_text("Create an account").click()
    form = page.get_by_role("form", name="Create an account")
    form.get_by_label("Name").fill(name)
    form.get_by_label("E-mail").fill(email)
    form.get_by_label("Password").fill(password)
    form.get_by_role("button", name="Create account").click()


def give_address(page: Page) -> None:
    """Say where the parcel goes; the PIN fills in the rest."""
    delivery = page.get_by_role("region", name="Delivery")
    delivery.get_by_label("Name").fill("Asha Rao")
    delivery.get_by_label("Mobile number").fill("98765 43210")
    delivery.get_by_label("PIN code").fill("570001")
    delivery.get_by_label("House, street, area").fill("12, Sayyaji Rao Road")
    expect(delivery.get_by_label("Town or city")).to_have_value("Mysuru")
    expect(delivery.get_by_label("State")).to_have_value("29")


def press_pay(page: Page) -> FrameLocator:
    """Press Pay and return the payment sheet."""
    page.get_by_role("button", name=re.compile("^Pay ₹"), disabled=False).click()
    return sheet(page)


def leave_unpaid(page: Page) -> None:
    """Press Pay and stay no longer than until the order is made, which opens the sheet."""
    expect(press_pay(page).get_by_label("Phone number")).to_be_visible()


def sheet(page: Page) -> FrameLocator:
    """Return the payment sheet inside its frame."""
    return page.frame_locator(SHEET)


def give_phone(modal: FrameLocator) -> None:
    """Tell the sheet a phone number."""
    modal.get_by_label("Phone number").fill("98765 43210")
    modal.get_by_role("button", name="Continue").click()


def choose(modal: FrameLocator, method: str) -> None:
    """Choose a way to pay: Card, UPI, Netbanking or Wallet."""
    modal.get_by_test_id(method).click()


def pay_by_card(modal: FrameLocator, card: str = PAYS) -> None:
    """Fill in a test card and let the bank say what the card stands for."""
    modal.get_by_role("button", name=card, exact=True).click()
    modal.get_by_test_id("pay-button").click()
    answer = "Success" if card == PAYS else "Failure"
    modal.get_by_role("button", name=answer, exact=True).click()


def pay_by_upi(modal: FrameLocator) -> None:
    """Pay the code that is shown, as nobody's phone can."""
    modal.get_by_role("button", name="Simulate: paid").click()


def buy_as_guest(page: Page, slug: str = CUPS) -> None:
    """Buy something from beginning to end, and be on its receipt."""
    buy(page, slug)
    continue_as_guest(page, new_address())
    pay_for_it(page)


def come_as_guest(page: Page, shop: Shop) -> str:
    """Be let in as a new guest without the pages for it; returns the address."""
    email = new_address()
    form: dict[str, str | float | bool] = {"form": "guest", "email": email}
    assert page.request.post("/api/auth/enter", form=form, headers={"origin": shop.url}).ok
    return email


def order_at_once(page: Page, shop: Shop, slug: str = CUPS, **more: object) -> str:
    """Order something without the pages for it; returns the path of the order's page."""
    return f"/orders/{_ordered(page, shop, slug, **more)['order_id']}"


def buy_at_once(page: Page, shop: Shop, slug: str = CUPS) -> str:
    """Order something and pay for it without the pages for it; returns the path of the receipt."""
    order = _ordered(page, shop, slug)
    paid = page.request.post("/sandbox/_test/pay", data={"order_id": order["razorpay_order_id"]})
    assert page.request.post("/api/checkout/payment", data=paid.json(), headers={"origin": shop.url}).ok
    return f"/orders/{order['order_id']}"


def _ordered(page: Page, shop: Shop, slug: str, **more: object) -> dict[str, str]:
    wanted = {"product_id": slug, **more}
    made = page.request.post("/api/checkout/order", data=wanted, headers={"origin": shop.url})
    assert made.ok, made.text()
    order: dict[str, str] = made.json()
    return order


def pay_for_it(page: Page) -> None:
    """Press Pay, pay by card, and be on the receipt."""
    modal = press_pay(page)
    give_phone(modal)
    choose(modal, "Card")
    pay_by_card(modal)
    expect_paid(page)


def expect_paid(page: Page) -> None:
    """Be on the page of a paid order."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    expect(page.get_by_role("region", name="Receipt")).to_be_visible()


def expect_no_sideways_scroll(page: Page) -> None:
    """Have all of the page between the edges of the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
