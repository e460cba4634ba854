"""What the cart's page says of a line, and offers to do with it."""

from dataclasses import replace
from typing import Any

import pytest

from checkout_app.cart.contents import Contents, Line
from checkout_app.cart.owner import cookies_in
from checkout_app.shopfront.cart.views import WayView, cart_view

CUPS = Line(
    id="L",
    product_id="P",
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


@pytest.mark.parametrize("header", ["", "a,b=1", "=;=", "cart", "\x00"])
def test_cookies_that_nobody_can_read_are_none(header: str) -> None:
    assert cookies_in(header).get("cart") is None
