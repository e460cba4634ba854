"""Parcels of an order: never more than was bought, each unit in one place, and the order says what its buyer has."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pytest
from sqlmodel import col, update

from checkout_app.buyer.order.views import order_view
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.fulfilment import parcels, service
from checkout_app.fulfilment.errors import KeyUsed, ReturnRefused, ShipmentNotFound, ShipmentRefused
from checkout_app.fulfilment.models import Shipment, ShipmentLine
from checkout_app.fulfilment.parcels import Parcel
from checkout_app.fulfilment.service import Units
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import Reader
from checkout_app.payments import refunded
from checkout_app.payments import service as payments
from checkout_app.payments.record import gather
from checkout_app.payments.refund_parts import Parts
from checkout_app.seller.service import Terms
from tests.conftest import ON_BOTH
from tests.support.acts import at_the_bank, refunds_end
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, timeline, violations, written
from tests.support.webhooks import new_event_id
from tests.support.zones import somewhere

ON_HAND: Final = 3


@dataclass(frozen=True)
class Ordered:
    """An order of one unit of cups and two of tea that goes to an address, of three and of nine."""

    history: History
    cups: str
    """The id of its first line, `tea` of its second."""
    tea: str

    @property
    def id(self) -> str:
        """The order's id."""
        return self.history.order_id

    @property
    def payment_id(self) -> str:
        """The id of the payment that pays it."""
        return str(self.history.inside.entities("payment")[-1]["id"])

    async def pay(self) -> None:
        """Let it be paid."""
        await self.history.live(("attempt", 0, "success"), ("callback", 0, ""))

    async def ship(self, units: Units | None = None, key: str = "", carrier: str = "India Post") -> Parcel:
        """Ship units of its lines, or all that is left."""
        how = {"carrier": carrier, "tracking": "EA123456789IN", "request_key": key or new_event_id()}
        return await service.ship(self.id, units, **how, by=SHOPKEEPER)

    async def take_back(self, units: Units, *, restock: bool = True, key: str = "") -> Parcel:
        """Take units of its lines back."""
        key = key or new_event_id()
        return await service.take_back(self.id, units, restock=restock, request_key=key, by=SHOPKEEPER)

    async def refund(self, units: Units | None = None) -> None:
        """Give units of its lines back, or all that is left."""
        of = Parts(units) if units else None
        await payments.refund(self.payment_id, of=of, reason="Changed their mind.", request_key=new_event_id())

    async def fulfilment(self) -> str:
        """What its buyer has of it."""
        return (await row(Order, self.id)).fulfilment_status

    async def shelf(self) -> Sequence[int | None]:
        """How many there are of each, the cups first."""
        return [(await row(Variant, product_id)).on_hand for product_id in self.history.shelf]

    async def left(self) -> list[int]:
        """How many are left to ship of each."""
        return [line.left for line in (await service.look(self.id)).lines]


@pytest.fixture
async def ordered(inside: Inside) -> Ordered:
    """An order that is not paid."""
    history = History(inside)
    await history.begin_with_cart(on_hand=ON_HAND, twice=False)
    async with database.read() as session:
        cups, tea = await orders.lines(session, history.order_id)
    return Ordered(history, cups.id, tea.id)


@pytest.fixture
async def sold(ordered: Ordered) -> Ordered:
    """One that is."""
    await ordered.pay()
    return ordered


@ON_BOTH
async def test_an_order_is_shipped_in_parts_until_nothing_is_left_of_it(sold: Ordered) -> None:
    cups, tea = sold.cups, sold.tea
    first = await sold.ship({tea: 1})
    assert (await sold.fulfilment(), await sold.left()) == ("partly_shipped", [1, 1])
    rest = await sold.ship()
    assert rest.units == {cups: 1, tea: 1}
    assert (await sold.fulfilment(), await sold.left()) == ("shipped", [0, 0])
    with pytest.raises(ShipmentRefused, match="Nothing is left to ship"):
        await sold.ship()
    told = [(kind, who, data) for kind, who, data in await written(sold.id) if "shipped" in kind]
    about = {"carrier": "India Post", "tracking": "EA123456789IN"}
    assert told == [
        ("partly_shipped", "merchant", {"shipment_id": first.shipment.id, "units": 1, **about}),
        ("shipped", "merchant", {"shipment_id": rest.shipment.id, "units": 2, **about}),
    ]
    said = "It was shipped by India Post, tracking number EA123456789IN."
    assert (await timeline(sold.id))[-1] == ("shipped", said)
    assert await violations() == []


async def test_no_more_of_a_line_is_shipped_than_was_bought(sold: Ordered) -> None:
    cups, tea = sold.cups, sold.tea
    await sold.ship({tea: 1})
    for units, refusal in (
        ({tea: 2}, "Only 1 of Kulhad cups can be shipped"),
        ({cups: 2, tea: 1}, "Only 1 of Kulhad cups can be shipped"),
    ):
        with pytest.raises(ShipmentRefused, match=refusal):
            await sold.ship(units)
    with pytest.raises(InvalidInput):
        await sold.ship({cups: 1, "unknown": 1})
    assert (len(await rows(Shipment)), len(await rows(ShipmentLine)), await sold.fulfilment()) == (
        1,
        1,
        "partly_shipped",
    )


async def test_what_is_not_paid_goes_nowhere_or_is_of_nobody_is_not_shipped(ordered: Ordered) -> None:
    with pytest.raises(ShipmentRefused, match="money"):
        await ordered.ship()
    with pytest.raises(OrderNotFound):
        await service.ship("unknown", None, carrier="India Post", request_key="key", by=SHOPKEEPER)
    await ordered.pay()
    for carrier in ("", " ", "x" * 61, "India\x00Post"):
        with pytest.raises(InvalidInput):
            await ordered.ship(carrier=carrier)
    async with database.write() as session:
        await session.exec(update(Order).where(col(Order.id) == ordered.id).values(ships_to=None))
    with pytest.raises(ShipmentRefused, match="postal address"):
        await ordered.ship({ordered.cups: 1})
    assert (await rows(Shipment), await ordered.fulfilment()) == ([], "unfulfilled")


async def test_the_orders_page_says_what_is_on_its_way_in_the_place_of_the_promise_that_it_will_be(
    sold: Ordered,
) -> None:
    said = []
    for units in ({}, {sold.tea: 2}, {sold.cups: 1}):
        if units:
            await sold.ship(units)
        async with database.read() as session:
            record = await gather(session, await session.get_one(Order, sold.id))
        said.append(order_view(record, Reader.OTHER, Terms(shipping="Sent on Mondays.")).steps)
    part = "A part of the order was shipped by India Post, tracking number EA123456789IN."
    rest = "It was shipped by India Post, tracking number EA123456789IN."
    assert said == [("Sent on Mondays.",), (part, "Sent on Mondays."), (part, rest)]


async def test_a_file_is_in_no_parcel(inside: Inside) -> None:
    items = [Item(await put_on_shelf(9)), Item(await put_on_shelf(9, slug="book", digital=True))]
    made = await checkout.create_order(BUYER, items, to=somewhere())
    history = History(inside, made.order.id, gateway_order_ids=[made.razorpay_order_id])
    async with database.read() as session:
        cups, book = await orders.lines(session, made.order.id)
    order = Ordered(history, cups.id, book.id)
    await order.pay()
    with pytest.raises(InvalidInput):
        await order.ship({book.id: 1})
    assert ((await order.ship()).units, await order.fulfilment()) == ({cups.id: 1}, "shipped")


@ON_BOTH
async def test_of_several_who_ship_the_same_units_at_once_one_does(sold: Ordered) -> None:
    done = await asyncio.gather(*(sold.ship({sold.tea: 2}) for _ in range(6)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Parcel", *["ShipmentRefused"] * 5]
    assert sum(line.units for line in await rows(ShipmentLine)) == 2


@ON_BOTH
async def test_the_same_key_is_the_same_parcel_and_another_body_under_it_is_refused(sold: Ordered) -> None:
    cups, tea = sold.cups, sold.tea
    made = await asyncio.gather(*(sold.ship({tea: 1}, key="key") for _ in range(3)))
    assert len({each.shipment.id for each in made}) == 1
    for other in (
        sold.ship({tea: 2}, key="key"),
        sold.ship(key="key"),
        sold.take_back({tea: 1}, key="key"),
    ):
        with pytest.raises(KeyUsed):
            await other
    with pytest.raises(KeyUsed):
        await sold.ship({tea: 1}, key="key", carrier="Delhivery")
    back = [await sold.take_back({tea: 1}, key="back") for _ in range(2)]
    assert back[0].shipment.id == back[1].shipment.id
    with pytest.raises(KeyUsed):
        await sold.take_back({tea: 1}, key="back", restock=False)
    assert await sold.shelf() == [ON_HAND - 1, 9 - 2 + 1]
    assert cups in (await sold.ship()).units


async def test_what_was_refunded_by_its_line_is_not_shipped_and_what_is_wholly_refunded_neither(sold: Ordered) -> None:
    cups, tea = sold.cups, sold.tea
    await sold.refund({tea: 1})
    assert await sold.left() == [1, 1]
    with pytest.raises(ShipmentRefused, match="Only 1 of Kulhad cups"):
        await sold.ship({tea: 2})
    await sold.ship({cups: 1})
    sold.history.inside.line.troubles += ["500"] * 5  # it is planned, and Razorpay does not answer
    await sold.refund()
    sold.history.inside.line.troubles.clear()
    assert (await row(Order, sold.id)).payment_status == "partially_refunded"
    with pytest.raises(ShipmentRefused, match="money"):
        await sold.ship()
    assert await sold.left() == [0, 0]


async def test_an_order_is_delivered_once_all_of_its_parcels_are(sold: Ordered) -> None:
    cups, tea = sold.cups, sold.tea
    first = await sold.ship({cups: 1})
    arrived = await service.deliver(first.shipment.id, SHOPKEEPER)
    assert (await sold.fulfilment(), arrived.units) == ("partly_shipped", {cups: 1})
    second = await sold.ship({tea: 1})
    third = await sold.ship({tea: 1})
    await service.deliver(second.shipment.id, SHOPKEEPER)
    assert await sold.fulfilment() == "shipped"
    for _ in range(2):
        await service.deliver(third.shipment.id, SHOPKEEPER)
    again = await service.deliver(first.shipment.id, SHOPKEEPER)
    assert (await sold.fulfilment(), again.shipment.delivered_at) == ("delivered", arrived.shipment.delivered_at)
    told = [kind for kind, _ in await timeline(sold.id)]
    assert told[-3:] == ["shipped", "partly_delivered", "delivered"]
    back = await sold.take_back({cups: 1})
    for unknown in (back.shipment.id, "unknown"):
        with pytest.raises(ShipmentNotFound):
            await service.deliver(unknown, SHOPKEEPER)


@ON_BOTH
async def test_that_it_arrived_is_told_once_however_many_say_it_at_once(sold: Ordered) -> None:
    parcel = await sold.ship()
    told = await asyncio.gather(*(service.deliver(parcel.shipment.id, SHOPKEEPER) for _ in range(6)))
    assert len({each.shipment.delivered_at for each in told}) == 1
    assert [kind for kind, _ in await timeline(sold.id)][-2:] == ["shipped", "delivered"]


@ON_BOTH
async def test_what_comes_back_goes_on_the_shelf_where_it_is_to_be_sold_again_and_only_once(sold: Ordered) -> None:
    cups, tea = sold.cups, sold.tea
    with pytest.raises(ReturnRefused, match="Only 0 of Kulhad cups can have come back"):
        await sold.take_back({cups: 1})
    await sold.ship()
    await sold.take_back({tea: 1}, restock=False)
    assert (await sold.fulfilment(), await sold.shelf()) == ("shipped", [ON_HAND - 1, 7])
    with pytest.raises(ReturnRefused, match="Only 1 of Kulhad cups can have come back"):
        await sold.take_back({tea: 2})
    done = await asyncio.gather(*(sold.take_back({cups: 1, tea: 1}) for _ in range(2)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Parcel", "ReturnRefused"]
    assert (await sold.fulfilment(), await sold.shelf()) == ("returned", [ON_HAND, 8])
    assert (await timeline(sold.id))[-1] == ("came_back", "What was shipped came back to the shop.")
    with pytest.raises(InvalidInput):
        await sold.take_back({"unknown": 1})


async def test_what_came_back_does_not_go_on_the_shelf_again_with_its_money(sold: Ordered) -> None:
    cups, tea = sold.cups, sold.tea
    await sold.ship()
    await sold.take_back({cups: 1, tea: 2})
    await sold.refund()
    assert ((await row(Order, sold.id)).status, await sold.shelf()) == ("refunded", [ON_HAND, 9])
    assert await violations() == []


async def test_what_went_on_the_shelf_with_its_money_is_not_shipped_when_the_bank_returns_that(sold: Ordered) -> None:
    refunds_end(sold.history, "pending")
    await sold.refund()
    assert await sold.shelf() == [ON_HAND, 9]
    at_the_bank(sold.history, "failed")
    await refunded.adopt(sold.payment_id)
    assert (await row(Order, sold.id)).status == "paid"
    with pytest.raises(ShipmentRefused, match="back on the shelf"):
        await sold.ship()
    assert await sold.shelf() == [ON_HAND, 9]


async def test_when_the_rest_was_refunded_what_was_shipped_is_all_there_is(sold: Ordered) -> None:
    cups, tea = sold.cups, sold.tea
    first = await sold.ship({tea: 2})
    await sold.refund({cups: 1})
    assert (await sold.fulfilment(), await sold.left()) == ("partly_shipped", [0, 0])
    await service.deliver(first.shipment.id, SHOPKEEPER)
    assert await sold.fulfilment() == "delivered"
    await sold.take_back({tea: 1})
    await sold.refund({tea: 1})
    async with database.read() as session:
        sent = await parcels.sent(session, await session.get_one(Order, sold.id))
    assert [(line.shipped, line.returned, line.left) for line in sent.lines] == [(0, 0, 0), (2, 1, 0)]
    await sold.take_back({tea: 1})
    assert (await sold.fulfilment(), await sold.shelf()) == ("returned", [ON_HAND - 1, 9])
