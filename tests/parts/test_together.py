"""Several orders at once: each is shipped or refused by itself, and what is known of them takes no more questions."""

from typing import Final

import pytest

from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core.errors import InvalidInput
from checkout_app.fulfilment import service
from checkout_app.fulfilment.parcels import Parcel
from checkout_app.merchant.orders.chosen import MOST_CHOSEN, chosen
from checkout_app.merchant.orders.sheets_view import LabelView, PackedView, labels_view, slips_view
from checkout_app.merchant.orders.together_view import together_view
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.payments import service as payments
from checkout_app.payments import settle
from checkout_app.payments.refund_parts import Parts
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import BUYER, Inside, put_on_shelf, row
from tests.support.statements import reading
from tests.support.webhooks import new_event_id
from tests.support.zones import somewhere

SHIPPER: Final = Identity("SHIPPER", "SESSION", "ravi@example.in", "Ravi", Role.SHIPPER)
VIEWER: Final = Identity("VIEWER", "SESSION", "mina@example.in", "Mina", Role.VIEWER)


@pytest.fixture
async def shelf(inside: Inside) -> tuple[str, str]:
    """Cups and a book that is a file."""
    assert inside
    return await put_on_shelf(99), await put_on_shelf(99, slug="book", name="Twelve Dals", digital=True)


async def _order(inside: Inside, *items: Item, paid: bool = True) -> str:
    """Order something that goes to Mysuru, and pay it."""
    made = await checkout.create_order(BUYER, items, to=somewhere())
    if paid:
        history = History(inside, made.order.id, gateway_order_ids=[made.razorpay_order_id])
        await history.act(("attempt", 0, "success"))
        await settle.settle(inside.entities("payment")[-1]["id"])
    return made.order.id


async def _ship_each(*order_ids: str, key: str = "key", carrier: str = "India Post") -> list[str]:
    """Ship orders together; returns of each what was shipped of it, or why nothing was."""
    done = await service.ship_each(order_ids, carrier=carrier, request_key=key, by=SHOPKEEPER)
    assert list(done) == list(order_ids)
    return [each.shipment.id if isinstance(each, Parcel) else each.detail for each in done.values()]


async def test_each_is_shipped_or_refused_by_itself_and_the_same_key_answers_the_same(
    inside: Inside, shelf: tuple[str, str]
) -> None:
    first, second = [await _order(inside, Item(shelf[0], 2)) for _ in range(2)]
    unpaid = await _order(inside, Item(shelf[0]), paid=False)
    parcel, refused, unknown, other = await _ship_each(first, unpaid, "unknown", second)
    assert (refused, unknown) == ("Its money is not the shop's, or goes back.", OrderNotFound.sentence)
    assert [(await row(Order, each)).fulfilment_status for each in (first, unpaid, second)] == [
        "shipped",
        "unfulfilled",
        "shipped",
    ]
    assert await _ship_each(first, unpaid, "unknown", second) == [parcel, refused, unknown, other]
    assert await _ship_each(first, second, key="another") == ["Nothing is left to ship."] * 2
    with pytest.raises(InvalidInput):
        await _ship_each(first, carrier=" ")


async def test_what_is_known_of_several_is_what_is_known_of_each_in_as_many_questions_as_for_one(
    inside: Inside, shelf: tuple[str, str]
) -> None:
    cups, book = shelf
    whole, partly, refunded = [await _order(inside, Item(cups, 3), Item(book)) for _ in range(3)]
    payment_id = inside.entities("payment")[-1]["id"]
    line = (await service.look(refunded)).lines[0].line
    await payments.refund(payment_id, of=Parts({line.id: 1}), reason="One was chipped.", request_key=new_event_id())
    [line] = [each.line for each in (await service.look(partly)).lines]
    await service.ship(partly, {line.id: 2}, carrier="By hand", request_key="part", by=SHOPKEEPER)
    with reading() as for_one:
        await chosen([whole])
    with reading() as for_all:
        found = await chosen([whole, partly, refunded, whole])
    assert len(for_all) == len(for_one)
    assert [sent.order.id for sent in found] == [refunded, partly, whole]
    assert [list(sent.left.values()) for sent in found] == [[2], [1], [3]]
    assert [await service.look(sent.order.id) == sent for sent in found] == [True] * 3


@pytest.mark.parametrize("order_ids", [[], [str(n) for n in range(MOST_CHOSEN + 1)], ["x" * 27]], ids=len)
async def test_none_and_too_many_are_refused(inside: Inside, order_ids: list[str]) -> None:
    assert inside
    with pytest.raises(InvalidInput):
        await chosen(order_ids)


async def test_one_that_is_not_there_is_not_found(inside: Inside, shelf: tuple[str, str]) -> None:
    with pytest.raises(OrderNotFound):
        await chosen([await _order(inside, Item(shelf[0])), "unknown"])


async def test_the_page_says_what_can_be_shipped_and_by_whom(inside: Inside, shelf: tuple[str, str]) -> None:
    ready, unpaid = await _order(inside, Item(shelf[0], 2)), await _order(inside, Item(shelf[0]), paid=False)
    found = await chosen([ready, unpaid])
    view = together_view(SHIPPER, found)
    assert (view.title, view.ready, view.doing) == ("2 orders", (ready,), "Mark 1 order as shipped")
    of_unpaid, of_ready = view.orders
    assert (of_ready.buyer, of_ready.what, of_ready.sending, of_ready.why) == (
        "Asha, Mysuru",
        "2 × Kulhad cups",  # noqa: RUF001 - a true multiplication sign
        "To ship",
        "",
    )
    assert (of_unpaid.sending, of_unpaid.why) == ("", "Its money is not the shop's, or goes back.")
    assert together_view(VIEWER, found).ready == ()


async def test_a_slip_says_what_is_left_to_ship_without_prices_and_a_label_where_it_goes(
    inside: Inside, shelf: tuple[str, str]
) -> None:
    cups, book = shelf
    sold = await _order(inside, Item(cups, 3), Item(book))
    [line] = [each.line for each in (await service.look(sold)).lines]
    await service.ship(sold, {line.id: 1}, carrier="By hand", request_key="part", by=SHOPKEEPER)
    made = await checkout.create_order(BUYER, [Item(book)])
    order, found = await row(Order, sold), await chosen([sold, made.order.id])
    slips = slips_view(VIEWER, found, "Mitti")
    [slip] = slips.slips
    assert (slip.number, slip.name, slip.units) == (order.number, "Asha Rao", "2 items")
    assert slip.lines == (PackedView("2", "Kulhad cups", "cups"),)
    assert slips.without == f"Nothing is in a parcel of {made.order.number}."
    labels = labels_view(VIEWER, found, "Mitti", "Karnataka")
    address = ("12, Sayyaji Rao Road", "Near Devaraja Market", "Mysuru", "Karnataka")
    assert labels.labels == (LabelView(order.number, "Asha Rao", address, "570001", "+919876543210"),)
    assert labels.without == f"There is no postal address of {made.order.number}."
    await service.ship(sold, None, carrier="By hand", request_key="rest", by=SHOPKEEPER)
    [slip] = slips_view(VIEWER, await chosen([sold]), "Mitti").slips
    assert slip.units == "3 items"
