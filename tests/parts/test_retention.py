"""What nobody needs any more goes after as many days as the shopkeeper has said; what is about money stays."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, update

from checkout_app.auth.models import Role, User, UserSession
from checkout_app.cart import service as cart
from checkout_app.cart.models import Cart, CartLine
from checkout_app.cart.owner import KEPT_FOR, Owner, cookie_name, new_secret
from checkout_app.checkout import remembered
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.orm import Base
from checkout_app.core.rounds import Round
from checkout_app.orders.models import Order
from checkout_app.payments.models import WebhookEvent
from checkout_app.pricing.models import KeptQuote
from checkout_app.seller import keeping
from checkout_app.server import retention
from tests.support.held import held
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows

LONG_AGO = timedelta(days=4000)


async def _put(*made: Base) -> None:
    async with database.write() as session:
        session.add_all(made)


def _guest(name: str, *, age: timedelta, role: Role = Role.GUEST) -> User:
    return User(id=name, email=f"{name}@example.in", role=role, created_at=clock.now() - age)


def _sign_in(name: str, user: str, *, ends_in: timedelta, revoked: timedelta | None = None) -> UserSession:
    now = clock.now()
    return UserSession(
        id=name, user_id=user, expires_at=now + ends_in, revoked_at=None if revoked is None else now - revoked
    )


def _message(name: str, *, handled: timedelta | None) -> WebhookEvent:
    at = None if handled is None else clock.now() - handled
    return WebhookEvent(id=name, event="payment.captured", body="{}", digest=name, handled_at=at)


async def test_sign_ins_go_some_time_after_they_ended(inside: Inside) -> None:
    assert inside
    day = timedelta(days=1)
    await _put(
        _sign_in("long over", BUYER.user_id, ends_in=-366 * day),
        _sign_in("long revoked", BUYER.user_id, ends_in=day, revoked=366 * day),
        _sign_in("over", BUYER.user_id, ends_in=-364 * day),
        _sign_in("good", BUYER.user_id, ends_in=day),
    )
    before = len(await rows(UserSession))
    assert (await retention.let_go())["sign_ins"] == 2
    left = {known.id for known in await rows(UserSession)}
    assert {"over", "good"} <= left
    assert len(left) == before - 2


async def test_guests_go_who_ordered_nothing_and_can_not_any_more(inside: Inside) -> None:
    assert inside
    await _put(
        _guest("gone", age=LONG_AGO),
        _guest("here", age=LONG_AGO),
        _guest("new", age=timedelta(days=29)),
        _guest("account", age=LONG_AGO, role=Role.CUSTOMER),
    )
    await _put(
        _sign_in("over", "gone", ends_in=-timedelta(days=1)), _sign_in("good", "here", ends_in=timedelta(days=1))
    )
    assert (await retention.let_go())["guests"] == 1
    left = {user.id for user in await rows(User)}
    assert "gone" not in left
    assert {"here", "new", "account", BUYER.user_id} <= left


async def test_who_ordered_stays_with_the_order(inside: Inside) -> None:
    assert inside
    await checkout.create_order(BUYER, [Item(await put_on_shelf(3))])
    async with database.write() as session:
        (await session.get_one(User, BUYER.user_id)).created_at = clock.now() - LONG_AGO
        for known in await rows(UserSession):
            (await session.get_one(UserSession, known.id)).revoked_at = clock.now() - LONG_AGO
    assert (await retention.let_go())["guests"] == 0
    assert [order.buyer_id for order in await rows(Order)] == [BUYER.user_id]


async def test_the_gateways_messages_lose_their_words_and_are_known_again(inside: Inside) -> None:
    assert inside
    await _put(
        _message("old", handled=timedelta(days=181)),
        _message("young", handled=timedelta(days=179)),
        _message("unhandled", handled=None),
    )
    assert (await retention.let_go())["messages"] == 1
    assert {known.id: known.body for known in await rows(WebhookEvent)} == {"old": "", "young": "{}", "unhandled": "{}"}


async def test_all_go_however_many_there_are(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    await _put(*(_guest(f"guest {number}", age=LONG_AGO) for number in range(5)))
    assert (await retention.let_go())["guests"] == 5


async def test_they_go_at_night_and_only_then(inside: Inside) -> None:
    assert inside
    await retention.come()
    await _put(_guest("gone", age=LONG_AGO))
    await _let_it_be_time(timedelta())
    await retention.come()
    assert "gone" in {user.id for user in await rows(User)}
    await _let_it_be_time(timedelta(days=2))
    await retention.come()
    assert "gone" not in {user.id for user in await rows(User)}
    assert (await row(Round, retention.NAME)).reached > clock.now() - timedelta(minutes=5)


async def _let_it_be_time(since: timedelta) -> None:
    async with database.write() as session:
        last = await session.get_one(Round, retention.NAME)
        last.due_at, last.reached = clock.now(), clock.now() - since


async def test_the_shopkeeper_says_for_how_long(inside: Inside) -> None:
    assert inside
    assert await keeping.kept_for() == keeping.Keeping(sign_ins=365, guests=30, messages=180)
    assert await keeping.keep(guests=7) == keeping.Keeping(sign_ins=365, guests=7, messages=180)
    await _put(_guest("gone", age=timedelta(days=8)))
    assert (await retention.let_go())["guests"] == 1


@pytest.mark.parametrize("days", [6, 3651, -1])
async def test_days_that_can_not_be_meant_are_refused(inside: Inside, days: int) -> None:
    assert inside
    with pytest.raises(InvalidInput, match="From 7 to 3650 days"):
        await keeping.keep(sign_ins=days)


async def test_carts_of_browsers_go_that_nobody_touched_and_those_of_guests_with_them(inside: Inside) -> None:
    assert inside
    await put_on_shelf(9)
    await _put(_guest("gone", age=LONG_AGO))
    left, touched = (Owner.of(None, {cookie_name(): new_secret()}) for _ in range(2))
    for owner in (left, touched, Owner("gone"), Owner(BUYER.user_id)):
        await cart.add(owner, "cups")
    long_ago = clock.now() - KEPT_FOR - timedelta(hours=1)
    async with database.write() as session:
        await session.exec(update(Cart).where(col(Cart.browser) != touched.browser).values(updated_at=long_ago))
        await session.exec(update(Cart).where(col(Cart.user_id) == BUYER.user_id).values(updated_at=long_ago))
    gone = await retention.let_go()
    assert (gone["carts"], gone["guests"]) == (1, 1)
    assert {known.user_id or known.browser for known in await rows(Cart)} == {touched.browser, BUYER.user_id}
    assert len(await rows(CartLine)) == 2


async def test_quotes_go_a_day_after_they_were_worth_showing_unless_somebody_ordered_by_them(inside: Inside) -> None:
    assert inside
    await put_on_shelf(9)
    told = [await checkout.quote(BUYER, [Item("cups", units)]) for units in (1, 2, 3)]
    ordered, old, young = [kept.id for _, kept in told]
    await checkout.order_quoted(BUYER, ordered)
    ended = {ordered: timedelta(), old: timedelta(), young: timedelta(hours=1)}
    async with database.write() as session:
        for quote_id, later in ended.items():
            kept = await session.get_one(KeptQuote, quote_id)
            kept.expires_at = clock.now() - remembered.KEPT_FOR - timedelta(minutes=1) + later
    assert (await retention.let_go())["quotes"] == 1
    assert {kept.id for kept in await rows(KeptQuote)} == {ordered, young}


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
async def test_a_cart_that_somebody_comes_back_to_in_that_very_moment_stays(inside: Inside) -> None:
    assert inside
    await put_on_shelf(9)
    browser = Owner.of(None, {cookie_name(): new_secret()})
    await cart.add(browser, "cups")
    async with database.write() as session:
        await session.exec(update(Cart).values(updated_at=clock.now() - KEPT_FOR - timedelta(days=1)))
    [line] = await rows(CartLine)
    with held(line.id) as wait_for:
        tab = asyncio.create_task(cart.add(browser, "cups"))
        await wait_for(1)
        night = asyncio.create_task(retention.forget_carts(clock.now() - KEPT_FOR))
        await wait_for(2)
    await asyncio.gather(tab, night)
    assert (await cart.contents(browser)).units == 2
