"""What the people of the shop do about somebody else's order: what they note only they read; an unpaid one ends."""

import pytest

from checkout_app.buyer.bodies import body_of
from checkout_app.buyer.order.views import order_view
from checkout_app.buyer.own_data import service as own_data
from checkout_app.catalog.models import Variant
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.merchant.orders.bodies import WholeBody
from checkout_app.merchant.orders.whole import whole
from checkout_app.orders import by_shop
from checkout_app.orders.by_shop import LONGEST_NOTE
from checkout_app.orders.errors import OrderClosed, OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import Reader
from checkout_app.payments import settle
from checkout_app.payments.record import gather
from checkout_app.seller.service import Terms
from tests.conftest import ON_BOTH
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import BUYER, Inside, reconcile_once, row, timeline, violations, written

NOTE = "Rude on the phone, but she pays."


@pytest.fixture
async def history(inside: Inside) -> History:
    """An unpaid order of one unit of three."""
    begun = History(inside)
    await begun.begin(on_hand=3, twice=False)
    return begun


async def test_a_note_is_read_by_the_people_of_the_shop_and_by_nobody_else(history: History) -> None:
    await by_shop.note(history.order_id, f"  {NOTE} ", SHOPKEEPER)
    found = await whole(history.order_id)
    [deed] = [deed for deed in WholeBody.of(found).timeline if deed.kind == "noted"]
    assert (deed.message, deed.actor) == (f"Note: {NOTE}", "merchant")
    assert (await written(history.order_id))[-1] == ("noted", "merchant", {"note": NOTE})
    async with database.read() as session:
        record = await gather(session, await session.get_one(Order, history.order_id))
    for reader in (Reader.BUYER, Reader.OTHER):
        assert NOTE not in body_of(record, reader, [], []).model_dump_json()
        assert NOTE not in str(order_view(record, reader, Terms()))
    assert NOTE not in str(await own_data.export(BUYER))


@pytest.mark.parametrize(
    "note", ["", " \u200b", "x" * (LONGEST_NOTE + 1), "nul\0"], ids=["none", "unseen", "long", "nul"]
)
async def test_what_is_no_note_is_refused(history: History, note: str) -> None:
    with pytest.raises(InvalidInput):
        await by_shop.note(history.order_id, note, SHOPKEEPER)


@ON_BOTH
async def test_an_unpaid_order_is_cancelled_and_money_that_comes_all_the_same_goes_back(history: History) -> None:
    await by_shop.cancel(history.order_id, SHOPKEEPER)
    assert ((await row(Order, history.order_id)).status, (await row(Variant, history.product_id)).held) == (
        "cancelled",
        0,
    )
    assert (await timeline(history.order_id))[-1] == ("cancelled", "The shop cancelled the order.")
    with pytest.raises(OrderClosed):
        await by_shop.cancel(history.order_id, SHOPKEEPER)
    await history.act(("attempt", 0, "success"))
    await reconcile_once(history.order_id)
    assert (await row(Order, history.order_id)).status == "refunded"
    assert await violations() == []


async def test_what_is_paid_or_not_there_is_not_cancelled(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    await settle.settle(history.inside.entities("payment")[-1]["id"])
    with pytest.raises(OrderClosed):
        await by_shop.cancel(history.order_id, SHOPKEEPER)
    assert (await row(Order, history.order_id)).status == "paid"
    for act in (by_shop.cancel("unknown", SHOPKEEPER), by_shop.note("unknown", NOTE, SHOPKEEPER)):
        with pytest.raises(OrderNotFound):
            await act
