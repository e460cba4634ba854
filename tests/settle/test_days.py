"""A day ends at another moment here than there, and a year too: what happens at that moment is seen, and once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import update

from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.payments import reconcile, sweep
from checkout_app.payments.checks.comparison import compare_with_gateway
from checkout_app.payments.models import GatewayOrder, Payment
from tests.support.histories import History
from tests.support.inside import rows

ENDS = {
    "a year in India": datetime(2025, 12, 31, 18, 30, tzinfo=UTC),
    "a year in UTC": datetime(2026, 1, 1, tzinfo=UTC),
    "a day in India": datetime(2026, 2, 28, 18, 30, tzinfo=UTC),
    "a day in UTC": datetime(2026, 3, 1, tzinfo=UTC),
}
SECOND = timedelta(seconds=1)


def _made_at(history: History, moment: datetime) -> None:
    """Let the gateway have made its order and its payment at a moment."""
    made_at = int(moment.timestamp())
    change = "UPDATE entities SET created_at = ?, body = json_set(body, '$.created_at', ?)"
    history.inside.gateway.store.rows(change, made_at, made_at)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("off", [-SECOND, timedelta(), SECOND])
async def test_a_payment_at_the_end_of_a_day_is_found_and_compared(
    history: History, monkeypatch: pytest.MonkeyPatch, end: str, off: timedelta
) -> None:
    moment = ENDS[end] + off
    await history.act(("attempt", 0, "success"))
    _made_at(history, moment)
    monkeypatch.setattr(clock, "now", lambda: moment + SECOND)
    async with database.write() as session:
        await session.exec(update(GatewayOrder).values(created_at=moment))
        session.add(Round(id="sweep", reached=moment - timedelta(minutes=2), due_at=moment))
    told = list[str]()
    [missing] = (await compare_with_gateway(progress=told.append)).violations
    assert (missing.rule, told[-1].startswith("1 payments compared")) == ("missing", True)
    assert await sweep.sweep_due() == 1
    await reconcile.check_order(history.order_id)
    assert [payment.status for payment in await rows(Payment)] == ["captured"]
    assert (await compare_with_gateway()).violations == []
