"""A paid order goes to another address until it is shipped, where it would have cost as much and borne the same tax."""

import asyncio
from typing import Final

import pytest

from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.order.views import order_view
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.errors import ShopError
from checkout_app.core.ids import new_id
from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.fulfilment import service as fulfilment
from checkout_app.merchant.orders.one_view import AddressView, one_order_view
from checkout_app.merchant.orders.possible import possible
from checkout_app.merchant.orders.whole import whole
from checkout_app.orders.errors import AddressRefused, OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.orders.readdressing import send_elsewhere
from checkout_app.orders.timeline import Reader
from checkout_app.payments import settle
from checkout_app.payments.record import gather
from checkout_app.pricing.models import CouponKind
from checkout_app.seller import registration
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme
from checkout_app.seller.service import Terms
from tests.conftest import ON_BOTH
from tests.support.coupons import CODE, make_coupon
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import BUYER, Inside, put_on_shelf, row, timeline, violations, written
from tests.support.zones import make_zones, somewhere

MYSURU: Final = somewhere()
HUBBALLI: Final = somewhere(name="Ravi Rao", pin="580020", landmark="", line1="4, Station Road")
CHENNAI, COIMBATORE, ISLANDS = (somewhere(pin=pin) for pin in ("600001", "641001", "744101"))


async def _bought(inside: Inside, to: PostalAddress | None = MYSURU, *, coupon: str = "", paid: bool = True) -> str:
    """Buy a taxed thing that is sent somewhere."""
    cups = await put_on_shelf(9, slug=new_id().lower(), tax_rate=1800)
    made = await checkout.create_order(BUYER, [Item(cups)], to=to, coupon=coupon)
    if paid:
        await History(inside, made.order.id, gateway_order_ids=[made.razorpay_order_id]).act(("attempt", 0, "success"))
        await settle.settle(inside.entities("payment")[-1]["id"])
    return made.order.id


async def _why_not(order_id: str, to: PostalAddress) -> str:
    """Say why an order does not go there; nothing once it does. Either way nothing else is another."""
    before = await row(Order, order_id)
    try:
        await send_elsewhere(order_id, to, SHOPKEEPER)
    except ShopError as refused:
        assert await row(Order, order_id) == before
        return refused.detail
    assert await row(Order, order_id) == before.model_copy(update={"ships_to": to.as_kept()})
    return ""


@ON_BOTH
async def test_it_goes_elsewhere_and_its_page_and_its_timeline_say_so(inside: Inside) -> None:
    await make_zones()
    order_id = await _bought(inside)
    assert await _why_not(order_id, HUBBALLI) == ""
    await send_elsewhere(order_id, HUBBALLI, SHOPKEEPER)  # where it goes already
    assert [each for each in await written(order_id) if each[0] == "readdressed"] == [("readdressed", "merchant", {})]
    assert (await timeline(order_id))[-1][1] == "The shop changed the address that it goes to."
    async with database.read() as session:
        record = await gather(session, await session.get_one(Order, order_id))
    assert order_view(record, Reader.BUYER, Terms()).ships_to == (*HUBBALLI.lines, HUBBALLI.phone)
    assert await violations() == []


async def test_a_place_that_costs_more_than_was_paid_is_refused_and_one_that_costs_less_is_not(inside: Inside) -> None:
    await make_zones()
    order_id = await _bought(inside)
    costs = "Sending it to 600001 (Tamil Nadu) costs ₹90; for its way ₹60 was paid."
    assert await _why_not(order_id, CHENNAI) == costs
    assert await _why_not(order_id, ISLANDS) == "Nothing is sent to 744101 (Andaman and Nicobar Islands)."
    assert await _why_not(order_id, somewhere(pin="560001")) == ""


async def test_whose_way_a_coupon_paid_goes_wherever_that_costs_as_much(inside: Inside) -> None:
    await make_zones()
    await make_coupon(CouponKind.FREE_DELIVERY, 0)
    order_id = await _bought(inside, coupon=CODE)
    assert "costs ₹90; for its way ₹60 was paid" in await _why_not(order_id, CHENNAI)
    assert await _why_not(order_id, HUBBALLI) == ""


async def test_a_place_that_would_bear_another_tax_is_refused(inside: Inside) -> None:
    await registration.register(state="Karnataka")
    within, across = await _bought(inside), await _bought(inside, CHENNAI)
    again = "Refund it, and let them order anew."
    assert (
        await _why_not(within, CHENNAI)
        == f"It was sold with CGST and SGST, and in Tamil Nadu it would bear IGST. {again}"
    )
    assert (
        await _why_not(across, MYSURU)
        == f"It was sold with IGST, and in Karnataka it would bear CGST and SGST. {again}"
    )
    assert await _why_not(within, HUBBALLI) == ""
    assert await _why_not(across, COIMBATORE) == ""
    assert await _why_not(across, somewhere(pin="744101")) == ""  # another State across the border


async def test_who_may_not_send_to_another_state_does_not_by_this_either(inside: Inside) -> None:
    await seller.choose_tax_scheme(TaxScheme.UNREGISTERED)
    await registration.register(state="Karnataka")
    order_id = await _bought(inside)
    assert await _why_not(order_id, CHENNAI) == "This shop can't send goods to another State."


async def test_what_is_not_paid_is_shipped_or_goes_in_no_parcel_stays_as_it_is(inside: Inside) -> None:
    unpaid = await _bought(inside, paid=False)
    assert await _why_not(unpaid, HUBBALLI) == AddressRefused.sentence
    shipped = await _bought(inside)
    await fulfilment.ship(shipped, None, carrier="India Post", request_key="key", by=SHOPKEEPER)
    assert await _why_not(shipped, HUBBALLI) == AddressRefused.sentence
    made = await checkout.create_order(BUYER, [Item(await put_on_shelf(9, slug="book", digital=True))])
    await History(inside, made.order.id, gateway_order_ids=[made.razorpay_order_id]).act(("attempt", 0, "success"))
    await settle.settle(inside.entities("payment")[-1]["id"])
    assert await _why_not(made.order.id, HUBBALLI) == "Nothing of it goes in a parcel."
    assert [await _is_offered(order_id) for order_id in (unpaid, shipped, made.order.id)] == [False] * 3
    with pytest.raises(OrderNotFound):
        await send_elsewhere("unknown", HUBBALLI, SHOPKEEPER)


async def _is_offered(order_id: str, role: Role = Role.OWNER) -> bool:
    """Tell whether the order's page lets somebody of a role send it elsewhere."""
    return (await _form(order_id, role)).may_change


async def _form(order_id: str, role: Role = Role.OWNER) -> AddressView:
    found = await whole(order_id)
    person = Identity("SOMEBODY", "SESSION", "meera@example.in", "Meera", role)
    return one_order_view(person, found, await possible(found.record)).goes_to


async def test_what_the_pin_says_follows_it_unless_somebody_has_said_otherwise(inside: Inside) -> None:
    forms = [await _form(await _bought(inside, somewhere(town=town))) for town in ("Mysuru", "Nanjangud")]
    assert [(form.pin, form.town, form.state) for form in forms] == [("570001", "", ""), ("570001", "Nanjangud", "")]


async def test_what_was_sold_without_an_address_gets_one(inside: Inside) -> None:
    order_id = await _bought(inside, None)
    assert [await _is_offered(order_id, role) for role in (Role.OWNER, Role.SHIPPER)] == [True, False]
    assert await _why_not(order_id, HUBBALLI) == ""
    await make_zones()
    with pytest.raises(NotDeliverable):
        await send_elsewhere(order_id, ISLANDS, SHOPKEEPER)


@ON_BOTH
async def test_nothing_goes_elsewhere_once_it_is_shipped_however_close_together(inside: Inside) -> None:
    order_id = await _bought(inside)
    await asyncio.gather(
        *(send_elsewhere(order_id, to, SHOPKEEPER) for to in (HUBBALLI, somewhere(pin="560001"), HUBBALLI)),
        fulfilment.ship(order_id, None, carrier="India Post", request_key="key", by=SHOPKEEPER),
        return_exceptions=True,
    )
    told = [kind for kind, _ in await timeline(order_id)]
    assert told[-1] == "shipped"
