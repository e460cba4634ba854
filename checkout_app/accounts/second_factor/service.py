"""The second factor of the people of the shop: digits of an app (RFC 6238), and codes for when that is lost.

Nothing that shows it is kept. What an app keeps and the codes are made of the row's id by a key of the shop's, so who
reads the database can show neither. With another LINK_SECRET each sets their app up anew, before the previous one is
taken away.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyotp import TOTP
from sqlmodel import bindparam, col, delete, select, update

from checkout_app.accounts.errors import FactorRefused
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.journal import record
from checkout_app.accounts.models import Factor
from checkout_app.accounts.service import count_try
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import FactorWanted, NotPermitted
from checkout_app.auth.models import UserSession
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database, ids, limits, signing
from checkout_app.core.errors import RateLimited
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import Actor
from checkout_app.seller.presentation import presentation

CODES: Final = 10
_KEY_BYTES: Final = 20
_CODE_BYTES: Final = 10
_STEP: Final = 30
"""Seconds for which an app shows the same digits."""
_DRIFT: Final = 1
"""How many steps a clock of theirs may be before or behind ours."""

_OF_USER: Final = Statement[Factor](
    select(Factor).where(Factor.user_id == bindparam("user")).order_by(col(Factor.id).desc())
)
_OTHERS: Final = Statement[None](
    delete(Factor).where(col(Factor.user_id) == bindparam("user"), col(Factor.id) != bindparam("but"))
)
_BEGUN: Final = Statement[None](
    delete(Factor).where(col(Factor.user_id) == bindparam("user"), col(Factor.confirmed_at).is_(None))
)
_SHOWN: Final = Statement[None](
    update(UserSession).where(col(UserSession.id) == bindparam("session")).values(factor_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app is given: its secret in base 32, to be typed, and the same as the URI of a QR code."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody's second factor stands; the codes that are left are told to who has shown it lately alone."""

    set_up: bool
    codes_left: int = 0
    codes: Sequence[str] = ()


async def standing(identity: Identity) -> Standing:
    """Tell how one's own second factor stands."""
    factor = await _confirmed(identity)
    if factor is None:
        return Standing(set_up=False)
    left = _codes_left(factor)
    return Standing(set_up=True, codes_left=len(left), codes=left if identity.has_shown_lately() else ())


async def begin(identity: Identity) -> Enrolment:
    """Give somebody what their app makes digits of; it counts from `confirm` on.

    What was begun before and not confirmed is void. Raises NotPermitted for who is none of the people of the shop, and
    FactorWanted when they have a second factor already and have not shown it lately.
    """
    if identity.role not in Caller.AT_THE_DOOR.roles:
        raise NotPermitted
    if await _confirmed(identity) and not identity.has_shown_lately():
        raise FactorWanted
    factor = Factor(user_id=identity.user_id)
    async with database.write() as session:
        await session.exec(_BEGUN, user=identity.user_id)
        session.add(factor)
    app, shop = _app(factor, settings().link_secret), await presentation()
    return Enrolment(app.secret, app.provisioning_uri(name=identity.email, issuer_name=shop.name))


async def confirm(identity: Identity, digits: str, *, asked_from: str) -> Sequence[str]:
    """Let the app that was begun be the second factor, by digits of it; returns the codes for when it is lost.

    Another one that there was until now is none any more. Raises FactorRefused, RateLimited.
    """
    begun = next((factor for factor in await _of(identity) if factor.confirmed_at is None), None)
    return _codes_left(await _show(identity, begun, digits, asked_from))


async def show(identity: Identity, given: str, *, asked_from: str) -> None:
    """Note that somebody has shown their second factor, by digits of their app or a code; both are good once.

    Tries are counted by where they come from, so that who knows a password keeps nobody out. Where many places try,
    digits are not believed for a while, but codes are, which nobody guesses. Raises FactorRefused, RateLimited.
    """
    await _show(identity, await _confirmed(identity), given, asked_from)


async def forget(session: Session, user_id: str) -> None:
    """Let somebody have no second factor any more."""
    await session.exec(_OTHERS, user=user_id, but="")


async def _show(identity: Identity, factor: Factor | None, given: str, asked_from: str) -> Factor:
    """Note that a factor was shown, and that it counts from now on if it did not."""
    if factor is None:
        raise FactorRefused
    place, by = f"factor {factor.id} {asked_from}", Actor.of(identity)
    await limits.hit("login", place)
    await limits.require("wrong", place)
    too_many = await _too_many_tries(factor)
    async with database.write() as session:
        for held in await database.lock(session, Factor, [factor.id]):
            if event := _use(held, given, digits_too=too_many is None):
                await session.exec(_SHOWN, session=identity.session_id, now=clock.now())
                if held.confirmed_at is None:
                    held.confirmed_at, event = clock.now(), AccountEvent.FACTOR_SET
                    await session.exec(_OTHERS, user=identity.user_id, but=held.id)
                await record(session, identity.user_id, event, by, codes_left=len(_codes_left(held)))
                return held
        await record(session, identity.user_id, AccountEvent.FACTOR_REFUSED, by)
    for what, who in (("wrong", place), ("account", f"factor {factor.id}")):
        await count_try(what, who)
    raise too_many or FactorRefused


async def _too_many_tries(factor: Factor) -> RateLimited | None:
    """Return why digits are not believed for now, if they are not."""
    try:
        await limits.require("account", f"factor {factor.id}")
    except RateLimited as refused:
        return refused
    return None


def _use(factor: Factor, given: str, *, digits_too: bool) -> AccountEvent | None:
    """Use digits or a code, and tell what that was; None for what is neither, or was used before."""
    now = int(clock.now().timestamp()) // _STEP
    steps = range(max(now - _DRIFT, factor.last_step + 1), now + _DRIFT + 1) if digits_too else ()
    typed = given.upper().replace(" ", "")
    for secret in settings().link_secrets:
        app = _app(factor, secret)
        for step in steps:
            if signing.same(app.at(step * _STEP), given):
                factor.last_step = step
                return AccountEvent.FACTOR_SHOWN
        for place, code in enumerate(_codes(factor, secret)):
            if signing.same(code, typed) and not factor.used_codes & 1 << place:
                factor.used_codes |= 1 << place
                return AccountEvent.RECOVERY_CODE_USED
    return None


async def _of(identity: Identity) -> Sequence[Factor]:
    """Return what somebody has confirmed and what they have begun, the newest first."""
    async with database.ask() as session:
        return (await session.exec(_OF_USER, user=identity.user_id)).all()


async def _confirmed(identity: Identity) -> Factor | None:
    return next((factor for factor in await _of(identity) if factor.confirmed_at), None)


def _app(factor: Factor, secret: str) -> TOTP:
    key = _signed(signing.Purpose.SECOND_FACTOR, secret, factor.id)[:_KEY_BYTES]
    return TOTP(base64.b32encode(key).decode(), interval=_STEP)


def _codes_left(factor: Factor) -> Sequence[str]:
    codes = _codes(factor, settings().link_secret)
    return [code for place, code in enumerate(codes) if not factor.used_codes & 1 << place]


def _codes(factor: Factor, secret: str) -> Sequence[str]:
    """Return the codes for when the app is lost, such as `7F3K9-Q2DXM`."""
    made = (_signed(signing.Purpose.RECOVERY_CODE, secret, f"{factor.id} {place}") for place in range(CODES))
    return [ids.code_of(drawn[:_CODE_BYTES]) for drawn in made]


def _signed(purpose: signing.Purpose, secret: str, message: str) -> bytes:
    return bytes.fromhex(signing.sign(signing.key_for(purpose, secret), message.encode()))
