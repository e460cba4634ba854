"""When an order is looked at again: ever later after its last change, and often while a buyer may be paying."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderPayment, OrderState, Place
from checkout_app.payments.reconcile import next_check

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = 60, 3600, 86400
SPREAD = timedelta(seconds=5)


PLACES: dict[str, list[Place]] = {
    "created": [(OrderState.OPEN, OrderPayment.UNPAID)],
    "confirming": [(state, OrderPayment.CONFIRMING) for state in (OrderState.OPEN, OrderState.EXPIRED)],
    "expired": [(OrderState.EXPIRED, OrderPayment.UNPAID)],
    "cancelled": [(OrderState.CANCELLED, OrderPayment.UNPAID)],
    "paid": [(state, OrderPayment.PAID) for state in (OrderState.OPEN, OrderState.COMPLETED)],
    "partially_refunded": [
        (state, OrderPayment.PARTIALLY_REFUNDED) for state in (OrderState.OPEN, OrderState.COMPLETED)
    ],
    "refunded": [(state, OrderPayment.REFUNDED) for state in OrderState],
}
"""Every place at which an order can be, by the API's word for it."""


def _order(place: Place, changed_ago: float, expires_in: float) -> Order:
    state, payment = place
    return Order(
        buyer_id="BUYER",
        email="",
        name="",
        state=state,
        payment_status=payment,
        subtotal=1,
        amount=1,
        currency="INR",
        tax_scheme="regular",
        idempotency_key="",
        request_digest="",
        expires_at=NOW + timedelta(seconds=expires_in),
        updated_at=NOW - timedelta(seconds=changed_ago),
    )


@pytest.mark.parametrize(
    ("status", "changed_ago", "expires_in", "seconds"),
    [
        ("created", 0, 900, 60),
        ("created", 60, 840, 60),
        ("created", 61, 839, 59),
        ("created", 120, 780, 100),
        ("created", 130, 770, 100),
        ("created", 299, 601, 30),
        ("created", 270, 630, 30),
        ("created", 269, 631, 31),
        ("created", 310, 50, 50),
        ("created", 310, 101, 100),
        ("created", 310, 99, 99),
        ("confirming", 130, 770, 100),
        ("confirming", 310, 50, 50),
        ("confirming", 20 * MINUTE, -1, 40 * MINUTE),
        ("confirming", 7 * DAY, -1, 7 * DAY),
        ("created", 8 * DAY, -1, 7 * DAY),
        ("paid", 0, 900, 60),
        ("paid", 130, 770, 170),
        ("paid", 5 * MINUTE, 600, 10 * MINUTE),
        ("paid", 15 * MINUTE, -1, 45 * MINUTE),
        ("paid", HOUR, -1, 2 * HOUR),
        ("expired", 6 * HOUR, -1, 6 * HOUR),
        ("expired", 12 * HOUR, -1, 12 * HOUR),
        ("expired", DAY, -1, DAY),
        ("expired", 2 * DAY, -1, DAY),
        ("expired", 4320 * MINUTE, -1, 2940 * MINUTE),
        ("expired", 7260 * MINUTE, -1, 2820 * MINUTE),
        ("expired", 7 * DAY - 1, -1, 30),
    ],
)
def test_an_order_is_looked_at_again_at_the_next_of_its_moments(
    status: str, changed_ago: float, expires_in: float, seconds: float
) -> None:
    soonest = NOW + timedelta(seconds=seconds)
    for place in PLACES[status]:
        order = _order(place, changed_ago, expires_in)
        moments = [next_check(order, NOW) for _ in range(200)]
        assert order.status == status
        assert all(moment and soonest <= moment < soonest + SPREAD for moment in moments), place
        assert len(set(moments)) > 100, "many orders that changed at once are not looked at in one instant"


@pytest.mark.parametrize(("drawn", "later"), [(0, 0), (500, 2500), (-1, 4995)])
def test_what_is_added_by_chance_is_anything_below_five_seconds(
    monkeypatch: pytest.MonkeyPatch, drawn: int, later: int
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda count: drawn % count)  # -1 is the largest there is
    order = _order((OrderState.OPEN, OrderPayment.PAID), 0, 900)
    assert next_check(order, NOW) == NOW + timedelta(minutes=1, milliseconds=later)


@pytest.mark.parametrize("status", ["paid", "expired", "cancelled", "refunded", "partially_refunded"])
def test_an_order_that_did_not_change_for_a_week_is_settled_for_good(status: str) -> None:
    assert [next_check(_order(place, 7 * DAY, -1), NOW) for place in PLACES[status]] == [None] * len(PLACES[status])


@pytest.mark.parametrize(("changed_ago", "seconds"), [(6 * DAY, DAY), (7 * DAY, DAY), (400 * DAY, DAY)])
def test_while_money_is_on_its_way_back_an_order_is_looked_at_every_day(changed_ago: float, seconds: float) -> None:
    moment = next_check(_order((OrderState.OPEN, OrderPayment.REFUNDED), changed_ago, -1), NOW, on_its_way=True)
    assert moment
    assert timedelta(seconds=seconds) <= moment - NOW < timedelta(seconds=seconds) + SPREAD
