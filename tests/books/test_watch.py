"""The watch of the books: each rule names what offends, lately changed orders every minute, all of them every night."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import update

from checkout_app.catalog.models import Variant
from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.orders.models import Order
from checkout_app.payments.checks import watch
from checkout_app.payments.checks.rules import MOST, HeldStockAddsUp, check_rules
from checkout_app.payments.checks.scope import EVERYTHING, lately
from checkout_app.payments.models import Payment
from tests.support.histories import History
from tests.support.inside import Inside, put_on_shelf, row

LONG_AGO = timedelta(days=30)
_REST = ", ".join(column.name for column in Payment.__table__.columns if column.name != "id")  # type: ignore[attr-defined]
BROKEN = {
    "held stock adds up": ("UPDATE variants SET held = 1", "UPDATE variants SET held = 0"),
    "paid orders have their payment": (
        "UPDATE orders SET paid_at = NULL",
        "UPDATE orders SET paid_at = updated_at",
    ),
    "one payment an order": (
        f"INSERT INTO payments (id, {_REST}) SELECT 'pay_B', {_REST} FROM payments",  # noqa: S608 - our columns
        "DELETE FROM payments WHERE id = 'pay_B'",
    ),
    "captured money has a purpose": (
        "UPDATE payments SET purpose = 'none'",
        "UPDATE payments SET purpose = 'order'",
    ),
    "money that pays no order goes back": (
        "UPDATE payments SET purpose = 'return'",
        "UPDATE payments SET purpose = 'order'",
    ),
    "refunds add up": (
        "UPDATE payments SET amount_refunded = 1",
        "UPDATE payments SET amount_refunded = 0",
    ),
    "the order follows its refunds": (
        "UPDATE orders SET payment_status = 'refunded'",
        "UPDATE orders SET payment_status = 'paid'",
    ),
    "units go back once": (
        (
            "INSERT INTO refunds (created_at, id, payment_id, order_id, request_key, amount, currency, status, cause,"
            " reason, restock, attempts, updated_at) SELECT created_at, 'BACK', id, order_id, 'key', 200, currency,"
            " 'planned', 'requested', '', TRUE, 0, updated_at FROM payments;"
            "INSERT INTO refund_parts (created_at, id, refund_id, line_id, units, amount)"
            " SELECT created_at, 'PART', 'BACK', id, 2, 200 FROM order_lines"
        ),
        "DELETE FROM refund_parts; DELETE FROM refunds",
    ),
}
"""How each rule is broken, and mended."""
AT_NIGHT = "paid orders have their payment"


@pytest.fixture
async def order_id(inside: Inside) -> str:
    """An order that was paid, and about which nothing is open."""
    history = History(inside)
    await history.begin(on_hand=3, twice=False)
    await history.live(("attempt", 0, "success"), ("callback", 0, ""), ("webhook", 0, ""), ("handle", 0, ""))
    assert await check_rules() == []
    return history.order_id


async def _do(statements: str) -> None:
    async with database.write() as session:
        for statement in statements.split(";"):
            await session.exec(text(statement))


async def _let_it_be_old() -> None:
    long_ago = clock.now() - LONG_AGO
    async with database.write() as session:
        await session.exec(update(Order).values(updated_at=long_ago))
        await session.exec(update(Payment).values(updated_at=long_ago, captured_at=long_ago))


async def _look(**changes: Any) -> set[str]:
    """Let it be time to look; returns the rules that do not hold."""
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now(), **changes))
    await watch.look()
    return {violation.rule for violation in await watch.found()}


@pytest.mark.parametrize("rule", BROKEN)
async def test_a_rule_names_what_offends_until_it_is_right_again(order_id: str, rule: str) -> None:
    broken, mended = BROKEN[rule]
    await _do(broken)
    for scope in (EVERYTHING, lately(clock.now() - watch.LATELY), lately(clock.now(), [order_id])):
        found = {violation.rule: violation for violation in await check_rules(scope)}
        assert found[rule].order_id in {order_id, ""}
        assert found[rule].detail
    await _do(mended)
    assert await check_rules() == []


@pytest.mark.parametrize("rule", [rule for rule in BROKEN if rule != "held stock adds up"])
async def test_what_changed_long_ago_is_not_looked_at_every_minute(order_id: str, rule: str) -> None:
    await _let_it_be_old()
    await _do(BROKEN[rule][0])
    assert await check_rules(lately(clock.now() - watch.LATELY)) == []
    assert order_id in {violation.order_id for violation in await check_rules()}


@pytest.mark.usefixtures("order_id")
async def test_what_only_the_night_finds_is_an_alarm_until_it_is_right() -> None:
    await _let_it_be_old()
    assert await _look() == set()
    broken, mended = BROKEN[AT_NIGHT]
    await _do(broken)
    assert await _look() == set(), "not by day"
    assert await _look(reached=clock.now() - timedelta(days=1)) == {AT_NIGHT}
    assert (await row(Round, watch.NAME)).reached > clock.now() - timedelta(minutes=1)
    await _let_it_be_old()
    assert await _look() == {AT_NIGHT}, "looked at again every minute"
    await _do(mended)
    assert await _look() == set()


async def test_of_more_than_are_named_none_is_forgotten(order_id: str) -> None:
    same = ", ".join(c.name for c in Order.__table__.columns if c.name not in {"id", "number", "idempotency_key"})  # type: ignore[attr-defined]
    for number in range(MOST + 5):
        unique = f"'{number:026}', '{number:08}', 'copy {number}'"
        await _do(
            f"INSERT INTO orders (id, number, idempotency_key, {same}) SELECT {unique}, {same} FROM orders"  # noqa: S608 - our columns
            f" WHERE id = '{order_id}'"
        )
    await _let_it_be_old()
    await _look()
    assert await _look(reached=clock.now() - timedelta(days=1)) == {AT_NIGHT}
    for violation in await watch.found():
        await _do(f"DELETE FROM orders WHERE id = '{violation.order_id}'")  # noqa: S608 - our id
    assert await _look() == {AT_NIGHT}, "those that were not named"


@pytest.mark.parametrize(
    ("reached", "now", "night"),
    [
        ("2026-11-25T21:29", "2026-11-25T21:31", True),
        ("2026-11-25T21:31", "2026-11-26T21:29", False),
        ("2026-11-25T21:31", "2026-11-26T21:30", True),
        ("2026-11-25T12:00", "2026-11-25T20:00", False),
        ("2026-11-20T12:00", "2026-11-25T20:00", True),
        ("2026-12-31T18:29", "2026-12-31T18:31", False),  # a year ends in India
        ("2026-12-31T21:29", "2026-12-31T21:31", True),
        ("2026-12-31T21:31", "2027-01-01T00:01", False),
    ],
)
async def test_everything_is_looked_at_once_a_night(
    order_id: str, monkeypatch: pytest.MonkeyPatch, reached: str, now: str, *, night: bool
) -> None:
    assert order_id
    await _let_it_be_old()
    await watch.look()
    await _do(BROKEN[AT_NIGHT][0])
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    async with database.write() as session:
        await session.exec(update(Order).values(updated_at=moment - LONG_AGO))
    found = await _look(reached=datetime.fromisoformat(reached).replace(tzinfo=UTC))
    assert (AT_NIGHT in found) == night


@pytest.mark.usefixtures("order_id")
async def test_a_watch_that_does_not_come_through_is_an_alarm_itself() -> None:
    await _do("ALTER TABLE issues RENAME TO issues_away")
    try:
        for _ in range(2):
            with pytest.raises(ExceptionGroup):
                await _look()
        assert {violation.rule for violation in await watch.found()} == {"the books are watched"}
    finally:
        await _do("ALTER TABLE issues_away RENAME TO issues")
    assert await _look() == set()


@pytest.mark.usefixtures("order_id")
async def test_a_watch_that_nobody_keeps_is_an_alarm_too() -> None:
    assert await _look() == set()
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now() - watch.LEASE - timedelta(seconds=1)))
    assert {violation.rule for violation in await watch.found()} == {"the books are watched"}


async def test_of_many_that_offend_a_few_are_named(inside: Inside) -> None:
    assert inside
    for number in range(MOST + 5):
        await put_on_shelf(3, slug=f"cups-{number}")
    async with database.write() as session:
        await session.exec(update(Variant).values(held=1))
    assert len(await HeldStockAddsUp().check(EVERYTHING)) == MOST
