"""Who reads the books while people buy sees one state of them: the rules raise no false alarm, records agree.

Each has a control run that reads as was once done, which sees what never was.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import col, func, select

from checkout_app.core import database
from checkout_app.core.postgres import Postgres
from checkout_app.orders.models import Order
from checkout_app.payments.checks.rules import check_rules
from checkout_app.payments.models import Payment, PaymentAllocation
from checkout_app.payments.record import gather
from checkout_app.payments.statuses import Purpose
from tests.conftest import ON_BOTH
from tests.support.crowd import BUYERS, buying
from tests.support.inside import Inside

SECONDS = 20.0 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 3.0
PATIENCE = 60.0
"""Seconds in which a control must have seen what never was."""


async def _look_on(look: Callable[[], Awaitable[bool]], done: list[str]) -> None:
    """Look again and again for a while in which people really buy; the answer must be True each time."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until or len(done) < BUYERS:
        assert await look()


async def _look_until_wrong(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while await look():
            pass


async def _no_rule_is_broken() -> bool:
    found = await check_rules()
    assert found == []
    return True


async def _newest_record_agrees() -> bool:
    """Look whether the newest order, its payments, refunds and events tell of the same moment."""
    async with database.read() as session:
        order = (await session.exec(select(Order).order_by(col(Order.id).desc()).limit(1))).one_or_none()
        if order is None:
            return True
        record = await gather(session, order)
    kept = [payment for payment in record.payments if payment.purpose == Purpose.ORDER]
    heard = [event for event in record.events if event.kind == "paid"]
    return bool(order.paid_at) == bool(kept) == bool(heard)


async def _two_questions_agree() -> bool:
    async with database.ask() as session:
        paid = (await session.exec(select(func.count()).select_from(PaymentAllocation))).one()
    async with database.ask() as session:
        paying = (await session.exec(select(func.count()).where(Payment.purpose == Purpose.ORDER))).one()
    return bool(paid == paying)


async def test_the_rules_raise_no_false_alarm(inside: Inside) -> None:
    async with buying(inside) as done:
        await _look_on(_no_rule_is_broken, done)


@ON_BOTH
async def test_a_record_is_of_one_moment(inside: Inside) -> None:
    async with buying(inside) as done:
        await _look_on(_newest_record_agrees, done)


async def test_control_a_rule_in_two_questions_raises_false_alarms(inside: Inside) -> None:
    async with buying(inside):
        await _look_until_wrong(_two_questions_agree)


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
async def test_control_with_the_usual_isolation_of_postgresql_a_record_is_of_several(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Postgres, "reading", Postgres.writing)
        async with buying(inside):
            await _look_until_wrong(_newest_record_agrees)
