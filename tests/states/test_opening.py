"""A page is opened by one event, which brings what the page shows: asked for once, as it is now, only what is new."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from reflex_base.utils.format import json_dumps
from sqlmodel import text

from checkout_app.accounts import service as accounts
from checkout_app.auth.tokens import validate
from checkout_app.buyer.orders.state import OrdersState
from checkout_app.checkout.state import CheckoutState
from checkout_app.core import database
from checkout_app.ui.visitor import Visitor
from tests.states.conftest import cookie_of
from tests.states.driver import Tab, built_with, open_tab
from tests.support.statements import asking

COMB = "/product/neem-comb"
CUPS = "/checkout?product=kulhad-cups-set-of-six&quantity=2"
LONGEST = 2_500
"""Bytes of all that opening a page sends, besides a list it shows: where the visitor is, who it is, and what is new."""


@pytest.fixture
async def whole() -> AsyncIterator[Tab]:
    """A stranger's tab with what surrounds its events."""
    async with open_tab(whole=True) as opened:
        yield opened


def _about(asked: Any, table: str) -> list[str]:
    return [statement for statement in asked if table in statement]


def _shown(tab: Tab) -> dict[str, Any]:
    """Return what the last messages say, by the last word of each name."""
    deltas = [json.loads(message).get("delta", {}) for message in tab.received]
    return {name: value for delta in deltas for values in delta.values() for name, value in values.items()}


def _after(before: dict[str, dict[str, Any]], tab: Tab) -> dict[str, dict[str, Any]]:
    """Return what a browser shows that showed something before, by the names of states."""
    shown: dict[str, dict[str, Any]] = json.loads(json_dumps(before))
    for message in tab.received:
        for state, values in json.loads(message).get("delta", {}).items():
            shown[state] = {**shown.get(state, {}), **values}
    return shown


@pytest.mark.parametrize(("path", "statements"), [("/", 0), (COMB, 0), ("/nowhere", 0), ("/login", 0), ("/orders", 0)])
async def test_a_stranger_opens_a_page_with_one_question_at_most_and_none_about_who_they_are(
    whole: Tab, path: str, statements: int
) -> None:
    with asking() as asked:
        await whole.open(path)
    assert (len(asked), _about(asked, "users")) == (statements, [])
    assert _shown(whole)["is_hydrated_rx_state_"]


async def test_who_has_signed_in_is_asked_once_a_tab_and_not_on_each_page_they_look_at(whole: Tab) -> None:
    whole.cookie = await cookie_of(await accounts.guest("asha@example.in", "Asha Rao"))
    with asking() as asked:
        await whole.open("/")
    assert len(_about(asked, "FROM users")) == 1
    with asking() as asked:
        for path in (COMB, "/", "/nowhere", "/category/cloth"):
            await whole.go(path)
    assert (_about(asked, "FROM users"), (await whole.state(Visitor)).display_name) == ([], "Asha")


async def test_other_cookies_are_asked_about_again(whole: Tab) -> None:
    whole.cookie = await cookie_of(await accounts.guest("asha@example.in", "Asha Rao"))
    await whole.open("/")
    whole.cookie = await cookie_of(await accounts.guest("meera@example.in", "Meera Iyer"))
    await whole.open("/")
    assert (await whole.state(Visitor)).display_name == "Meera"
    whole.cookie = ""
    await whole.open("/")
    visitor = await whole.state(Visitor)
    assert (visitor.signed_in, visitor.name, visitor.email) == (False, "", "")


@pytest.mark.parametrize("path", ["/orders", CUPS])
async def test_what_is_somebodys_own_is_shown_only_after_asking_who_they_are(whole: Tab, path: str) -> None:
    whole.cookie = await cookie_of(await accounts.guest("asha@example.in", "Asha Rao"))
    await whole.open("/")
    identity = await validate(whole.cookie.removeprefix("session="))
    async with database.write() as session:
        await accounts.revoke(session, identity.session_id)
    await whole.go(path)
    assert whole.went_to[0].startswith(("/login?next=", "/continue?next="))
    assert not (await whole.state(OrdersState)).loaded


@pytest.mark.parametrize("path", ["/nowhere", COMB, "/login", "/orders"])
async def test_opening_a_page_sends_little(whole: Tab, path: str) -> None:
    await whole.open("/")
    whole.received.clear()
    await whole.go(path)
    assert sum(map(len, whole.received)) < LONGEST


async def test_a_page_comes_in_one_message_and_so_does_a_link(whole: Tab) -> None:
    await whole.open("/")
    assert len(whole.received) == 1
    whole.received.clear()
    await whole.go(COMB)
    assert len(whole.received) == 1


@pytest.mark.parametrize("path", ["/", "/category/cloth", COMB, CUPS, "/nowhere", "/login", "/orders", "/orders/x"])
async def test_a_new_tab_is_told_all_that_its_pages_were_not_built_with(whole: Tab, path: str) -> None:
    whole.cookie = await cookie_of(await accounts.guest("asha@example.in", "Asha Rao"))
    await whole.open(path)
    shown = _after(built_with(), whole)
    whole.received.clear()
    await whole.connect_again()
    assert shown == _after({}, whole)


async def test_a_tab_that_was_told_something_before_is_told_all_that_differs(whole: Tab) -> None:
    whole.cookie = await cookie_of(await accounts.guest("asha@example.in", "Asha Rao"))
    await whole.open("/")
    whole.received.clear()
    await whole.open("/login")  # loads the document anew, which shows again what it was built with
    assert _shown(whole)["name_rx_state_"] == "Asha Rao"


async def test_a_page_that_cant_be_loaded_opens_all_the_same_and_says_so(whole: Tab) -> None:
    whole.cookie = await cookie_of(await accounts.guest("asha@example.in", "Asha Rao"))
    async with database.write() as session:
        await session.exec(text("ALTER TABLE users RENAME TO gone"))
    await whole.open("/")
    assert _shown(whole)["is_hydrated_rx_state_"]
    assert len(whole.alerts) == 1


async def test_a_tab_of_which_nothing_is_known_any_more_gets_its_page_with_the_next_event(whole: Tab) -> None:
    whole.cookie = await cookie_of(await accounts.guest("asha@example.in", "Asha Rao"))
    whole.path = COMB
    await whole.send(CheckoutState.payment_failed("card_expired"))
    visitor = await whole.state(Visitor)
    assert (visitor.display_name, visitor.is_hydrated) == ("Asha", True)
    assert "The card has expired." in (await whole.state(CheckoutState)).notice
