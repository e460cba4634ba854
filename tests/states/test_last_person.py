"""Nothing of one person is sent to the next one in a tab, not even what no page shows."""

from collections.abc import AsyncIterator

import pytest

from checkout_app.accounts import service as accounts
from checkout_app.auth import tokens
from checkout_app.buyer.orders.state import OrdersState
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.ui.visitor import Visitor
from tests.states.conftest import cookie_of
from tests.states.driver import Tab, open_tab

NAME, EMAIL = "Asha Rao", "asha@example.in"


@pytest.fixture
async def hers() -> AsyncIterator[Tab]:
    """A tab in which a guest has looked at what she ordered."""
    async with open_tab(whole=True) as tab:
        tab.cookie = await cookie_of(await accounts.guest(EMAIL, NAME))
        await checkout.create_order(tokens.read(tab.cookie.removeprefix("session=")), [Item("neem-comb")])
        await tab.open("/orders")
        assert any(EMAIL in message for message in tab.received)
        assert (await tab.state(OrdersState)).items
        tab.received.clear()
        yield tab


def _told(tab: Tab) -> str:
    return "".join(tab.received)


@pytest.mark.parametrize("path", ["/", "/orders", "/product/neem-comb"])
async def test_a_stranger_is_sent_nothing_of_who_signed_out(hers: Tab, path: str) -> None:
    hers.cookie = ""
    await hers.open(path)
    assert EMAIL not in _told(hers)
    assert NAME not in _told(hers)
    assert (await hers.state(OrdersState)).items == []


async def test_nor_is_somebody_who_signs_in_after_them(hers: Tab) -> None:
    hers.cookie = await cookie_of(await accounts.register("ravi@example.in", "a-long-enough-word", "Ravi"))
    await hers.connect_again()
    assert EMAIL not in _told(hers)
    assert (await hers.state(OrdersState)).items == []
    assert (await hers.state(Visitor)).email == "ravi@example.in"


async def test_a_guest_who_signs_in_keeps_what_they_see(hers: Tab) -> None:
    guest = await tokens.validate(hers.cookie.removeprefix("session="))
    account = await accounts.register("asha.rao@example.in", "a-long-enough-word", NAME)
    async with database.write() as session:
        hers.cookie = f"session={tokens.open_session(session, account, guest_id=guest.user_id)}"
    hers.path = "/"
    await hers.connect_again()
    assert (await hers.state(OrdersState)).items


async def test_the_same_person_on_another_page_keeps_what_they_see(hers: Tab) -> None:
    await hers.go("/")
    assert (await hers.state(OrdersState)).items
