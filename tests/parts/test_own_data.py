"""Somebody is given all that the shop knows of them, and it is erased but for what the books and the law want kept."""

import pytest

from checkout_app.accounts import proofs, recovery, service
from checkout_app.accounts.errors import CodeRefused, InvalidCredentials
from checkout_app.accounts.models import Proof
from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.models import Role, User
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.own_data import service as own_data
from checkout_app.buyer.own_data.errors import OfTheShop, OrderUnderWay
from checkout_app.cart import service as cart
from checkout_app.cart.models import Cart
from checkout_app.cart.owner import Owner
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.ids import new_id
from checkout_app.delivery import book
from checkout_app.delivery.models import Address
from checkout_app.journal.models import Event, Issue
from checkout_app.orders import by_shop, requests
from checkout_app.orders import service as orders
from checkout_app.orders.firms import Firm
from checkout_app.orders.models import Order
from checkout_app.orders.requests import Request
from checkout_app.payments import settle
from checkout_app.pricing.models import KeptQuote
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, violations
from tests.support.zones import somewhere

MYSURU = somewhere()
FIRM = Firm("Iyer & Daughters", "29AAPFU0939F1ZR")
EMAIL, PASSWORD = "meera@example.in", "kulhad-chai-first"


async def _signed_up(role: Role = Role.CUSTOMER) -> Identity:
    user = await service.register(EMAIL, PASSWORD, "Meera Iyer", role)
    return await tokens.validate(await service.sign_in(user, before=None))


async def _ordered(identity: Identity) -> tuple[str, str, str]:
    """Order a unit; returns the ids of order, gateway order and product."""
    product_id = await put_on_shelf(5, slug=new_id().lower())
    made = await checkout.create_order(identity, [Item(product_id)], to=MYSURU, firm=FIRM)
    return made.order.id, made.razorpay_order_id, product_id


async def _paid(inside: Inside, identity: Identity) -> str:
    order_id, gateway_order_id, product_id = await _ordered(identity)
    await History(inside, order_id, product_id, gateway_order_ids=[gateway_order_id]).act(("attempt", 0, "success"))
    await settle.settle(inside.entities("payment")[-1]["id"])
    return order_id


async def _cancelled(identity: Identity) -> str:
    order_id, _, _ = await _ordered(identity)
    async with database.write() as session:
        await orders.cancel(session, order_id, identity)
    return order_id


async def test_somebody_gets_all_that_is_known_of_them_and_nothing_of_others(inside: Inside) -> None:
    identity = await _signed_up()
    order_id = await _paid(inside, identity)
    await book.keep(identity.user_id, MYSURU)
    kept = await cart.add(Owner(identity.user_id), await put_on_shelf(9))
    await requests.ask(order_id, identity, Request.CANCEL, "It is for Meera.")
    told = [await checkout.quote(who, [Item("cups")], to=MYSURU.destination) for who in (identity, BUYER, None)]
    data = await own_data.export(identity)
    assert data.quotes == [told[0][1]]
    assert data.cart == kept
    assert [issue.detail for record in data.orders for issue in record.asked] == ["It is for Meera."]
    assert (data.user.email, [known.current for known in data.sign_ins]) == (EMAIL, [True])
    assert [kept.address for kept in data.addresses] == [MYSURU.as_kept()]
    assert [(record.order.ships_to, record.order.firm) for record in data.orders] == [(MYSURU.as_kept(), FIRM)]
    assert [(record.order.id, len(record.lines), len(record.payments)) for record in data.orders] == [(order_id, 1, 1)]


async def test_who_is_erased_is_out_and_named_nowhere_but_on_what_was_paid(inside: Inside) -> None:
    identity = await _signed_up()
    unpaid, paid = await _cancelled(identity), await _paid(inside, identity)
    await requests.ask(paid, identity, Request.CANCEL, "It is for Meera.")
    await by_shop.note(paid, "Meera is ill: send it late.", SHOPKEEPER)
    await recovery.ask_to_verify(identity)
    await book.keep(identity.user_id, MYSURU)
    await cart.add(Owner(identity.user_id), await put_on_shelf(9))
    await checkout.quote(identity, [Item("cups")], to=MYSURU.destination)
    await own_data.erase(identity, password=PASSWORD)
    assert (await rows(Cart), await rows(KeptQuote)) == ([], [])
    with pytest.raises(InvalidToken):
        await tokens.confirm(identity)
    with pytest.raises(InvalidCredentials):
        await service.login(EMAIL, PASSWORD)
    user = await row(User, identity.user_id)
    assert (user.name, user.password_hash, EMAIL in user.email) == ("", None, False)
    assert (await rows(Proof), await rows(Address)) == ([], [])
    named = {order.id: (order.email, order.name, order.ships_to, order.firm) for order in await rows(Order)}
    assert named == {unpaid: ("", "", None, None), paid: (EMAIL, "Meera Iyer", MYSURU.as_kept(), FIRM)}
    assert {order.firm_gstin for order in await rows(Order)} == {None, FIRM.gstin}
    assert [(issue.kind, issue.detail) for issue in await rows(Issue)] == [("cancel_asked", "")]
    assert [event.data for event in await rows(Event) if event.kind == "noted"] == [{"note": ""}]
    assert await violations() == []
    assert (await service.register(EMAIL, PASSWORD, "Somebody new")).id != identity.user_id


async def test_nobody_is_erased_while_money_may_come_or_without_a_proof(inside: Inside) -> None:
    assert inside
    identity = await _signed_up()
    for wrong in ({}, {"password": "not it, not it"}):
        with pytest.raises(InvalidCredentials):
            await own_data.erase(identity, **wrong)
    with pytest.raises(CodeRefused):
        await own_data.erase(identity, code="000000")
    await _ordered(identity)
    with pytest.raises(OrderUnderWay):
        await own_data.erase(identity, password=PASSWORD)
    assert await tokens.confirm(identity)


async def test_a_mailed_code_proves_as_much_as_a_password(inside: Inside) -> None:
    assert inside
    identity = await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    [proof] = await rows(Proof)
    await own_data.erase(identity, code=proofs.code_of(proof))
    with pytest.raises(InvalidToken):
        await tokens.confirm(identity)


async def test_people_of_the_shop_stay(inside: Inside) -> None:
    assert inside
    with pytest.raises(OfTheShop):
        await own_data.erase(await _signed_up(Role.OWNER), password=PASSWORD)
