"""Signing in says what is wrong beside its field, hands out one ticket, and never sends anybody elsewhere."""

from typing import Any

import pytest

from checkout_app.accounts import service as accounts
from checkout_app.auth import guard
from checkout_app.buyer.login.state import LoginState, safe_redirect_path
from checkout_app.core import database
from checkout_app.ui.visitor import Visitor
from tests.states.conftest import cookie_of
from tests.states.driver import Tab

HANDLERS = [LoginState.continue_as_guest, LoginState.sign_in, LoginState.sign_up]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/orders/01M", "/orders/01M"),
        ("/checkout?product=a&quantity=2", "/checkout?product=a&quantity=2"),
        ("", "/"),
        ("orders", "/"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\nb", "/"),
        ("javascript:alert(1)", "/"),
        ("/" + "a" * 400, "/"),
    ],
)
def test_only_a_path_of_this_shop_is_gone_to_after_signing_in(path: str, kept: str) -> None:
    assert safe_redirect_path(path) == kept


async def test_a_guests_ticket_opens_a_session_in_their_name(tab: Tab) -> None:
    tab.path = "/login?next=/orders"
    await tab.send(LoginState.load)
    await tab.send(LoginState.continue_as_guest({"email": "asha@example.in", "name": "Asha Rao"}))
    state = await tab.state(LoginState)
    async with database.write() as session:
        token = await accounts.exchange_ticket(session, state.ticket)
    identity = await guard.identify(f"session={token}")
    assert (identity.email, identity.name, identity.role, state.next) == (
        "asha@example.in",
        "Asha Rao",
        "guest",
        "/orders",
    )


async def test_a_wrong_address_is_said_beside_its_field(tab: Tab) -> None:
    await tab.send(LoginState.continue_as_guest({"email": "asha", "name": ""}))
    state = await tab.state(LoginState)
    assert (state.errors, state.ticket, state.working) == ({"guest-email": "This is not an e-mail address."}, "", "")


async def test_a_wrong_password_does_not_tell_whether_the_account_exists(tab: Tab) -> None:
    await accounts.register("meera@example.in", "a-long-enough-word", "Meera")
    state, notices = await tab.state(LoginState), set()
    for email in ("meera@example.in", "nobody@example.in"):
        await tab.send(LoginState.sign_in({"email": email, "password": "not-the-password"}))
        notices.add(state.notice)
    assert notices == {"The e-mail address and the password do not belong together."}
    assert state.ticket == ""


@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize(
    "form", [{}, {"email": 7, "password": None, "name": ["x"]}, {"email": "x" * 1_000_000}, [], "x"]
)
async def test_a_form_of_the_wrong_shape_lets_nobody_in(tab: Tab, handler: Any, form: Any) -> None:
    await tab.send(handler(form))
    state = await tab.state(LoginState)
    assert (state.ticket, state.working) == ("", "")
    assert state.errors or state.notice


async def test_who_has_an_account_goes_on_at_once(tab: Tab) -> None:
    tab.cookie = await cookie_of(await accounts.register("meera@example.in", "a-long-enough-word", "Meera Iyer"))
    tab.path = "/login?next=/orders"
    await tab.send(LoginState.load)
    assert set(tab.went_to) == {"/orders"}


async def test_what_the_header_shows_ends_with_the_session(asha: Tab) -> None:
    await asha.send(Visitor.load)
    visitor = await asha.state(Visitor)
    assert (visitor.signed_in, visitor.display_name) == (True, "Asha")
    asha.cookie = "session=forged.token.here"
    await asha.send(Visitor.load)
    assert (visitor.signed_in, visitor.display_name, visitor.email) == (False, "", "")
