"""From nothing to a shop that sells, on a phone: everything that a shopkeeper does is done on pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop, open_shop, watch
from tests.browser.steps import (
    choose,
    continue_as_guest,
    expect_paid,
    give_address,
    new_address,
    pay_by_card,
    press_pay,
)
from tests.support.factors import digits
from tests.support.processes import free_port

_EMPTY = ("carts", "coupons", "product_files", "variants", "products")
"""The tables that the demo has filled."""


@pytest.fixture
def new_shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop in which nobody has said or sold anything yet."""
    with open_shop(tmp_path, free_port()) as shop:
        for table in _EMPTY:
            shop.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        shop.execute("UPDATE sellers SET sentence = '', description = '', shipping_promise = '', returns_promise = ''")
        yield shop


def _phone(browser: Browser, playwright: Playwright, shop: Shop, complaints: list[str]) -> Page:
    context = browser.new_context(
        **playwright.devices["Pixel 7"], base_url=shop.url, reduced_motion="reduce", service_workers="block"
    )
    watch(context, complaints)
    return context.new_page()


def test_a_shop_is_set_up_sells_ships_and_gives_back(
    new_shop: Shop, browser: Browser, playwright: Playwright, complaints: list[str]
) -> None:
    keeper = _phone(browser, playwright, new_shop, complaints)
    buyer = _phone(browser, playwright, new_shop, complaints)
    _join(keeper, new_shop)
    _say_who_sells(keeper)
    _send_everywhere(keeper)
    _put_on_sale(keeper)
    number = _buy(buyer)
    _ship(keeper, number)
    _give_one_back(keeper)
    _ask_to_return(buyer)
    _answer(keeper)
    buyer.reload()
    expect(buyer.get_by_text("Fill it with oil, not with water.")).to_be_visible()


def _join(keeper: Page, shop: Shop) -> None:
    """Become the owner by the link that the shop says at its first start, as long as nobody owns it."""
    [link] = re.findall(r"\S+/begin\?link=\S+", shop.told)
    keeper.goto(link)
    assert violations(keeper) == []
    keeper.get_by_label("Name").fill("Meera Iyer")
    keeper.get_by_label("E-mail").fill("meera@example.in")
    keeper.get_by_label("Password").fill("kulhad-chai-third")
    keeper.get_by_role("button", name="Own this shop").tap()
    shown = keeper.get_by_text("Or type this key into the app").inner_text()
    keeper.get_by_label("The six digits that it shows").fill(digits(re.findall("[A-Z2-7]{16,}", shown)[0]))
    keeper.get_by_role("button", name="Set it up").tap()
    keeper.get_by_role("link", name="I have kept them").tap()
    expect(keeper.get_by_role("navigation", name="Back office")).to_be_visible()


def _say_who_sells(keeper: Page) -> None:
    keeper.get_by_role("link", name="The shop", exact=True).tap()
    form = keeper.get_by_role("form", name="Who sells, and where")
    form.get_by_label("Legal name").fill("Meera Iyer")
    form.get_by_label("House and street").fill("14 Fort Road")
    form.get_by_label("PIN").fill("570001")
    form.get_by_role("button", name="Save").tap()
    expect(keeper.get_by_text("Saved. It counts from now on.")).to_be_visible()
    keeper.get_by_role("link", name="Policies").tap()
    questions = keeper.get_by_role("form", name="Ten questions")
    questions.get_by_label("What do you sell?").fill("lamps")
    questions.get_by_role("button", name="Write the pages").tap()
    expect(keeper.get_by_text("The pages are written")).to_be_visible()


def _send_everywhere(keeper: Page) -> None:
    keeper.get_by_role("link", name="Delivery", exact=True).tap()
    keeper.get_by_role("link", name="Add a zone").tap()
    form = keeper.get_by_role("form", name="Zone")
    form.get_by_label("What people call it").fill("India")
    form.get_by_label("Costs, in rupees").first.fill("60")
    form.get_by_role("button", name="Save the zone").tap()
    keeper.wait_for_url("**/merchant/delivery")  # the form says "All the rest" as well
    expect(keeper.get_by_text("All the rest")).to_be_visible()


def _put_on_sale(keeper: Page) -> None:
    keeper.get_by_role("link", name="Products", exact=True).tap()
    keeper.get_by_role("link", name="New product").tap()
    form = keeper.get_by_role("form", name="Product")
    form.get_by_label("Name").fill("Clay lamp")
    form.get_by_label("Price, with tax").fill("₹1,299.50")
    form.get_by_label("How many there are").fill("5")
    form.get_by_label("Category").fill("Light")
    form.get_by_role("button", name="Put it on sale").tap()
    expect(keeper.get_by_role("heading", level=1)).to_have_text("Clay lamp")


def _buy(buyer: Page) -> str:
    buyer.goto("/")
    buyer.get_by_role("link", name="Clay lamp").tap()
    buyer.get_by_label("Quantity").select_option("2")
    buyer.get_by_role("button", name="Buy now").tap()
    continue_as_guest(buyer, new_address())
    give_address(buyer)
    modal = press_pay(buyer)
    choose(modal, "Card")
    pay_by_card(modal)
    expect_paid(buyer)
    shown = buyer.get_by_role("button", name="Order number").inner_text()
    return str(re.findall("[0-9A-Z]{4}-[0-9A-Z]{4}", shown)[0])


def _ship(keeper: Page, number: str) -> None:
    keeper.get_by_role("link", name="Orders", exact=True).tap()
    keeper.get_by_role("link", name=number).tap()
    form = keeper.get_by_role("form", name="Ship")
    form.get_by_label("Who brings it").fill("India Post")
    form.get_by_role("button", name="Mark as shipped").tap()
    expect(form).to_have_count(0)


def _give_one_back(keeper: Page) -> None:
    form = keeper.get_by_role("form", name="Refund")
    form.get_by_label("Clay lamp").fill("1")
    form.get_by_label("Why, in words the buyer will read").fill("One was chipped.")
    form.get_by_role("button", name="Refund ₹1,299.50").tap()
    sure = keeper.get_by_role("dialog", name="Confirm the refund")
    sure.get_by_role("button", name="Refund ₹1,299.50").tap()
    expect(keeper.get_by_text("Partly refunded")).to_be_visible()


def _ask_to_return(buyer: Page) -> None:
    buyer.reload()
    expect(buyer.get_by_text("One was chipped.").first).to_be_visible()
    buyer.get_by_text("Ask to return an item").tap()
    form = buyer.get_by_role("form", name="Ask to return an item")
    form.get_by_label("Why").fill("The other one leaks.")
    form.get_by_role("button", name="Ask the shop").tap()
    expect(buyer.get_by_text("You asked").first).to_be_visible()


def _answer(keeper: Page) -> None:
    keeper.get_by_role("link", name="Needs you").tap()
    card = keeper.get_by_role("article", name="The other one leaks.")
    card.get_by_text("Say no").first.tap()
    form = card.get_by_role("form", name="Say no")
    form.get_by_label("Why, in words the buyer will read").fill("Fill it with oil, not with water.")
    form.get_by_role("button", name="Say no").tap()
    expect(card).to_have_count(0)
