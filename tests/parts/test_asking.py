"""Who asks is proven by the statement that does what they ask: nothing is made, paid or shown once a sign-in ended."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.lifetimes import BUYERS
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.auth.tokens import Claims
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentInfo
from checkout_app.core import clock, database
from checkout_app.orders import listing
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.payments.models import Payment
from razorpay_sandbox.payments import attempts
from tests.support.inside import BUYER, Inside, put_on_shelf, rows, settings_for, somebody_else
from tests.support.shops import KEY_ID

Act = Callable[[Claims], Awaitable[object]]


async def _paid(inside: Inside, product_id: str) -> PaymentInfo:
    """Let the buyer order and pay, and return what the modal hands over for it."""
    made = await checkout.create_order(BUYER, [Item(product_id)], key="before")
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    told = attempts.conclude(inside.gateway, attempt["id"], "success")
    return PaymentInfo(made.razorpay_order_id, attempt["id"], told["razorpay_signature"])


async def _acts(inside: Inside) -> list[Act]:
    product_id = await put_on_shelf(9)
    info = await _paid(inside, product_id)
    _, kept = await checkout.quote(BUYER, [Item(product_id)])
    return [
        lambda who: checkout.create_order(who, [Item(product_id)]),
        lambda who: checkout.create_order(who, [Item(product_id)], key="before"),
        lambda who: checkout.create_order(who, [Item(product_id, 10)], key="before"),
        lambda who: checkout.create_order(who, [Item("unknown")]),
        lambda who: checkout.create_order(who, [Item("nul \0")], key="before"),
        lambda who: checkout.order_quoted(who, kept.id),
        lambda who: checkout.order_quoted(who, "unknown"),
        lambda who: checkout.verify_payment(who, info),
        lambda who: checkout.verify_payment(who, PaymentInfo("unknown", "unknown", "unknown")),
        listing.list_orders,
        lambda who: listing.list_orders(who, cursor="0"),
    ]


async def _end(how: str) -> Claims:
    """End the buyer's sign-in in a way, and return what their token still says."""
    async with database.write() as session:
        row = await session.get_one(UserSession, BUYER.session_id)
        match how:
            case "revoked":
                row.revoked_at = clock.now()
            case "expired":
                row.expires_at = clock.now()
            case "of somebody else":
                other = User(email="ravi@example.in", role=Role.GUEST)
                session.add(other)
                row.user_id = other.id
            case "unknown":
                return Claims(BUYER.user_id, "UNKNOWN")
    return BUYER


@pytest.mark.parametrize("how", ["revoked", "expired", "of somebody else", "unknown"])
async def test_nothing_is_done_for_a_sign_in_that_has_ended(inside: Inside, how: str) -> None:
    acts = await _acts(inside)
    who = await _end(how)
    for act in acts:
        with pytest.raises(InvalidToken):
            await act(who)
    assert len(await rows(Order)) == 1
    assert not await rows(Payment)


async def test_nobody_sees_or_pays_an_order_of_somebody_else(inside: Inside) -> None:
    info = await _paid(inside, await put_on_shelf(9))
    who = await somebody_else()
    assert not (await listing.list_orders(who)).items
    with pytest.raises(OrderNotFound):
        await checkout.verify_payment(who, info)
    assert await orders.order_under_key(who, "before") is None


async def _token() -> str:
    async with database.write() as session:
        return tokens.open_session(session, (await session.exec(select(User))).one())


@pytest.mark.usefixtures("inside")
async def test_a_token_that_is_known_expires_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    token = await _token()
    assert tokens.read(token).user_id == BUYER.user_id
    over = clock.now() + BUYERS.absolute + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: over)
    with pytest.raises(InvalidToken):
        tokens.read(token)


@pytest.mark.usefixtures("inside")
async def test_a_token_that_is_known_is_not_good_under_another_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    token = await _token()
    assert tokens.read(token)
    with settings_for(monkeypatch, JWT_SECRET="another secret of thirty-two characters"), pytest.raises(InvalidToken):
        tokens.read(token)
