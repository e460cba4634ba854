"""What somebody bought as a guest is in their account as soon as they have proved the mailbox, and not before."""

import pytest

from checkout_app.accounts import proofs, recovery, service
from checkout_app.accounts.models import Proof
from checkout_app.auth import tokens
from checkout_app.auth.models import User
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.own_data import service as own_data
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.ids import new_id
from checkout_app.orders import listing, looking
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from tests.conftest import ON_BOTH
from tests.support.inside import Inside, put_on_shelf, row, rows

EMAIL, PASSWORD = "meera@example.in", "kulhad-chai-first"


@pytest.fixture(autouse=True)
async def _clear(inside: Inside) -> None:
    await inside.clear()


async def _came(user: User) -> Identity:
    return await tokens.validate(await service.sign_in(user, before=None))


async def _ordered_as_guest(email: str = EMAIL) -> tuple[Identity, str]:
    guest = await _came(await service.guest(email, "Meera"))
    made = await checkout.create_order(guest, [Item(await put_on_shelf(5, slug=new_id().lower()))])
    return guest, made.order.id


async def _proved(email: str = EMAIL) -> None:
    [proof] = [proof for proof in await rows(Proof) if proof.email == email and proof.used_at is None]
    await recovery.verify(proofs.link_of(proof))


async def _listed(identity: Identity) -> list[str]:
    return [order.id for order in (await listing.list_orders(identity)).items]


async def _found(order_id: str, identity: Identity) -> bool:
    async with database.read() as session:
        try:
            return bool(await looking.get_order(session, order_id, identity))
        except OrderNotFound:
            return False


@ON_BOTH
async def test_visits_are_listed_once_the_mailbox_is_proved_and_stay_the_guests(inside: Inside) -> None:
    assert inside
    (guest, first), (_, others) = await _ordered_as_guest(), await _ordered_as_guest("ravi@example.in")
    meera = await _came(await service.register(EMAIL, PASSWORD, "Meera Iyer"))
    assert (await _listed(meera), await _found(first, meera)) == ([], False)
    await recovery.ask_to_verify(meera)
    await _proved()
    _, second = await _ordered_as_guest()
    assert await _listed(meera) == [second, first]
    assert [await _found(order_id, meera) for order_id in (first, second, others)] == [True, True, False]
    async with database.write() as session:
        with pytest.raises(OrderNotFound):
            await orders.cancel(session, first, meera)  # they only look at it
    assert await _listed(guest) == [first]
    assert not await _found(second, guest)


async def test_another_address_takes_the_visits_of_the_last_one_away_until_it_is_proved_too() -> None:
    _, order_id = await _ordered_as_guest()
    meera = await _came(await service.register(EMAIL, PASSWORD, "Meera Iyer"))
    await recovery.ask_to_verify(meera)
    await _proved()
    await recovery.change_email(meera, PASSWORD, "new@example.in")
    await _proved("new@example.in")
    assert not await _found(order_id, meera)


async def test_a_code_brings_the_visits_and_who_is_erased_is_named_on_none_that_is_over() -> None:
    guest, order_id = await _ordered_as_guest()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    [proof] = await rows(Proof)
    user = await recovery.enter_by_code(EMAIL, proofs.code_of(proof), asked_from="203.0.113.7")
    assert user.id == guest.user_id  # the last visit becomes the account
    meera = await _came(user)
    other, open_order = await _ordered_as_guest()
    assert await _listed(meera) == [open_order, order_id]
    assert [own.order.id for own in (await own_data.export(meera)).orders] == [open_order, order_id]
    async with database.write() as session:
        await orders.cancel(session, order_id, meera)
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    code = proofs.code_of(next(proof for proof in await rows(Proof) if proof.used_at is None))
    await own_data.erase(meera, code=code)
    named = [(await row(Order, each)).email for each in (order_id, open_order)]
    assert named == ["", EMAIL]
    assert EMAIL not in (await row(User, other.user_id)).email
