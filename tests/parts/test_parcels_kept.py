"""What is kept of a parcel is all that was said of it, and by whom; the same under its key is the same parcel."""

from collections.abc import Sequence

import pytest

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.fulfilment import service
from checkout_app.fulfilment.errors import KeyUsed
from checkout_app.fulfilment.models import LONGEST_TRACKING
from checkout_app.fulfilment.parcels import Parcel
from checkout_app.fulfilment.service import Units
from checkout_app.orders import service as orders
from checkout_app.payments import service as payments
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import Inside, written
from tests.support.webhooks import new_event_id


@pytest.fixture
async def sold(inside: Inside) -> History:
    """A paid order of one unit of cups and two of tea."""
    history = History(inside)
    await history.begin_with_cart(on_hand=3, twice=False)
    await history.live(("attempt", 0, "success"), ("callback", 0, ""))
    return history


async def _lines(sold: History) -> list[str]:
    async with database.read() as session:
        return [line.id for line in await orders.lines(session, sold.order_id)]


async def _ship(
    sold: History, units: Units | None = None, *, carrier: str = "India Post", tracking: str = "", key: str = ""
) -> Parcel:
    key = key or new_event_id()
    how = {"carrier": carrier, "tracking": tracking, "request_key": key}
    return await service.ship(sold.order_id, units, **how, by=SHOPKEEPER)


async def _take_back(sold: History, units: Units, *, restock: bool = True, key: str = "") -> Parcel:
    key = key or new_event_id()
    return await service.take_back(sold.order_id, units, restock=restock, request_key=key, by=SHOPKEEPER)


async def _counted(sold: History) -> Sequence[tuple[str, int, int, int]]:
    sent = await service.look(sold.order_id)
    return [(each.line.id, each.shipped, each.returned, each.left) for each in sent.lines]


async def test_a_parcel_keeps_who_brings_it_and_its_number_and_a_return_whether_it_is_sold_again(sold: History) -> None:
    cups, tea = await _lines(sold)
    numbered = (await _ship(sold, {tea: 1}, carrier=" By  hand ", tracking=" EA 1 ")).shipment
    plain = (await service.ship(sold.order_id, None, carrier="Ravi", request_key="rest", by=SHOPKEEPER)).shipment
    assert (numbered.carrier, numbered.tracking, plain.tracking) == ("By hand", "EA 1", "")
    back = [(await _take_back(sold, {line: 1}, restock=line == cups)).shipment.restock for line in (cups, tea)]
    assert back == [True, False]


async def test_what_can_not_be_kept_is_refused_by_its_field(sold: History) -> None:
    too_long = "9" * (LONGEST_TRACKING + 1)
    for refused, field in (
        (_ship(sold, carrier=""), "carrier"),
        (_ship(sold, carrier="India\x00Post"), "carrier"),
        (_ship(sold, tracking=too_long), "tracking"),
        (_ship(sold, {"unknown": 1}), "lines"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await refused
        assert list(refusal.value.fields) == [field]


async def test_under_a_key_the_same_units_are_the_same_in_any_order_and_others_are_others(sold: History) -> None:
    cups, tea = await _lines(sold)
    sent = [await _ship(sold, units, key="out") for units in ({cups: 1, tea: 2}, {tea: 2, cups: 1})]
    assert sent[0].shipment.id == sent[1].shipment.id
    with pytest.raises(KeyUsed):
        await _ship(sold, {cups: 1, tea: 2}, tracking="EA1", key="out")
    await _take_back(sold, {tea: 1}, key="back")
    with pytest.raises(KeyUsed):
        await _take_back(sold, {cups: 1}, key="back")


async def test_whoever_says_that_a_parcel_arrived_or_came_back_is_written_down(sold: History) -> None:
    cups, tea = await _lines(sold)
    first, rest = [await _ship(sold, units) for units in ({cups: 1}, None)]
    for parcel in (first, rest):
        await service.deliver(parcel.shipment.id, SHOPKEEPER)
    back = [await _take_back(sold, units) for units in ({tea: 2}, {cups: 1})]
    kinds = ("partly_delivered", "delivered", "partly_came_back", "came_back")
    assert [event for event in await written(sold.order_id) if event[0] in kinds] == [
        (kind, "merchant", {"shipment_id": parcel.shipment.id, "units": units})
        for kind, parcel, units in zip(kinds, (first, rest, *back), (1, 2, 2, 1), strict=True)
    ]


async def test_units_that_came_back_are_still_counted_as_shipped_whatever_becomes_of_the_money(sold: History) -> None:
    cups, tea = await _lines(sold)
    await _ship(sold, {tea: 1})
    await _take_back(sold, {tea: 1})
    assert await _counted(sold) == [(cups, 0, 0, 1), (tea, 1, 1, 1)]
    payment_id = sold.inside.entities("payment")[-1]["id"]
    await payments.refund(payment_id, reason="Changed their mind.", request_key=new_event_id())
    assert await _counted(sold) == [(cups, 0, 0, 0), (tea, 1, 1, 0)]
