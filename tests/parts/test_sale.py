"""What a sale asks of PostgreSQL: a budget of round trips, which whatever comes to a sale later has to keep."""

from collections.abc import Iterator

import pytest

from checkout_app.auth import tokens
from checkout_app.auth.models import User
from checkout_app.cart import service as cart
from checkout_app.cart.owner import Owner
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentInfo
from checkout_app.core import database
from checkout_app.core.ids import new_id
from checkout_app.journal import followers
from checkout_app.journal.actors import OPERATOR
from checkout_app.payments import settle
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.pricing.service import create_coupon
from checkout_app.server import mails
from razorpay_sandbox.payments import attempts
from tests.support.inside import BUYER, Inside, put_on_shelf, settings_for
from tests.support.shops import KEY_ID
from tests.support.statements import trips

QUOTE, CREATE, PAY = 2, 3, 2
INSTEAD = 5
"""To make an order for which another one of the same buyer is given up."""


@pytest.fixture(autouse=True)
def _writing() -> Iterator[None]:
    """A shop that writes mails of its sales."""
    mails.register()
    yield
    followers.forget("mail")


async def _signed_in() -> str:
    async with database.write() as session:
        return tokens.open_session(session, await session.get_one(User, BUYER.user_id))


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
async def test_a_sale_takes_five_round_trips_at_most(inside: Inside) -> None:
    product_id, token = await put_on_shelf(9), await _signed_in()
    async with trips() as creating:
        made = await checkout.create_order(tokens.read(token), [Item(product_id)], key=new_id())
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    told = attempts.conclude(inside.gateway, attempt["id"], "success")
    async with trips() as paying:
        info = PaymentInfo(made.razorpay_order_id, attempt["id"], told["razorpay_signature"])
        verified = await checkout.verify_payment(tokens.read(token), info)
    assert (verified.order.status, verified.replayed) == ("paid", False)
    assert len(creating) <= CREATE, creating
    assert len(paying) <= PAY, paying


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
async def test_a_sale_of_what_is_in_a_cart_takes_as_many(inside: Inside) -> None:
    product_id, token = await put_on_shelf(9), await _signed_in()
    kept = await cart.add(Owner(BUYER.user_id), product_id)
    async with trips() as creating:
        made = await checkout.create_order(tokens.read(token), [Item(product_id)], key=new_id(), cart_id=kept.cart_id)
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    attempts.conclude(inside.gateway, attempt["id"], "success")
    async with trips() as paying:
        await settle.settle(attempt["id"])
    assert (await cart.contents(Owner(BUYER.user_id))).lines == ()
    assert len(creating) <= CREATE, creating
    assert len(paying) <= PAY, paying


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
@pytest.mark.parametrize("once", [False, True])
async def test_a_coupon_takes_none_more_and_one_that_each_may_have_once_one(inside: Inside, once: bool) -> None:  # noqa: FBT001
    assert inside
    product_id, token = await put_on_shelf(9), await _signed_in()
    await create_coupon(Coupon(code="DIWALI", kind=CouponKind.PERCENT, value=1000, most=1, once=once), OPERATOR)
    async with trips() as creating:
        made = await checkout.create_order(tokens.read(token), [Item(product_id)], coupon="DIWALI")
    assert made.order.discount == 4800
    assert len(creating) <= CREATE + once, creating


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
async def test_counting_what_is_unpaid_takes_one_more(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside
    product_id, token = await put_on_shelf(9), await _signed_in()
    with settings_for(monkeypatch, RATE_LIMITS=""):
        async with trips() as creating:
            await checkout.create_order(tokens.read(token), [Item(product_id)], address="203.0.113.7")
    assert len(creating) <= CREATE + 1, creating


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
async def test_a_quote_takes_two_and_an_order_by_it_one_more_than_any_other(inside: Inside) -> None:
    assert inside
    product_id, token = await put_on_shelf(9), await _signed_in()
    async with trips() as asking:
        _, kept = await checkout.quote(tokens.read(token), [Item(product_id)])
    async with trips() as creating:
        made = await checkout.order_quoted(tokens.read(token), kept.id, key=new_id())
    assert made.order.quote_id == kept.id
    assert len(asking) <= QUOTE, asking
    assert len(creating) <= CREATE + 1, creating


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
async def test_an_order_in_the_place_of_another_takes_five_round_trips_at_most(inside: Inside) -> None:
    assert inside
    product_id, token = await put_on_shelf(1), await _signed_in()
    await checkout.create_order(tokens.read(token), [Item(product_id)])
    async with trips() as creating:
        await checkout.create_order(tokens.read(token), [Item(product_id)])
    assert len(creating) <= INSTEAD, creating
