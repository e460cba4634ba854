"""A refund is followed until the bank has ended it, however long that takes and whether or not somebody tells."""

from datetime import timedelta

import pytest

from checkout_app.core import clock, database
from checkout_app.orders.models import Order
from checkout_app.payments import reconcile, service
from tests.support.acts import at_the_bank, refunds_end
from tests.support.histories import History
from tests.support.inside import row, violations, waits_for


async def _weeks_pass(history: History) -> None:
    """Let the order be as old as if it had not changed for a month, and be looked at when it is time to."""
    async with database.write() as session:
        order = await session.get_one(Order, history.order_id)
        order.updated_at, order.due_at = clock.now() - timedelta(days=30), clock.now()
    assert await reconcile.check_due() == 1


@pytest.mark.parametrize(("ends", "status"), [("failed", "paid"), ("processed", "refunded")])
async def test_a_bank_that_ends_a_refund_weeks_later_and_tells_nobody_is_heard(
    history: History, paid: str, ends: str, status: str
) -> None:
    refunds_end(history, "pending")
    await service.refund(paid, 48000, reason="All.", request_key="key")
    await _weeks_pass(history)
    again = (await row(Order, history.order_id)).due_at
    assert again
    assert timedelta(hours=23) < again - clock.now() < timedelta(hours=25)
    at_the_bank(history, ends)
    await _weeks_pass(history)
    order = await row(Order, history.order_id)
    assert (order.status, len(await waits_for(order.id))) == (status, int(ends == "failed"))
    await _weeks_pass(history)
    assert (await row(Order, history.order_id)).due_at is None, "nothing of it may change any more"
    assert await violations() == []
