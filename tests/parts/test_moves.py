"""The table of moves, on a real database: every allowed move happens, every other changes nothing.

And what waits for a person, which the two databases keep unique each in its own way.
"""

import pytest

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.journal import issues
from checkout_app.journal.models import Subject
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.moves import (
    HANDLINGS,
    MOVES,
    Fulfilment,
    OrderEvent,
    OrderPayment,
    OrderState,
    OrderStatus,
    Place,
    api_status,
)
from checkout_app.orders.timeline import IssueKind
from tests.conftest import ON_BOTH
from tests.support.histories import SHOPKEEPER
from tests.support.inside import BUYER, Inside, put_on_shelf, timeline, waits_for

E = OrderEvent
PLACES: list[Place] = [(state, payment) for state in OrderState for payment in OrderPayment]
OPEN, EXPIRED, CANCELLED, COMPLETED = OrderState
UNPAID, CONFIRMING, PAID, PARTLY, REFUNDED = OrderPayment

ALLOWED: dict[tuple[Place, OrderEvent], Place] = {
    ((OPEN, UNPAID), E.CONFIRMING): (OPEN, CONFIRMING),
    ((OPEN, UNPAID), E.PAID): (OPEN, PAID),
    ((OPEN, UNPAID), E.EXPIRED): (EXPIRED, UNPAID),
    ((OPEN, UNPAID), E.SOLD_OUT): (EXPIRED, UNPAID),
    ((OPEN, UNPAID), E.CANCELLED): (CANCELLED, UNPAID),
    ((OPEN, UNPAID), E.TEST_CLOSED): (CANCELLED, UNPAID),
    ((OPEN, CONFIRMING), E.REOPENED): (OPEN, UNPAID),
    ((OPEN, CONFIRMING), E.PAID): (OPEN, PAID),
    ((OPEN, CONFIRMING), E.SOLD_OUT): (EXPIRED, UNPAID),
    ((OPEN, CONFIRMING), E.TEST_CLOSED): (CANCELLED, UNPAID),
    ((OPEN, PAID), E.PARTIALLY_REFUNDED): (OPEN, PARTLY),
    ((OPEN, PAID), E.REFUNDED): (OPEN, REFUNDED),
    ((OPEN, PARTLY), E.REFUNDED): (OPEN, REFUNDED),
    ((OPEN, PARTLY), E.REFUND_FAILED): (OPEN, PAID),
    ((OPEN, REFUNDED), E.PARTIALLY_REFUNDED): (OPEN, PARTLY),
    ((OPEN, REFUNDED), E.REFUND_FAILED): (OPEN, PAID),
    ((EXPIRED, UNPAID), E.CONFIRMING): (EXPIRED, CONFIRMING),
    ((EXPIRED, UNPAID), E.PAID): (OPEN, PAID),
    ((EXPIRED, UNPAID), E.RETURNED): (EXPIRED, REFUNDED),
    ((EXPIRED, CONFIRMING), E.REOPENED): (EXPIRED, UNPAID),
    ((EXPIRED, CONFIRMING), E.PAID): (OPEN, PAID),
    ((EXPIRED, CONFIRMING), E.SOLD_OUT): (EXPIRED, UNPAID),
    ((EXPIRED, CONFIRMING), E.TEST_CLOSED): (CANCELLED, UNPAID),
    ((EXPIRED, REFUNDED), E.PAID): (OPEN, PAID),
    ((EXPIRED, REFUNDED), E.RETURN_FAILED): (EXPIRED, UNPAID),
    ((CANCELLED, UNPAID), E.RETURNED): (CANCELLED, REFUNDED),
    ((CANCELLED, REFUNDED), E.RETURN_FAILED): (CANCELLED, UNPAID),
    ((COMPLETED, PAID), E.PARTIALLY_REFUNDED): (COMPLETED, PARTLY),
    ((COMPLETED, PAID), E.REFUNDED): (COMPLETED, REFUNDED),
    ((COMPLETED, PARTLY), E.REFUNDED): (COMPLETED, REFUNDED),
    ((COMPLETED, PARTLY), E.REFUND_FAILED): (COMPLETED, PAID),
    ((COMPLETED, REFUNDED), E.PARTIALLY_REFUNDED): (COMPLETED, PARTLY),
    ((COMPLETED, REFUNDED), E.REFUND_FAILED): (COMPLETED, PAID),
}
"""From where an event moves an order, and to where: written out, so that nobody changes the program's table alone."""

UNFULFILLED, PARTLY_SHIPPED, SHIPPED, DELIVERED, BACK = Fulfilment
HANDLED: dict[tuple[Fulfilment, OrderEvent], Fulfilment] = {
    (UNFULFILLED, E.PARTLY_SHIPPED): PARTLY_SHIPPED,
    (UNFULFILLED, E.SHIPPED): SHIPPED,
    (PARTLY_SHIPPED, E.PARTLY_SHIPPED): PARTLY_SHIPPED,
    (PARTLY_SHIPPED, E.SHIPPED): SHIPPED,
    (PARTLY_SHIPPED, E.DELIVERED): DELIVERED,
    (PARTLY_SHIPPED, E.CAME_BACK): BACK,
    (SHIPPED, E.DELIVERED): DELIVERED,
    (SHIPPED, E.CAME_BACK): BACK,
    (DELIVERED, E.CAME_BACK): BACK,
}
"""The same of what the buyer has."""

WORDS = {
    (OPEN, UNPAID): OrderStatus.CREATED,
    (EXPIRED, UNPAID): OrderStatus.EXPIRED,
    (CANCELLED, UNPAID): OrderStatus.CANCELLED,
    **{(state, CONFIRMING): OrderStatus.CONFIRMING for state in OrderState},
    **{(state, PAID): OrderStatus.PAID for state in OrderState},
    **{(state, PARTLY): OrderStatus.PARTIALLY_REFUNDED for state in OrderState},
    **{(state, REFUNDED): OrderStatus.REFUNDED for state in OrderState},
}
"""The API's word for each place at which an order can be."""


@pytest.fixture
async def order_id(inside: Inside) -> str:
    """An order of the only unit there is."""
    assert inside
    return (await checkout.create_order(BUYER, [Item(await put_on_shelf(1))])).order.id


async def _try(order_id: str, place: Place, event: OrderEvent) -> Place | None:
    """Put an order at a place and let something happen to it: to where that moves it, None when it does not."""
    async with database.write() as session:
        [order] = await database.lock(session, Order, [order_id])
        order.state, order.payment_status = place
        await session.flush()
        before = order.model_dump()
        events = len(await orders.timeline(session, order_id))
        moved = await orders.move(session, order, event)
        await session.flush()
        told = [entry.kind for entry in (await orders.timeline(session, order_id))[events:]]
    async with database.read() as session:
        now = await session.get_one(Order, order_id)
    assert told == ([event] if moved else []), f"{event} at {place}"
    assert moved or now.model_dump() == before, f"{event} at {place}"
    return (OrderState(now.state), OrderPayment(now.payment_status)) if moved else None


async def test_of_all_events_at_all_places_exactly_the_allowed_ones_move_an_order(order_id: str) -> None:
    moved = {(place, event): await _try(order_id, place, event) for place in PLACES for event in MOVES}
    assert {tried: to for tried, to in moved.items() if to} == ALLOWED


def test_every_event_that_moves_is_one_of_the_table_and_every_other_is_only_told() -> None:
    assert set(MOVES) == {event for _, event in ALLOWED}
    assert set(HANDLINGS) == {event for _, event in HANDLED}
    assert set(OrderEvent) - set(MOVES) - set(HANDLINGS) == {
        E.CREATED,
        E.PAYMENT_FAILED,
        E.RETURNING,
        E.REFUND,
        E.RESTOCKED,
        E.DISPUTE,
        E.RECOVERED,
        E.LINKS_ENDED,
        E.OUTSIDE,
        E.DOWNLOADED,
        E.NOTED,
        E.READDRESSED,
        E.MAILED,
        E.PARTLY_DELIVERED,
        E.PARTLY_CAME_BACK,
    }


async def test_what_happens_to_parcels_moves_what_the_buyer_has_along_allowed_ways_and_no_money(order_id: str) -> None:
    moved = {(place, event): await _try_handling(order_id, place, event) for place in Fulfilment for event in HANDLINGS}
    assert {tried: to for tried, to in moved.items() if to} == HANDLED


async def _try_handling(order_id: str, place: Fulfilment, event: OrderEvent) -> Fulfilment | None:
    async with database.write() as session:
        [order] = await database.lock(session, Order, [order_id])
        order.fulfilment_status = place
        await session.flush()
        before, events = order.model_dump(), len(await orders.timeline(session, order_id))
        moved = await orders.handle(session, order, event)
        told = [entry.kind for entry in (await orders.timeline(session, order_id))[events:]]
    async with database.read() as session:
        now = (await session.get_one(Order, order_id)).model_dump()
    assert told == ([event] if moved else []), f"{event} at {place}"
    assert now | {"fulfilment_status": place} == before, f"{event} at {place}"
    assert moved or now == before
    return Fulfilment(now["fulfilment_status"]) if moved else None


@pytest.mark.parametrize("place", PLACES, ids=" ".join)
def test_a_place_has_one_word_in_the_api(place: Place) -> None:
    if place == (COMPLETED, UNPAID):  # nothing that is owed for is ever completed
        with pytest.raises(KeyError):
            api_status(*place)
    else:
        assert api_status(*place) is WORDS[place]


def test_every_place_to_which_an_order_is_moved_has_a_word() -> None:
    assert {to for to in ALLOWED.values() if to not in WORDS} == set()


async def test_becoming_paid_is_dated_once(order_id: str) -> None:
    dates = set()
    for event in (E.PAID, E.PARTIALLY_REFUNDED, E.REFUND_FAILED):
        async with database.write() as session:
            [order] = await database.lock(session, Order, [order_id])
            assert await orders.move(session, order, event)
            dates.add(order.paid_at)
    assert order.status == "paid"
    assert len(dates) == 1
    assert None not in dates


async def _raise(order_id: str, kind: IssueKind, detail: str = "", about: str = "") -> bool:
    async with database.write() as session:
        [order] = await database.lock(session, Order, [order_id])
        return await orders.open_issue(session, order, kind, about, detail=detail)


async def _said(order_id: str) -> list[str]:
    return [message for kind, message in await timeline(order_id) if kind in {"attention", "decided"}]


@ON_BOTH
async def test_an_issue_is_raised_once_for_each_kind_and_thing_it_is_about(order_id: str) -> None:
    asked = [
        (IssueKind.OTHER, "A."),
        (IssueKind.UNREADABLE, "B."),
        (IssueKind.OTHER, "C."),
        (IssueKind.UNREADABLE, "D."),
    ]
    assert [await _raise(order_id, *issue) for issue in asked] == [True, True, False, False]
    assert await _raise(order_id, IssueKind.OTHER, "E.", about="pay_A")
    told = "Razorpay does not tell about this order: D."
    assert sorted(await waits_for(order_id)) == ["C.", "E.", told]
    assert sorted(await _said(order_id)) == ["C.", "E.", told]


async def test_what_still_holds_after_a_decision_asks_for_a_person_again(order_id: str) -> None:
    assert await _raise(order_id, IssueKind.OTHER, "One.")
    async with database.write() as session:
        [issue] = await issues.open_issues(session, Subject.ORDER, [order_id])
        decided = await issues.close_issue(session, issue, "Decided.", SHOPKEEPER)
    assert (decided.kind, decided.data, decided.actor_id) == ("decided", {"issue_id": issue.id}, SHOPKEEPER.user_id)
    assert await waits_for(order_id) == []
    assert [await _raise(order_id, IssueKind.OTHER, "One.") for _ in range(2)] == [True, False]
    assert await _said(order_id) == ["One.", "Decided.", "One."]
    assert await waits_for(order_id) == ["One."]
