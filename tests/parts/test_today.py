"""What was sold today, as days are in India: sums around midnight, and each figure opens the rows that it is of."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from ulid import ULID

from checkout_app.core import clock, database, ids
from checkout_app.core.errors import InvalidInput
from checkout_app.core.rounds import Round
from checkout_app.journal.models import Issue, Subject
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders.listing import View, list_orders
from checkout_app.merchant.today import service, sums
from checkout_app.merchant.today.sums import DAYS, Sum
from checkout_app.merchant.today.wording import books, sold
from checkout_app.orders.models import Order, Stock
from checkout_app.payments.checks import watch
from checkout_app.payments.models import GatewayOrder, Payment, Refund
from checkout_app.payments.statuses import PaymentStatus, Purpose, RefundStatus
from tests.conftest import ON_BOTH
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, put_on_shelf

pytestmark = [ON_BOTH, pytest.mark.usefixtures("inside")]
TODAY = date(2026, 11, 28)
NOON = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)
"""In which the 28th begins in India."""
MOMENT = timedelta(milliseconds=1)


def _id_of(at: datetime) -> str:
    return str(ULID.from_datetime(at))


async def _sale(at: datetime, amount: int = 100_00, **values: Any) -> str:
    """Let an order be placed at a moment, and paid two minutes later unless something else is said."""
    order = {
        "id": _id_of(at),
        "created_at": at,
        "paid_at": at + timedelta(minutes=2),
        "payment_status": "paid",
        "stock": Stock.SOLD,
    }
    money = {"subtotal": amount, "amount": amount, "currency": "INR"}
    rest: Mapping[str, Any] = {
        "buyer_id": BUYER.user_id,
        "email": BUYER.email,
        "name": BUYER.name,
        "tax_scheme": "regular",
        "idempotency_key": ids.new_id(),
        "request_digest": "",
        "expires_at": at + timedelta(minutes=15),
        "updated_at": at,
    }
    made = Order(**{**rest, **money, **order, **values})
    async with database.write() as session:
        session.add(made)
    return made.id


async def _back(order_id: str, at: datetime, amount: int, purpose: Purpose = Purpose.ORDER, **values: Any) -> None:
    """Let money of an order go back at a moment."""
    name = ids.new_id()
    money: Mapping[str, Any] = {"amount": amount, "currency": "INR", "order_id": order_id}
    paid: Mapping[str, Any] = {"status": PaymentStatus.CAPTURED, "purpose": purpose}
    async with database.write() as session:
        session.add(GatewayOrder(id=f"order_{name}", key_id="rzp_test_TestKey0000001", **money))
        await session.flush()
        session.add(Payment(id=f"pay_{name}", gateway_order_id=f"order_{name}", **paid, **money))
        await session.flush()
        refund = {"id": _id_of(at), "created_at": at, "payment_id": f"pay_{name}", "status": RefundStatus.PROCESSED}
        session.add(Refund(**{**refund, **money, **values}))
        (await session.get_one(Order, order_id)).payment_status = "partially_refunded"


async def _listed(view: View, day: date) -> list[str]:
    return [each.id for each in (await list_orders(view, day=day)).items]


async def test_a_day_begins_at_midnight_in_india() -> None:
    before, after = await _sale(MIDNIGHT - MOMENT, 1_00), await _sale(MIDNIGHT, 2_00)
    last = await _sale(MIDNIGHT + timedelta(days=1) - MOMENT, 4_00)
    await _sale(MIDNIGHT + timedelta(days=1), 8_00)
    days = await sums.add_up(NOON)
    assert [each.day for each in days.days] == [TODAY - timedelta(days=ago) for ago in reversed(range(DAYS))]
    assert (days.today, days.days[-2].sum) == (Sum(2, 6_00), Sum(1, 1_00))
    assert await _listed(View.PAID, TODAY) == [last, after]
    assert await _listed(View.PAID, TODAY - timedelta(days=1)) == [before]


async def test_only_what_is_paid_is_sold_and_only_of_the_last_days() -> None:
    await _sale(NOON, paid_at=None, payment_status="unpaid", stock=Stock.HELD)
    await _sale(clock.beginning(TODAY - timedelta(days=DAYS - 1)) - MOMENT)
    refunded = await _sale(NOON, payment_status="refunded", stock=Stock.RESTOCKED)
    await _sale(NOON, currency="USD")
    days = await sums.add_up(NOON)
    assert (days.today, sum(each.sum.orders for each in days.days), days.others) == (Sum(1, 100_00), 1, {"USD": 1})
    assert refunded in await _listed(View.PAID, TODAY)


async def test_yesterday_is_told_until_this_time_of_day() -> None:
    yesterday = NOON - timedelta(days=1)
    for at, amount in ((yesterday - MOMENT, 1_00), (yesterday, 2_00), (yesterday + timedelta(hours=3), 4_00)):
        await _sale(at, amount)
    await _sale(MIDNIGHT - timedelta(days=1) - MOMENT, 8_00)
    days = await sums.add_up(NOON)
    assert (days.by_now, days.days[-2].sum) == (Sum(1, 1_00), Sum(3, 7_00))
    assert (days.today.average, days.days[-2].sum.average) == (0, 2_33)


async def test_what_went_back_counts_on_the_day_on_which_it_did() -> None:
    order_id = await _sale(NOON - timedelta(days=9))
    await _back(order_id, MIDNIGHT - MOMENT, 1_00)
    await _back(order_id, MIDNIGHT, 2_00)
    await _back(order_id, NOON, 4_00, status=RefundStatus.FAILED)
    await _back(order_id, NOON, 8_00, Purpose.RETURN)
    days = await sums.add_up(NOON)
    assert (days.today.refunds, days.days[-2].sum.refunds, days.by_now.refunds) == (2_00, 1_00, 0)
    assert await _listed(View.REFUNDED, TODAY) == [order_id]
    assert await _listed(View.REFUNDED, TODAY - timedelta(days=2)) == []
    assert await _listed(View.ALL, TODAY) == []


async def test_a_day_is_listed_page_by_page_and_searched() -> None:
    made = [await _sale(MIDNIGHT + timedelta(hours=hour), name=f"Asha {hour % 2}") for hour in range(5)]
    await _sale(MIDNIGHT - MOMENT, name="Asha 0")
    seen: list[str] = []
    cursor: str | None = None
    while page := await list_orders(View.PAID, day=TODAY, cursor=cursor, limit=2):
        seen += [each.id for each in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == made[::-1]
    found = await list_orders(View.PAID, day=TODAY, search="asha 0")
    assert ([each.id for each in found.items], found.next_cursor) == ([made[4], made[2], made[0]], None)


async def test_a_search_within_a_day_stops_where_the_day_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [await _sale(MIDNIGHT + timedelta(hours=hour), name="Asha") for hour in range(-4, 3)]
    monkeypatch.setattr(listing, "REACH", 2)
    listing._end.cache_clear()  # noqa: SLF001 - where it counts so far
    try:
        seen: list[str] = []
        page = await list_orders(View.ALL, day=TODAY, search="asha")
        while True:
            seen += [each.id for each in page.items]
            if page.next_cursor is None:
                break
            page = await list_orders(View.ALL, day=TODAY, search="asha", cursor=page.next_cursor)
    finally:
        listing._end.cache_clear()  # noqa: SLF001 - so that nobody else looks only as far
    assert seen == made[:-4:-1]


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(3000, 1, 1), date.max])
async def test_a_day_on_which_nothing_can_have_happened_is_refused(day: date) -> None:
    with pytest.raises(InvalidInput):
        await list_orders(day=day)


async def test_it_is_said_whether_every_paisa_is_in_its_place(inside: Inside) -> None:
    today = await service.look()
    assert (sold(today), books(today)[0]) == ("", "info")
    history = History(inside)
    await history.begin(on_hand=3, twice=False)
    await history.live(("attempt", 0, "success"), ("callback", 0, ""))
    await watch.look()
    assert books(await service.look()) == (
        "success",
        "Every paisa is in its place: 1 payment in 30 days, ₹0.00 apart, checked just now.",
    )


@pytest.mark.parametrize(
    ("kept", "waits", "tone"),
    [
        ({}, "wrong_amount", "warning"),
        ({}, "cancel_asked", "success"),
        ({"found": [{"rule": "refunds add up", "subject": "pay_1", "detail": "1 of 2"}]}, "", "danger"),
        ({"due_at": datetime(2026, 11, 28, 6, 30, tzinfo=UTC)}, "", "warning"),
    ],
    ids=["money waits", "a buyer waits", "a rule does not hold", "nobody looks"],
)
async def test_or_that_it_is_not(kept: Mapping[str, Any], waits: str, tone: str) -> None:
    now = clock.now()
    async with database.write() as session:
        session.add(Round(**{"id": watch.NAME, "reached": now, "due_at": now + watch.PACE, **kept}))
        if waits:
            session.add(Issue(kind=waits, subject=Subject.ORDER, subject_id=ids.new_id()))
    assert books(await service.look())[0] == tone


async def test_what_runs_low_is_told_least_first() -> None:
    for left in (6, 5, 0, 2):
        await put_on_shelf(left, slug=f"cups-{left}")
    assert [low.left for low in (await service.look()).low] == [0, 2, 5]
