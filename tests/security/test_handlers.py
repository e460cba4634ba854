"""Who may call which handler of a page's state: every one of them, tried by everybody there is.

A handler says for whom it is there, and somebody has to write down in `tests/unit/test_event_handlers.py` that this is
what was meant. Who is not to be let in is sent to sign in, and nothing in the database is another than before.
"""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from reflex.event import EventHandler
from reflex_base.registry import RegistrationContext

import checkout_app.checkout_app  # noqa: F401 - registers every state
from checkout_app.auth import tokens
from checkout_app.auth.callers import Caller
from checkout_app.auth.models import User
from checkout_app.buyer.order.state import OrderState
from checkout_app.core import database
from checkout_app.orders import links
from checkout_app.orders.models import Order
from checkout_app.ui.visitor import DECLARED
from tests.states.driver import Tab, open_tab
from tests.support.house import WHO, House, everything_kept, furnish, token_of, tried
from tests.support.inside import BUYER, Inside, row
from tests.unit.test_event_handlers import OURS

pytestmark = pytest.mark.parametrize("everywhere", ["sqlite"], indirect=True, scope="module")
HANDLERS: Final[Mapping[tuple[str, str], tuple[EventHandler, Caller]]] = {
    (state.__name__, name.rpartition(".")[2]): (registered.handler, caller)
    for name, registered in RegistrationContext.get().event_handlers.items()
    if (caller := getattr(registered.handler.fn, DECLARED, None)) and (state := registered.handler.state)
}
UNKNOWN_TO_US = ("stranger", "owner with a token of another")
"""Whom nothing has to be asked about."""
SIGN_IN = ("/login", "/continue")
PLACES: Final = {"CheckoutState": "/checkout?product=cups&quantity=1", "OrdersState": "/orders"}
"""Where a tab is whose handler is called; all others are on the page of an order."""


@pytest.fixture(scope="module")
async def house(everywhere: Inside) -> House:
    """The shop, furnished once for all who try."""
    return await furnish(everywhere)


async def _opened(house: House, tab: Tab, state: Any) -> None:
    """Let the buyer open a page in a tab, so that all there is to steal is in its state."""
    async with database.write() as session:
        buyer = await session.get_one(User, BUYER.user_id)
        tab.cookie = f"session={tokens.open_session(session, buyer)}"
    tab.path = PLACES.get(state.__name__, f"/orders/{house.unpaid}")
    await tab.send(state.load)
    tab.went_to.clear()


def _call(house: House, handler: EventHandler) -> Any:
    """Call a handler with what it takes."""
    given: dict[str, Any] = {"order_id": house.unpaid, "result": {}, "reason": "card_declined", "nonce": ""}
    given |= {"form": {}, "shown": 0, "pin": "570001", "code": "29", "gstin": "29AAPFU0939F1ZR"}
    takes = [name for name in handler._parameters if name != "self"]  # noqa: SLF001 - as Reflex looks at it
    return handler(*(given[name] for name in takes))


@pytest.mark.usefixtures("everywhere")
def test_every_handler_says_what_is_written_down() -> None:
    declared = {name: caller for name, (_, caller) in HANDLERS.items()}
    assert declared == {(state, name): caller for state, names in OURS.items() for name, caller in names.items()}


@pytest.mark.parametrize("who", tried(WHO))
@pytest.mark.parametrize("name", HANDLERS, ids=".".join)
async def test_a_handler_lets_in_whom_it_is_for_and_changes_nothing_for_anybody_else(
    house: House, name: tuple[str, str], who: str
) -> None:
    handler, caller = HANDLERS[name]
    token = await token_of(who)
    async with open_tab() as tab:
        await _opened(house, tab, handler.state)
        admitted = caller.admits(WHO[who])
        before = None if admitted else everything_kept()
        tab.cookie = f"session={token}"
        await tab.send(_call(house, handler))
        sent_to_sign_in = [path for path in tab.went_to if path.startswith(SIGN_IN)]
        assert tab.alerts == []
        if admitted:
            assert sent_to_sign_in == []
        else:
            assert tab.went_to == sent_to_sign_in
            assert everything_kept() == before
            assert tab.went_to or who not in UNKNOWN_TO_US


@pytest.mark.parametrize("who", tried(name for name, role in WHO.items() if role is None))
async def test_a_tab_shows_nothing_of_an_order_to_who_is_not_let_in_unless_they_hold_its_link(
    house: House, who: str
) -> None:
    token = await token_of(who)
    by_link = links.page(await row(Order, house.unpaid))
    for path, shown in ((f"/orders/{house.unpaid}", ""), (by_link, house.unpaid)):
        async with open_tab() as tab:
            tab.cookie, tab.path = f"session={token}", path
            await tab.send(OrderState.load)
            state = await tab.state(OrderState)
            assert (state.order.id, state.own) == (shown, False)
