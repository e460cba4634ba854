"""How long a sign-in lasts: less for who runs the shop, and less for nobody who keeps coming."""

from datetime import datetime, timedelta

import pytest

from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.lifetimes import BUYERS, SHOP, Lifetime
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.auth.tokens import Claims
from checkout_app.core import clock, database
from checkout_app.orders import listing
from tests.support.inside import BUYER, row
from tests.support.statements import asking

pytestmark = pytest.mark.usefixtures("inside")
MOMENT = timedelta(minutes=1)


async def _signed_in(role: Role, *, ago: timedelta, seen_ago: timedelta | None, appointed: bool = False) -> Claims:
    """Return the sign-in of somebody who began so long ago, and was seen so long ago or never since."""
    now = clock.now()
    async with database.write() as session:
        user = await session.get_one(User, BUYER.user_id)
        user.role = Role.CUSTOMER if appointed else role
        claims = tokens.read(tokens.open_session(session, user))
    async with database.write() as session:
        (await session.get_one(User, BUYER.user_id)).role = role
        sign_in = await session.get_one(UserSession, claims.session_id)
        sign_in.created_at, sign_in.expires_at = now - ago, sign_in.expires_at - ago
        sign_in.seen_at = None if seen_ago is None else now - seen_ago
    return claims


async def _lasts(claims: Claims) -> bool:
    """Tell whether a sign-in is good, by a question about it and by one about something else."""
    try:
        await listing.list_orders(claims)
        await tokens.meet(claims)
    except InvalidToken:
        return False
    return True


@pytest.mark.parametrize(
    ("role", "ago", "seen_ago", "lasts"),
    [
        (Role.CUSTOMER, BUYERS.absolute - MOMENT, BUYERS.idle - MOMENT, True),
        (Role.CUSTOMER, BUYERS.absolute - MOMENT, BUYERS.idle, False),
        (Role.CUSTOMER, BUYERS.absolute, MOMENT, False),
        (Role.GUEST, BUYERS.idle - MOMENT, None, True),
        (Role.GUEST, BUYERS.idle, None, False),
        (Role.OWNER, SHOP.absolute - MOMENT, SHOP.idle - MOMENT, True),
        (Role.OWNER, SHOP.absolute - MOMENT, SHOP.idle, False),
        (Role.OWNER, SHOP.absolute, MOMENT, False),
        (Role.OWNER, SHOP.idle, None, False),
    ],
)
async def test_a_sign_in_ends_by_its_age_and_by_nobody_coming(
    role: Role, ago: timedelta, seen_ago: timedelta | None, *, lasts: bool
) -> None:
    assert await _lasts(await _signed_in(role, ago=ago, seen_ago=seen_ago)) is lasts


async def test_who_is_made_a_merchant_is_a_merchant_in_sign_ins_of_before() -> None:
    assert not await _lasts(await _signed_in(Role.OWNER, ago=SHOP.absolute, seen_ago=MOMENT, appointed=True))
    assert not await _lasts(await _signed_in(Role.OWNER, ago=SHOP.idle, seen_ago=SHOP.idle, appointed=True))


async def _seen(claims: Claims) -> datetime | None:
    return (await row(UserSession, claims.session_id)).seen_at


async def test_that_somebody_is_there_is_noted_once_an_hour() -> None:
    claims = await _signed_in(Role.CUSTOMER, ago=timedelta(days=3), seen_ago=timedelta(minutes=61))
    before = await _seen(claims)
    with asking() as first:
        await tokens.meet(claims)
    noted = await _seen(claims)
    with asking() as second:
        await tokens.meet(claims)
    assert before is not None
    assert noted is not None
    assert noted > before
    assert (len(first), len(second), await _seen(claims)) == (2, 1, noted)


async def test_a_new_sign_in_costs_its_sale_no_note() -> None:
    async with database.write() as session:
        claims = tokens.read(tokens.open_session(session, await session.get_one(User, BUYER.user_id)))
    with asking() as asked:
        await tokens.meet(claims)
    assert len(asked) == 1


@pytest.mark.parametrize(("role", "lifetime"), [(Role.GUEST, BUYERS), (Role.CUSTOMER, BUYERS), (Role.OWNER, SHOP)])
async def test_the_token_and_its_cookie_last_as_long_as_the_sign_in(role: Role, lifetime: Lifetime) -> None:
    async with database.write() as session:
        user = await session.get_one(User, BUYER.user_id)
        user.role = role
        left = tokens.seconds_left(tokens.open_session(session, user))
    most = lifetime.absolute.total_seconds()
    assert most - 5 <= left <= most
