"""Parcels of an order: never more than was bought, each unit in one place, and the order says what its buyer has."""

import asyncio
from collections.abc import Sequence
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
from checkout_app.payments import refunds
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


@pytest.fixture
async def history(inside: Inside) -> History:
    """An order of one unit of cups and two of tea that goes to an address, of three and of nine."""
    begun = History(inside)
    await begun.begin_with_cart(on_hand=ON_HAND, twice=False)
    return begun


@pytest.fixture
async def paid(history: History) -> str:
    """The id of the payment that pays it."""
    await history.live(("attempt", 0, "success"), ("callback", 0, ""))
    return str(history.inside.entities("payment")[-1]["id"])


@pytest.fixture
async def lines(history: History) -> tuple[str, str]:
    """The ids of its lines."""
    async with database.read() as session:
        cups, tea = await orders.lines(session, history.order_id)
    return cups.id, tea.id


async def _ship(history: History, units: Units | None = None, key: str = "", carrier: str = "India Post") -> Parcel:
    how = {"carrier": carrier, "tracking": "EA123456789IN", "request_key": key or new_event_id()}
    return await service.ship(history.order_id, units, **how, by=SHOPKEEPER)


async def _take_back(history: History, units: Units, *, restock: bool = True, key: str = "") -> Parcel:
    key = key or new_event_id()
    return await service.take_back(history.order_id, units, restock=restock, request_key=key, by=SHOPKEEPER)


async def _refund(payment_id: str, of: Parts | None = None) -> None:
    await payments.refund(payment_id, of=of, reason="Changed their mind.", request_key=new_event_id())


async def _fulfilment(history: History) -> str:
    return (await row(Order, history.order_id)).fulfilment_status


async def _shelf(history: History) -> Sequence[int | None]:
    """How many there are of each, the cups first."""
    return [(await row(Variant, product_id)).on_hand for product_id in history.shelf]


async def _left(history: History) -> list[int]:
    return [line.left for line in (await service.look(history.order_id)).lines]


@ON_BOTH
async def test_an_order_is_shipped_in_parts_until_nothing_is_left_of_it(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, tea = lines
    assert paid
    first = await _ship(history, {tea: 1})
    assert (await _fulfilment(history), await _left(history)) == ("partly_shipped", [1, 1])
    rest = await _ship(history)
    assert rest.units == {cups: 1, tea: 1}
    assert (await _fulfilment(history), await _left(history)) == ("shipped", [0, 0])
    with pytest.raises(ShipmentRefused, match="Nothing is left to ship"):
        await _ship(history)
    told = [(kind, who, data) for kind, who, data in await written(history.order_id) if "shipped" in kind]
    about = {"carrier": "India Post", "tracking": "EA123456789IN"}
    assert told == [
        ("partly_shipped", "merchant", {"shipment_id": first.shipment.id, "units": 1, **about}),
        ("shipped", "merchant", {"shipment_id": rest.shipment.id, "units": 2, **about}),
    ]
    said = "It was shipped by India Post, tracking number EA123456789IN."
    assert (await timeline(history.order_id))[-1] == ("shipped", said)
    assert await violations() == []


async def test_no_more_of_a_line_is_shipped_than_was_bought(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, tea = lines
    assert paid
    await _ship(history, {tea: 1})
    for units, refusal in (
        ({tea: 2}, "Only 1 of Kulhad cups can be shipped"),
        ({cups: 2, tea: 1}, "Only 1 of Kulhad cups can be shipped"),
    ):
        with pytest.raises(ShipmentRefused, match=refusal):
            await _ship(history, units)
    with pytest.raises(InvalidInput):
        await _ship(history, {cups: 1, "unknown": 1})
    assert (len(await rows(Shipment)), len(await rows(ShipmentLine)), await _fulfilment(history)) == (
        1,
        1,
        "partly_shipped",
    )


async def test_what_is_not_paid_goes_nowhere_or_is_of_nobody_is_not_shipped(
    history: History, lines: tuple[str, str]
) -> None:
    with pytest.raises(ShipmentRefused, match="money"):
        await _ship(history)
    with pytest.raises(OrderNotFound):
        await service.ship("unknown", None, carrier="India Post", request_key="key", by=SHOPKEEPER)
    await history.live(("attempt", 0, "success"), ("callback", 0, ""))
    for carrier in ("", " ", "x" * 61, "India\x00Post"):
        with pytest.raises(InvalidInput):
            await _ship(history, carrier=carrier)
    async with database.write() as session:
        await session.exec(update(Order).where(col(Order.id) == history.order_id).values(ships_to=None))
    with pytest.raises(ShipmentRefused, match="postal address"):
        await _ship(history, {lines[0]: 1})
    assert (await rows(Shipment), await _fulfilment(history)) == ([], "unfulfilled")


async def test_the_orders_page_says_what_is_on_its_way_in_the_place_of_the_promise_that_it_will_be(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    assert paid
    said = []
    for units in ({}, {lines[1]: 2}, {lines[0]: 1}):
        if units:
            await _ship(history, units)
        async with database.read() as session:
            record = await gather(session, await session.get_one(Order, history.order_id))
        said.append(order_view(record, Reader.OTHER, Terms(shipping="Sent on Mondays.")).steps)
    part = "A part of the order was shipped by India Post, tracking number EA123456789IN."
    rest = "It was shipped by India Post, tracking number EA123456789IN."
    assert said == [("Sent on Mondays.",), (part, "Sent on Mondays."), (part, rest)]


async def test_a_file_is_in_no_parcel(inside: Inside) -> None:
    items = [Item(await put_on_shelf(9)), Item(await put_on_shelf(9, slug="book", digital=True))]
    made = await checkout.create_order(BUYER, items, to=somewhere())
    history = History(inside, made.order.id, gateway_order_ids=[made.razorpay_order_id])
    await history.live(("attempt", 0, "success"), ("callback", 0, ""))
    async with database.read() as session:
        cups, book = await orders.lines(session, made.order.id)
    with pytest.raises(InvalidInput):
        await _ship(history, {book.id: 1})
    assert ((await _ship(history)).units, await _fulfilment(history)) == ({cups.id: 1}, "shipped")


@ON_BOTH
async def test_of_several_who_ship_the_same_units_at_once_one_does(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    assert paid
    done = await asyncio.gather(*(_ship(history, {lines[1]: 2}) for _ in range(6)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Parcel", *["ShipmentRefused"] * 5]
    assert sum(line.units for line in await rows(ShipmentLine)) == 2


@ON_BOTH
async def test_the_same_key_is_the_same_parcel_and_another_body_under_it_is_refused(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, tea = lines
    assert paid
    made = await asyncio.gather(*(_ship(history, {tea: 1}, key="key") for _ in range(3)))
    assert len({each.shipment.id for each in made}) == 1
    for other in (
        _ship(history, {tea: 2}, key="key"),
        _ship(history, key="key"),
        _take_back(history, {tea: 1}, key="key"),
    ):
        with pytest.raises(KeyUsed):
            await other
    with pytest.raises(KeyUsed):
        await _ship(history, {tea: 1}, key="key", carrier="Delhivery")
    back = [await _take_back(history, {tea: 1}, key="back") for _ in range(2)]
    assert back[0].shipment.id == back[1].shipment.id
    with pytest.raises(KeyUsed):
        await _take_back(history, {tea: 1}, key="back", restock=False)
    assert await _shelf(history) == [ON_HAND - 1, 9 - 2 + 1]
    assert cups in (await _ship(history)).units


async def test_what_was_refunded_by_its_line_is_not_shipped_and_what_is_wholly_refunded_neither(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, tea = lines
    await _refund(paid, Parts({tea: 1}))
    assert await _left(history) == [1, 1]
    with pytest.raises(ShipmentRefused, match="Only 1 of Kulhad cups"):
        await _ship(history, {tea: 2})
    await _ship(history, {cups: 1})
    history.inside.line.troubles += ["500"] * 5  # it is planned, and Razorpay does not answer
    await _refund(paid)
    history.inside.line.troubles.clear()
    assert (await row(Order, history.order_id)).payment_status == "partially_refunded"
    with pytest.raises(ShipmentRefused, match="money"):
        await _ship(history)
    assert await _left(history) == [0, 0]


async def test_an_order_is_delivered_once_all_of_its_parcels_are(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, tea = lines
    assert paid
    first = await _ship(history, {cups: 1})
    arrived = await service.deliver(first.shipment.id, SHOPKEEPER)
    assert (await _fulfilment(history), arrived.units) == ("partly_shipped", {cups: 1})
    second = await _ship(history, {tea: 1})
    third = await _ship(history, {tea: 1})
    await service.deliver(second.shipment.id, SHOPKEEPER)
    assert await _fulfilment(history) == "shipped"
    for _ in range(2):
        await service.deliver(third.shipment.id, SHOPKEEPER)
    again = await service.deliver(first.shipment.id, SHOPKEEPER)
    assert (await _fulfilment(history), again.shipment.delivered_at) == ("delivered", arrived.shipment.delivered_at)
    told = [kind for kind, _ in await timeline(history.order_id)]
    assert told[-3:] == ["shipped", "partly_delivered", "delivered"]
    back = await _take_back(history, {cups: 1})
    for unknown in (back.shipment.id, "unknown"):
        with pytest.raises(ShipmentNotFound):
            await service.deliver(unknown, SHOPKEEPER)


@ON_BOTH
async def test_that_it_arrived_is_told_once_however_many_say_it_at_once(history: History, paid: str) -> None:
    assert paid
    parcel = await _ship(history)
    told = await asyncio.gather(*(service.deliver(parcel.shipment.id, SHOPKEEPER) for _ in range(6)))
    assert len({each.shipment.delivered_at for each in told}) == 1
    assert [kind for kind, _ in await timeline(history.order_id)][-2:] == ["shipped", "delivered"]


@ON_BOTH
async def test_what_comes_back_goes_on_the_shelf_where_it_is_to_be_sold_again_and_only_once(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, tea = lines
    assert paid
    with pytest.raises(ReturnRefused, match="Only 0 of Kulhad cups can have come back"):
        await _take_back(history, {cups: 1})
    await _ship(history)
    await _take_back(history, {tea: 1}, restock=False)
    assert (await _fulfilment(history), await _shelf(history)) == ("shipped", [ON_HAND - 1, 7])
    with pytest.raises(ReturnRefused, match="Only 1 of Kulhad cups can have come back"):
        await _take_back(history, {tea: 2})
    done = await asyncio.gather(*(_take_back(history, {cups: 1, tea: 1}) for _ in range(2)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Parcel", "ReturnRefused"]
    assert (await _fulfilment(history), await _shelf(history)) == ("returned", [ON_HAND, 8])
    assert (await timeline(history.order_id))[-1] == ("came_back", "What was shipped came back to the shop.")
    with pytest.raises(InvalidInput):
        await _take_back(history, {"unknown": 1})


async def test_what_came_back_does_not_go_on_the_shelf_again_with_its_money(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, tea = lines
    await _ship(history)
    await _take_back(history, {cups: 1, tea: 2})
    await _refund(paid)
    assert ((await row(Order, history.order_id)).status, await _shelf(history)) == ("refunded", [ON_HAND, 9])
    assert await violations() == []


async def test_what_went_on_the_shelf_with_its_money_is_not_shipped_when_the_bank_returns_that(
    history: History, paid: str
) -> None:
    refunds_end(history, "pending")
    await _refund(paid)
    assert await _shelf(history) == [ON_HAND, 9]
    at_the_bank(history, "failed")
    await refunds.adopt(paid)
    assert (await row(Order, history.order_id)).status == "paid"
    with pytest.raises(ShipmentRefused, match="back on the shelf"):
        await _ship(history)
    assert await _shelf(history) == [ON_HAND, 9]


async def test_when_the_rest_was_refunded_what_was_shipped_is_all_there_is(
    history: History, paid: str, lines: tuple[str, str]
) -> None:
    cups, tea = lines
    first = await _ship(history, {tea: 2})
    await _refund(paid, Parts({cups: 1}))
    assert (await _fulfilment(history), await _left(history)) == ("partly_shipped", [0, 0])
    await service.deliver(first.shipment.id, SHOPKEEPER)
    assert await _fulfilment(history) == "delivered"
    await _take_back(history, {tea: 1})
    await _refund(paid, Parts({tea: 1}))
    async with database.read() as session:
        sent = await parcels.sent(session, await session.get_one(Order, history.order_id))
    assert [(line.shipped, line.returned, line.left) for line in sent.lines] == [(0, 0, 0), (2, 1, 0)]
    await _take_back(history, {tea: 1})
    assert (await _fulfilment(history), await _shelf(history)) == ("returned", [ON_HAND - 1, 9])
