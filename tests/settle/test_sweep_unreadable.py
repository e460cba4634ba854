"""The sweep finds what is good beside what can't be understood, and has that named."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import update

from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.orders.models import Order
from checkout_app.payments import reconcile, settle, sweep
from razorpay_sandbox.payments import attempts
from tests.support.acts import in_the_dashboard, told_oddly
from tests.support.histories import AMOUNT, History
from tests.support.inside import row, rows
from tests.support.shops import KEY_ID
from tests.support.untold import ODD, another_order, open_issues, pay


async def _sweep() -> int:
    async with database.write() as session:
        await session.exec(update(Order).values(due_at=None))
        await session.exec(update(Round).values(due_at=clock.now() - timedelta(seconds=1)))
    return await sweep.sweep_due()


async def _came_through() -> bool:
    """Tell whether the last sweep did: its mark may stay where it is, since the gateway tells the time in seconds."""
    return [mark.attempts for mark in await rows(Round)] == [0]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
async def test_the_sweep_finds_the_good_payments_beside_an_odd_one_and_has_that_named(
    history: History, odd: dict[str, Any]
) -> None:
    await sweep.sweep_due()
    other = await another_order(history)
    await history.act(("attempt", 0, "failure"))
    pay(history, other.razorpay_order_id)
    with told_oddly(history, "payment", 0, **odd):
        assert await _sweep() == 2
        assert await _came_through()
        assert await reconcile.check_due() == 2
    assert (await row(Order, other.order.id)).status == "paid"
    assert [(kind, about) for kind, about, _ in await open_issues()] == [("unreadable", history.gateway_order_ids[0])]


STRANGE_NAMES: list[Any] = [
    None,
    7,
    [],
    ["order_A"],
    {},
    {"id": "order_A"},
    "",
    "../orders",
    pytest.param("order_\0", id="name with a NUL"),
    pytest.param("order_\u2028", id="name with a line separator"),
]


@pytest.mark.parametrize("name", STRANGE_NAMES, ids=repr)
async def test_the_sweep_passes_by_what_names_nothing_of_ours(history: History, paid: str, name: Any) -> None:
    await sweep.sweep_due()
    other = await another_order(history)
    strange = attempts.begin(history.inside.gateway, KEY_ID, attempts.AttemptRequest(amount=AMOUNT))["id"]
    attempts.conclude(history.inside.gateway, strange, "success")
    for refunded in (strange, paid, pay(history, other.razorpay_order_id)):
        in_the_dashboard(history, refunded, 200)
    with ExitStack() as stack:
        stack.enter_context(told_oddly(history, "payment", 1, order_id=name))
        stack.enter_context(told_oddly(history, "refund", 0, payment_id=name))
        assert await _sweep() == 2
    assert await _came_through()
    assert await reconcile.check_due() == 2
    statuses = [(await row(Order, order_id)).status for order_id in (history.order_id, other.order.id)]
    assert statuses == ["partially_refunded", "partially_refunded"]


@pytest.mark.parametrize("odd", [{"status": "on its way"}, {"amount": 0}, {"id": None}, {"id": ["rfnd_A"]}], ids=repr)
async def test_the_sweep_finds_the_good_refunds_beside_an_odd_one_and_has_that_named(
    history: History, paid: str, odd: dict[str, Any]
) -> None:
    other = await another_order(history)
    other_payment = pay(history, other.razorpay_order_id)
    await settle.settle(other_payment)
    await sweep.sweep_due()
    assert await _sweep() == 0
    for payment_id in (paid, other_payment):
        in_the_dashboard(history, payment_id, 100)
    with told_oddly(history, "payment", 0, amount_refunded=0), told_oddly(history, "refund", 0, **odd):
        assert await _sweep() == 2
        assert await _came_through()
    with told_oddly(history, "refund", 0, **odd):
        assert await reconcile.check_due() == 2
    assert (await row(Order, other.order.id)).status == "partially_refunded"
    assert [(kind, about) for kind, about, _ in await open_issues()] == [("unreadable", paid)]
