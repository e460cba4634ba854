"""What the cart's page says of a line, and offers to do with it."""

from dataclasses import replace
from typing import Any

import pytest

from checkout_app.cart.contents import Contents, Line
from checkout_app.cart.owner import cookies_in
from checkout_app.shopfront.cart.again import Wanted, WantedLine
from checkout_app.shopfront.cart.views import WayView, again_view, cart_view

CUPS = Line(
    id="L",
    product_id="P",
    variant_id="V",
    offer_id="P",
    slug="cups",
    name="Cups",
    image="cups.svg",
    quantity=3,
    unit_amount=48_000,
    currency="INR",
    was=None,
    left=None,
    for_sale=True,
    merged=0,
)


@pytest.mark.parametrize(
    ("so", "lacking", "offered"),
    [
        ({}, "", ("2", "4", "")),
        ({"quantity": 1}, "", ("", "2", "")),
        ({"quantity": 10}, "", ("9", "", "")),
        ({"left": 2}, "Only 2 are left.", ("2", "", "2")),
        ({"left": 1}, "Only one is left.", ("2", "", "1")),
        ({"left": 0}, "There is none left just now.", ("2", "", "")),
        ({"for_sale": False, "left": 2}, "This is no longer for sale.", ("", "", "")),
    ],
)
def test_a_line_says_why_it_can_not_be_had_and_offers_what_can_be_done(
    so: dict[str, Any], lacking: str, offered: tuple[str, str, str]
) -> None:
    view = cart_view(Contents("C", 1, (replace(CUPS, **so),)), WayView())
    [line] = view.lines
    assert (line.lacking, (line.fewer, line.more, line.take), view.ready) == (lacking, offered, not lacking)


@pytest.mark.parametrize(
    ("merged", "words"),
    [
        (0, ""),
        (2, "2 of them came from the cart you had before you signed in."),
        (3, "This came from the cart you had before you signed in."),
    ],
)
def test_a_line_says_what_came_from_another_cart(merged: int, words: str) -> None:
    [line] = cart_view(Contents("C", 1, (replace(CUPS, merged=merged),)), WayView()).lines
    assert line.came == words


def test_what_is_no_longer_for_sale_costs_nothing_and_leads_nowhere() -> None:
    gone = cart_view(Contents("C", 1, (CUPS, replace(CUPS, id="M", for_sale=False, was=1))), WayView())
    assert (gone.subtotal, gone.units, gone.lines[1].href, gone.lines[1].price_changed) == (
        "₹1,440.00",
        "6 things",
        "",
        "",
    )


WANTED = WantedLine(
    product_id="P",
    variant_id="V",
    name="Cups",
    ordered=3,
    in_cart=3,
    for_sale=True,
    left=None,
    was=48_000,
    unit_amount=48_000,
    is_had=False,
)


@pytest.mark.parametrize(
    ("so", "full", "but"),
    [
        ({}, False, ""),
        ({"in_cart": 5}, False, ""),
        ({"in_cart": 2, "left": 2}, False, "Of Cups only 2 are left; you had 3."),
        ({"in_cart": 1, "left": 1}, False, "Of Cups only 1 is left; you had 3."),
        ({"in_cart": 0, "left": 0}, False, "There is none left of Cups just now."),
        ({"in_cart": 0, "left": 0, "for_sale": False, "unit_amount": None}, False, "Cups is no longer for sale."),
        ({"in_cart": 0, "left": 9}, True, "Cups is not in it: a cart has at most 20 lines."),
        ({"in_cart": 0, "unit_amount": None}, False, "Cups is not in it."),
        ({"in_cart": 0, "is_had": True}, False, "You have Cups already: its file is on the page of that order."),
        ({"in_cart": 1, "left": 9}, False, ""),
        ({"unit_amount": 50_000}, False, "Cups costs ₹500.00 now. It was ₹480.00 then."),
        ({"in_cart": 0, "left": 0, "unit_amount": 50_000}, False, "There is none left of Cups just now."),
    ],
)
def test_of_an_order_that_is_wanted_again_it_is_said_what_is_not_as_it_was(
    so: dict[str, Any], but: str, *, full: bool
) -> None:
    view = again_view(Wanted("ABCD-1234", "INR", (replace(WANTED, **so),)), full=full)
    assert view.but == ((but,) if but else ())


@pytest.mark.parametrize(
    ("in_cart", "how_much"), [((3, 4), "Everything"), ((3, 0), "What can be had"), ((0, 0), "Nothing")]
)
def test_of_an_order_that_is_wanted_again_it_is_said_how_much_is_in_the_cart(
    in_cart: tuple[int, int], how_much: str
) -> None:
    lines = tuple(replace(WANTED, in_cart=units) for units in in_cart)
    said = again_view(Wanted("ABCD-1234", "INR", lines), full=False).said
    assert said == f"{how_much} of order ABCD-1234 is in your cart."


@pytest.mark.parametrize("header", ["", "a,b=1", "=;=", "cart", "\x00"])
def test_cookies_that_nobody_can_read_are_none(header: str) -> None:
    assert cookies_in(header).get("cart") is None
