"""The sign-in pages lead on who is signed in already, and the header shows who that is."""

import pytest

from checkout_app.accounts import service as accounts
from checkout_app.buyer.login.state import LoginState
from checkout_app.ui.visitor import Visitor
from tests.states.conftest import cookie_of
from tests.states.driver import Tab


@pytest.mark.parametrize(("asked", "led"), [("/orders", "/orders"), ("https://evil.example", "/"), ("", "/")])
async def test_who_has_an_account_goes_on_at_once(tab: Tab, asked: str, led: str) -> None:
    tab.cookie = await cookie_of(await accounts.register("meera@example.in", "a-long-enough-word", "Meera Iyer"))
    tab.path = f"/login?next={asked}"
    await tab.send(LoginState.load)
    assert set(tab.went_to) == {led}


async def test_a_guest_may_sign_in(asha: Tab) -> None:
    asha.path = "/login?next=/orders"
    await asha.send(LoginState.load)
    assert asha.went_to == []


async def test_what_the_header_shows_ends_with_the_session(asha: Tab) -> None:
    await asha.send(Visitor.load)
    visitor = await asha.state(Visitor)
    assert (visitor.signed_in, visitor.display_name) == (True, "Asha")
    asha.cookie = "session=forged.token.here"
    await asha.send(Visitor.load)
    assert (visitor.signed_in, visitor.display_name, visitor.email) == (False, "", "")
