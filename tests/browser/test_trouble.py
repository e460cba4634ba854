"""What goes wrong on the way, and that nobody loses anything by it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.browser.late_loading import LateLoading
from tests.browser.steps import (
    FAILS,
    SHEET,
    buy,
    choose,
    come_as_guest,
    continue_as_guest,
    expect_paid,
    give_phone,
    leave_unpaid,
    new_address,
    order_at_once,
    pay_by_card,
    pay_for_it,
    press_pay,
    sign_in,
)
from tests.support.waiting import until

LAMP = "bamboo-table-lamp"
BOTTLE = "hammered-copper-bottle"
BOWL = "bell-metal-bowl"
PLATE = "blue-pottery-plate"
FORGE = """
  let real;
  Object.defineProperty(window, "Razorpay", {
    configurable: true,
    get: () => real && function (options) {
      const { handler } = options;
      return new real({ ...options, handler: (result) => handler({ ...result, razorpay_signature: "0".repeat(64) }) });
    },
    set: (value) => { real = value; },
  });
"""


@pytest.mark.console_allows("/conclude")  # the gateway answers a declined card with 400
def test_a_failed_payment_is_tried_again_in_the_same_window(page: Page) -> None:
    buy(page)
    continue_as_guest(page, new_address())
    modal = press_pay(page)
    give_phone(modal)
    choose(modal, "Card")
    pay_by_card(modal, FAILS)
    expect(modal.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_be_visible()
    expect(
        page.get_by_text("The last attempt did not go through. The bank declined it. Choose another")
    ).to_be_visible()
    pay_by_card(modal)
    expect_paid(page)


def test_checkout_says_which_way_to_pay_has_trouble_while_it_has(page: Page, shop: Shop) -> None:
    downtimes = f"{shop.url}/sandbox/_test/downtimes"
    downtime = page.request.post(downtimes, data={"method": "netbanking", "instrument": {"bank": "HDFC"}}).json()
    until(lambda: shop.execute("SELECT id FROM downtimes"), "the webhook to be handled")
    buy(page)
    continue_as_guest(page, new_address())
    sentence = page.get_by_text("There is trouble with net banking (HDFC) at the moment. Any other way to pay will do.")
    expect(sentence).to_be_visible()
    page.request.post(f"{downtimes}/resolve", data={"id": downtime["id"]})
    until(lambda: not shop.execute("SELECT id FROM downtimes"), "the webhook to be handled")
    page.reload()
    expect(page.get_by_role("button", name=re.compile("^Pay ₹"))).to_be_enabled()
    expect(sentence).to_have_count(0)


def test_who_closes_the_window_pays_later_for_the_same_order(page: Page, shop: Shop) -> None:
    buy(page)
    email = new_address()
    continue_as_guest(page, email)
    modal = press_pay(page)
    expect(modal.get_by_label("Phone number")).to_be_visible()
    modal.get_by_role("button", name="Close payment").click()
    modal.get_by_role("button", name="Leave").click()
    expect(page.get_by_text("You closed the payment window")).to_be_visible()
    pay_for_it(page)
    assert shop.execute("SELECT payment_status FROM orders WHERE email = ?", email) == [("paid",)]


def test_who_left_the_last_one_unpaid_is_led_back_to_their_order(page: Page, somebody_else: Page, shop: Shop) -> None:
    shop.execute("UPDATE variants SET on_hand = held + 1 WHERE sku = ?", BOTTLE)
    come_as_guest(page, shop)
    order_at_once(page, shop, BOTTLE)
    for visitor in (page, somebody_else):
        visitor.goto(f"/product/{BOTTLE}")
        expect(visitor.get_by_text("Sold out")).to_be_visible()
    expect(somebody_else.get_by_text("There is none left just now.")).to_be_visible()
    page.get_by_role("link", name="Pay or cancel that order").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This order is not paid yet")
    expect(page).to_have_title(re.compile(r"^Order [0-9A-Z-]+ · Mitti$"))
    pay_for_it(page)


def test_checkout_waits_rather_than_show_what_was_looked_at_before(page: Page) -> None:
    late = LateLoading(page)
    buy(page)
    continue_as_guest(page, new_address())
    pay = page.get_by_role("button", name=re.compile("^Pay"))
    expect(pay).to_have_text("Pay ₹480.00")
    page.get_by_role("link", name="to the shop").click()
    page.get_by_role("link", name="Bamboo table lamp").first.click()
    buy_now = page.get_by_role("button", name="Buy now")
    expect(buy_now).to_be_visible()
    late.hold()
    buy_now.click()
    expect(page.get_by_role("heading", name="Contact")).to_be_visible()
    expect(pay).to_have_count(0)
    late.release()
    expect(pay).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Bamboo table lamp")


def _open_unanswered(page: Page, late: LateLoading, title: str) -> None:
    """Open an order from the list; the page hears nothing of it until `late` lets go."""
    main = page.get_by_role("main")
    order = main.get_by_role("link", name=title)
    expect(order).to_be_visible()
    late.hold()
    order.click()
    expect(main.locator("[aria-busy=true]")).to_be_visible()


def test_an_order_waits_rather_than_show_the_one_looked_at_before(page: Page, shop: Shop) -> None:
    late = LateLoading(page)
    come_as_guest(page, shop)
    order_at_once(page, shop)
    order_at_once(page, shop, BOWL)
    page.goto("/orders")
    main = page.get_by_role("main")
    main.get_by_role("link", name="Bell-metal bowl").click()
    expect(main.get_by_role("heading", level=1)).to_have_text("This order is not paid yet")
    page.get_by_role("link", name="My orders").first.click()
    _open_unanswered(page, late, "Kulhad cups")
    expect(main.get_by_text("Bell-metal bowl")).to_have_count(0)
    late.release()
    expect(main.get_by_text("Kulhad cups").first).to_be_visible()


def test_an_order_waits_rather_than_say_of_it_that_another_is_missing(page: Page, shop: Shop) -> None:
    late = LateLoading(page)
    come_as_guest(page, shop)
    order_at_once(page, shop)
    main = page.get_by_role("main")
    page.goto("/orders/01HZZZZZZZZZZZZZZZ7F3K9Q2D")
    expect(main.get_by_role("heading", name="We can't find this order")).to_be_visible()
    main.get_by_role("link", name="My orders").click()
    _open_unanswered(page, late, "Kulhad cups")
    expect(main.get_by_text("We can't find this order")).to_have_count(0)
    late.release()
    expect(main.get_by_role("heading", level=1)).to_have_text("This order is not paid yet")


def test_what_is_sold_out_can_be_looked_at_but_not_bought(page: Page) -> None:
    page.goto(f"/product/{PLATE}")
    expect(page.get_by_text("Sold out")).to_be_visible()
    expect(page.get_by_role("button", name="Buy now")).to_have_count(0)
    page.goto(f"/checkout?product={PLATE}&quantity=1")
    continue_as_guest(page, new_address())
    expect(page.get_by_role("heading", name="There are not enough left")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Pay"))).to_have_count(0)


def test_the_last_one_is_sold_once(page: Page, somebody_else: Page, shop: Shop) -> None:
    shop.execute("UPDATE variants SET on_hand = 1, held = 0 WHERE sku = ?", LAMP)
    for visitor in (page, somebody_else):
        buy(visitor, LAMP)
        continue_as_guest(visitor, new_address())
        expect(visitor.get_by_role("button", name=re.compile("^Pay ₹"))).to_be_visible()
    modal = press_pay(page)
    expect(modal.get_by_label("Phone number")).to_be_visible()
    somebody_else.get_by_role("button", name=re.compile("^Pay ₹")).click()
    expect(somebody_else.get_by_role("main").get_by_role("alert")).to_contain_text("sold out")
    expect(somebody_else.locator(SHEET)).to_have_count(0)
    give_phone(modal)
    choose(modal, "Card")
    pay_by_card(modal)
    expect_paid(page)
    assert shop.execute("SELECT on_hand, held FROM variants WHERE sku = ?", LAMP) == [(0, 0)]


def test_who_was_signed_out_signs_in_and_goes_on_where_they_were(page: Page, shop: Shop) -> None:
    page.goto("/login")
    sign_in(page, "asha@example.in", "kulhad-chai")
    expect(page.get_by_label("Your account")).to_be_visible()
    buy(page)
    expect(page.get_by_role("button", name="Pay ₹480.00")).to_be_visible()
    shop.execute("UPDATE sessions SET revoked_at = created_at")
    page.get_by_role("button", name="Pay ₹480.00").click()
    page.wait_for_url(lambda url: "/continue" in url)
    sign_in(page, "asha@example.in", "kulhad-chai")
    pay_for_it(page)


def test_a_forged_signature_proves_nothing_and_the_real_money_still_counts(page: Page, shop: Shop) -> None:
    page.add_init_script(FORGE)
    buy(page)
    email = new_address()
    continue_as_guest(page, email)
    modal = press_pay(page)
    give_phone(modal)
    choose(modal, "Card")
    with page.expect_event("framenavigated", lambda frame: "problem=payment_verification_failed" in frame.url):
        pay_by_card(modal)
    # The gateway was asked instead of the browser: what it says is true settles the order.
    expect_paid(page)
    assert shop.execute("SELECT payment_status FROM orders WHERE email = ?", email) == [("paid",)]


@pytest.mark.console_allows("v1/checkout.js")
def test_a_payment_script_that_does_not_load_is_said_and_the_order_can_still_be_paid(page: Page) -> None:
    page.route("**/v1/checkout.js", lambda route: route.abort())
    buy(page)
    continue_as_guest(page, new_address())
    page.get_by_role("button", name="Pay ₹480.00").click()
    expect(page.get_by_text("The payment window did not load")).to_be_visible()
    page.unroute("**/v1/checkout.js")
    page.goto("/orders")
    page.get_by_role("main").get_by_role("link").filter(has_text="Kulhad cups").click()
    pay_for_it(page)


def test_leaving_during_payment_loses_nothing_the_order_waits_under_my_orders(page: Page, shop: Shop) -> None:
    buy(page)
    email = new_address()
    continue_as_guest(page, email)
    leave_unpaid(page)
    page.goto("/orders")
    page.get_by_role("main").get_by_role("link").filter(has_text="Kulhad cups").click()
    pay_for_it(page)
    assert shop.execute("SELECT payment_status FROM orders WHERE email = ?", email) == [("paid",)]
