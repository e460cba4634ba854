"""A buyer's own unpaid order never stands in their way, and money that comes for it all the same is not lost.

On both databases.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from checkout_app.auth.models import Role, User
from checkout_app.auth.tokens import Claims, open_session, read
from checkout_app.catalog.errors import OutOfStock
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item, digest_of
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core import clock, database
from checkout_app.orders import service as orders
from checkout_app.orders import unpaid
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import settle
from checkout_app.payments.models import Payment
from razorpay_sandbox.payments import attempts
from tests.support.inside import (
    BUYER,
    Inside,
    put_on_shelf,
    reconcile_once,
    row,
    rows,
    somebody_else,
    timeline,
    violations,
    written,
)
from tests.support.shops import KEY_ID


async def _order(*items: Item, who: Claims = BUYER, key: str | None = None) -> PaymentOrder:
    return await checkout.create_order(who, items, key=key)


async def _pay(inside: Inside, made: PaymentOrder) -> str:
    """Pay at the gateway, and tell nobody; returns the payment's id."""
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    attempts.conclude(inside.gateway, attempt["id"], "success")
    return str(attempt["id"])


async def _shelf(variant_id: str) -> tuple[int | None, int]:
    """How many there are, and how many are held."""
    variant = await row(Variant, variant_id)
    return variant.on_hand, variant.held


async def _statuses() -> Sequence[str]:
    return [order.status for order in await rows(Order)]


async def test_the_last_unit_that_is_held_for_oneself_can_be_ordered_again(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1)
    first, second = await _order(Item(cups)), await _order(Item(cups))
    assert (await _statuses(), await _shelf(cups)) == (["cancelled", "created"], (1, 1))
    assert second.razorpay_order_id != first.razorpay_order_id
    assert (await written(first.order.id))[-1] == ("cancelled", "buyer", {"replaced_by": second.order.id})
    words = "The buyer ordered anew, so its items went to that order."
    assert (await timeline(first.order.id))[-1] == ("cancelled", words)
    assert await violations() == []


async def test_two_can_be_ordered_where_two_are_left_of_which_one_is_held_for_oneself(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(2)
    await _order(Item(cups))
    await _order(Item(cups, 2))
    assert (await _statuses(), await _shelf(cups)) == (["cancelled", "created"], (2, 2))
    await _order(Item(cups))
    assert (await _statuses(), await _shelf(cups)) == (["cancelled", "cancelled", "created"], (2, 1))
    assert await violations() == []


async def test_what_else_the_order_before_held_is_there_for_everybody_again(inside: Inside) -> None:
    assert inside
    cups, tea = await put_on_shelf(1), await put_on_shelf(9, slug="tea")
    await _order(Item(cups), Item(tea))
    await _order(Item(cups))
    assert (await _statuses(), await _shelf(cups), await _shelf(tea)) == (["cancelled", "created"], (1, 1), (9, 0))


async def test_an_order_stays_as_long_as_there_is_enough_beside_it(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(3)
    await _order(Item(cups))
    await _order(Item(cups, 2))
    assert (await _statuses(), await _shelf(cups)) == (["created", "created"], (3, 3))


async def test_no_more_is_given_up_than_is_lacking_and_the_newest_first(inside: Inside) -> None:
    assert inside
    cups, lamp = await put_on_shelf(3), await put_on_shelf(3, slug="lamp", name="Lamp")
    for item in (Item(cups), Item(lamp, 3), Item(cups), Item(cups)):
        await _order(item)
    await _order(Item(cups, 2), Item(lamp))
    assert await _statuses() == ["created", "cancelled", "cancelled", "cancelled", "created"]
    assert (await _shelf(cups), await _shelf(lamp)) == ((3, 3), (3, 1))
    assert await violations() == []


async def test_what_is_held_for_others_stays_theirs(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(3)
    await _order(Item(cups), who=await somebody_else())
    await _order(Item(cups))
    with pytest.raises(OutOfStock, match=r"^Kulhad cups has only 2 left\.$"):
        await _order(Item(cups, 3))
    assert (await _statuses(), await _shelf(cups)) == (["created", "created"], (3, 2))


async def test_who_signs_in_midway_is_not_kept_away_by_the_guest_they_were(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1)
    await _order(Item(cups))
    async with database.write() as session:
        account = User(email=BUYER.email, name=BUYER.name, role=Role.CUSTOMER)
        session.add(account)
        known = read(open_session(session, account, guest_id=BUYER.user_id))
        stranger = read(open_session(session, account))
    with pytest.raises(OutOfStock):
        await _order(Item(cups), who=stranger)
    made = await _order(Item(cups), who=known)
    assert made.order.buyer_id == account.id
    assert (await _statuses(), await _shelf(cups)) == (["cancelled", "created"], (1, 1))
    assert await violations() == []


async def test_money_for_an_order_that_was_given_up_goes_back_and_the_other_can_be_paid(inside: Inside) -> None:
    cups = await put_on_shelf(1)
    first, second = await _order(Item(cups)), await _order(Item(cups))
    late, good = await _pay(inside, first), await _pay(inside, second)
    for payment_id in (late, good):
        await settle.settle(payment_id)
    for made in (first, second):
        await reconcile_once(made.order.id)
    assert (await _statuses(), await _shelf(cups)) == (["refunded", "paid"], (0, 0))
    assert (await row(Payment, late)).amount_refunded == 48000
    assert await violations() == []


async def test_an_order_that_is_paid_as_it_is_to_be_given_up_stays_paid(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    cups = await put_on_shelf(1)
    first, place = await _order(Item(cups)), orders.place
    payment_id = await _pay(inside, first)

    async def place_too_late(*given: Any) -> tuple[Order, bool]:
        monkeypatch.setattr(orders, "place", place)
        await settle.settle(payment_id)
        return await place(*given)

    monkeypatch.setattr(orders, "place", place_too_late)
    with pytest.raises(OutOfStock):
        await _order(Item(cups))
    assert (await _statuses(), await _shelf(cups)) == (["paid"], (0, 0))
    assert await violations() == []


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)  # SQLite's writers come one at a time
async def test_an_order_that_is_paid_while_it_is_given_up_stays_paid(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    cups = await put_on_shelf(1)
    first, give_up = await _order(Item(cups)), orders._give_up  # noqa: SLF001 - between that and its being written
    payment_id = await _pay(inside, first)

    async def give_up_and_wait(*given: Any) -> Sequence[tuple[Order, OrderLine]]:
        monkeypatch.setattr(orders, "_give_up", give_up)
        found = await give_up(*given)
        await settle.settle(payment_id)
        return found

    monkeypatch.setattr(orders, "_give_up", give_up_and_wait)
    with pytest.raises(OutOfStock):
        await _order(Item(cups))
    assert (await _statuses(), await _shelf(cups)) == (["paid"], (0, 0))
    assert await violations() == []


async def test_the_same_key_is_the_same_order_also_when_that_holds_the_last_unit(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1)
    first, again = await _order(Item(cups), key="key"), await _order(Item(cups), key="key")
    assert (again.order.id, again.razorpay_order_id, again.replayed) == (first.order.id, first.razorpay_order_id, True)
    assert (await _statuses(), await _shelf(cups)) == (["created"], (1, 1))


async def test_a_purchase_that_was_left_unpaid_is_found_again_as_long_as_it_can_be_paid(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    digest, other = digest_of([Item("cups", 2)]), digest_of([Item("cups", 1)])
    for key in ("older", "newer"):
        await _order(Item("cups", 2), key=key)
    older, newer = await rows(Order)
    assert await unpaid.begun(BUYER, "fresh", digest) == newer
    assert await unpaid.begun(BUYER, "older", digest) == older
    assert await unpaid.begun(BUYER, "older", other) == older
    assert await unpaid.begun(BUYER, "fresh", other) is None
    assert await unpaid.begun(await somebody_else(), "older", digest) is None
    assert await unpaid.of_product(BUYER, "cups") == newer.id
    assert await unpaid.of_product(BUYER, "lamp") is None
    async with database.write() as session:
        await orders.cancel(session, newer.id, BUYER)
        (await session.get_one(Order, older.id)).expires_at = clock.now()
    assert await unpaid.begun(BUYER, "fresh", digest) is None
    assert await unpaid.of_product(BUYER, "cups") is None
    assert (await _shelf(cups)) == (9, 2)
