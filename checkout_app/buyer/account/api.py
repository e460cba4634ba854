"""What the forms of one's own account are posted to, with scripts and without."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from checkout_app.accounts import keeping, recovery
from checkout_app.accounts.own import service as own
from checkout_app.accounts.second_factor import service as factors
from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import FactorWanted
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.forms.api import Filled, Taken, Taker, take
from checkout_app.buyer.own_data import service as own_data
from checkout_app.delivery import book

router = APIRouter(prefix="/api/auth", tags=["accounts"], **guard.open_to(Caller.ANYBODY))

OWN: Final = "/api/auth/own"
EVERYWHERE: Final = "everywhere"
"""Which sign-in ends when all do."""
_DONE: Final = "/account?done="
_Doing = Callable[[Identity, Filled], Awaitable[Taken]]


def _by(caller: Caller, page: str) -> Callable[[_Doing], Taker]:
    """Let those alone do something for whom it is there; others sign in first, or show their second factor."""

    def guarding(do: _Doing) -> Taker:
        async def taking(filled: Filled) -> Taken:
            if filled.who is None or filled.who.role is Role.GUEST:
                return Taken(f"/login?next={quote(page, safe='')}")
            try:
                return await do(guard.admitted(filled.who, caller), filled)
            except FactorWanted:
                return Taken(f"/second-factor?next={quote(page, safe='')}")

        return taking

    return guarding


_account, _at_the_door = _by(Caller.ACCOUNT, "/account"), _by(Caller.AT_THE_DOOR, "/second-factor")


async def _keep(filled: Filled) -> Taken:
    """Give a guest an account; who has one by now goes on without, and so does who is signed out."""
    if filled.who is not None and filled.who.role is Role.GUEST:
        await keeping.keep(filled.who, filled["password"], asked_from=filled.household)
    return Taken(f"{_DONE}kept")


@_account
async def _send_verification(owner: Identity, _filled: Filled) -> Taken:
    await recovery.ask_to_verify(owner)
    return Taken(f"{_DONE}mailed")


@_account
async def _change_password(owner: Identity, filled: Filled) -> Taken:
    await recovery.change_password(owner, filled["password"], filled["new_password"])
    return Taken(f"{_DONE}password")


@_account
async def _change_email(owner: Identity, filled: Filled) -> Taken:
    await recovery.change_email(owner, filled["password"], filled["email"])
    return Taken(f"{_DONE}mailed")


@_account
async def _end_session(owner: Identity, filled: Filled) -> Taken:
    if filled["session"] == EVERYWHERE:
        await own.end_all(owner)
        return Taken("/", signed_out=True)
    await own.end(owner, filled["session"])
    return Taken(f"{_DONE}ended")


@_account
async def _remove_address(owner: Identity, filled: Filled) -> Taken:
    await book.remove(owner.user_id, filled["address"])
    return Taken(f"{_DONE}address")


@_account
async def _erase(owner: Identity, filled: Filled) -> Taken:
    await own_data.erase(owner, password=filled["password"])
    return Taken("/", signed_out=True)


@_at_the_door
async def _set_factor_up(person: Identity, filled: Filled) -> Taken:
    await factors.confirm(person, filled["code"].strip(), asked_from=filled.household)
    return Taken(f"/second-factor?next={quote(filled.leads_to, safe='')}")  # which tells them their codes


@_at_the_door
async def _show_factor(person: Identity, filled: Filled) -> Taken:
    await factors.show(person, filled["code"].strip(), asked_from=filled.household)
    return Taken(filled.leads_to)


_TAKING: Final[Mapping[str, Taker]] = {
    "keep": _keep,
    "send-verification": _send_verification,
    "change-password": _change_password,
    "change-email": _change_email,
    "end-session": _end_session,
    "remove-address": _remove_address,
    "erase": _erase,
    "set-up": _set_factor_up,
    "show": _show_factor,
}
"""What each form does, by the value of its button, `form`."""


@router.post("/own", include_in_schema=False)
async def own_account(request: Request) -> Response:
    """Do what a form of one's own account asks for."""
    return await take(request, _TAKING)
