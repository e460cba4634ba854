"""Each rule of the books by itself: it names exactly what offends, within its scope, and nothing that is right."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select, update

from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import settle
from checkout_app.payments.checks import rules
from checkout_app.payments.checks.alarms import SILENCE, WebhooksReachUs
from checkout_app.payments.checks.rules import Rule, check_rules
from checkout_app.payments.checks.scope import EVERYTHING, Scope, lately
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.models import Payment
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, put_on_shelf, rows, settings_for
from tests.support.neighbours import move_in
from tests.support.untold import another_order, pay

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_REST = ", ".join(column.name for column in Payment.__table__.columns if column.name != "id")  # type: ignore[attr-defined]
ANOTHER = f"INSERT INTO payments (id, {_REST}) SELECT 'pay_B', {_REST} FROM payments WHERE id = :paid_by"  # noqa: S608 - our columns
ALLOCATED = (
    "INSERT INTO payment_allocations (created_at, order_id, payment_id) "
    "SELECT created_at, id, :returned_by FROM orders WHERE id = :returned"
)
UNITS = (
    "INSERT INTO refund_parts (id, created_at, line_id, units, amount, refund_id) "
    "SELECT 'PART_{of}', created_at, id, {units} , 200 , :sent FROM order_lines WHERE order_id = :{of}"
)
LOST = "UPDATE refunds SET status = 'failed' WHERE payment_id = :returned_by"

Names = dict[str, str]
"""Ids of the books' orders and payments."""


@pytest.fixture
async def books(inside: Inside) -> Names:
    """A paid order, one whose money went back, one half refunded, a given up one and one that holds its unit."""
    history = History(inside)
    await history.begin(on_hand=9, twice=False)
    paid_by = pay(history, history.gateway_order_ids[0])
    await settle.settle(paid_by)
    cancelled = await another_order(history)
    async with database.write() as session:
        await orders.cancel(session, cancelled.order.id, BUYER)
    returned_by = pay(history, cancelled.razorpay_order_id)
    await settle.settle(returned_by)
    neighbour = await move_in(history)
    held = await another_order(history)
    [half_line] = [line.id for line in await rows(OrderLine) if line.order_id == neighbour.order_id]
    assert await check_rules() == []
    return {
        "paid": history.order_id,
        "paid_by": paid_by,
        "returned": cancelled.order.id,
        "returned_by": returned_by,
        "half": neighbour.order_id,
        "half_by": neighbour.payment_id,
        "half_line": half_line,
        "sent": neighbour.at_the_bank.id,
        "held": held.order.id,
    }


async def _do(books: Names, *statements: str) -> None:
    async with database.write() as session:
        for statement in statements:
            known = {name: value for name, value in books.items() if f":{name}" in statement.split()}
            await session.exec(text(statement), **known)


def _only(order_id: str) -> Scope:
    return Scope(lambda column: column == order_id)


PAID = "open, paid, sold, paid by {paid_by} of 48000"
WRONG: dict[type[Rule], list[tuple[str, str, str, str]]] = {
    rules.PaidOrdersHaveTheirPayment: [
        ("UPDATE orders SET paid_at = NULL WHERE id = :paid", "paid", "paid", PAID),
        ("UPDATE payments SET purpose = 'return' WHERE id = :paid_by", "paid", "paid", PAID),
        ("UPDATE payments SET status = 'failed' WHERE id = :paid_by", "paid", "paid", PAID),
        ("UPDATE payments SET amount = 47999 WHERE id = :paid_by", "paid", "paid", PAID.replace("48000", "47999")),
        ("UPDATE payments SET toward_order = 47999 WHERE id = :paid_by", "paid", "paid", PAID),
        ("UPDATE payments SET currency = 'USD' WHERE id = :paid_by", "paid", "paid", PAID),
        ("UPDATE orders SET stock = 'released' WHERE id = :paid", "paid", "paid", PAID.replace("sold", "released")),
        (
            "DELETE FROM payment_allocations WHERE order_id = :paid",
            "paid",
            "paid",
            "open, paid, sold, paid by nothing",
        ),
        (ALLOCATED, "returned", "returned", "cancelled, refunded, released, paid by {returned_by} of 48000"),
    ],
    rules.OnePaymentAnOrder: [(ANOTHER, "paid", "paid", "2 payments")],
    rules.CapturedMoneyHasAPurpose: [
        ("UPDATE payments SET purpose = 'none' WHERE id = :paid_by", "paid_by", "paid", "48000"),
    ],
    rules.MoneyThatPaysNoOrderGoesBack: [
        (
            "UPDATE payments SET purpose = 'return' WHERE id = :paid_by",
            "paid_by",
            "paid",
            "0 of 48000 is on its way",
        ),
        (
            "UPDATE payments SET purpose = 'attention' WHERE id = :half_by",
            "half_by",
            "half",
            "500 of 48000 is on its way",
        ),
        (LOST, "returned_by", "returned", "0 of 48000 is on its way"),
        (
            "UPDATE refunds SET amount = 47999 WHERE payment_id = :returned_by",
            "returned_by",
            "returned",
            "47999 of 48000 is on its way",
        ),
    ],
    rules.RefundsAddUp: [
        (
            "UPDATE payments SET amount_refunded = 1 WHERE id = :paid_by",
            "paid_by",
            "paid",
            "says 1, the refunds add up to 0",
        ),
        (LOST, "returned_by", "returned", "says 48000, the refunds add up to 0"),
        (
            "UPDATE refunds SET status = 'planned' WHERE payment_id = :returned_by",
            "returned_by",
            "returned",
            "says 48000, the refunds add up to 0",
        ),
        (
            "UPDATE refunds SET status = 'processed' WHERE payment_id = :half_by",
            "half_by",
            "half",
            "says 200, the refunds add up to 500",
        ),
    ],
    rules.OrdersFollowTheirRefunds: [
        ("UPDATE orders SET payment_status = 'refunded' WHERE id = :paid", "paid", "paid", "refunded, 0 refunded"),
        ("UPDATE orders SET payment_status = 'paid' WHERE id = :half", "half", "half", "paid, 200 refunded"),
        ("UPDATE orders SET payment_status = 'refunded' WHERE id = :half", "half", "half", "refunded, 200 refunded"),
        ("UPDATE refunds SET amount = 48000 WHERE id = :sent", "half", "half", "partially_refunded, 48000 refunded"),
        ("UPDATE refunds SET status = 'failed' WHERE id = :sent", "half", "half", "partially_refunded, 0 refunded"),
    ],
    rules.UnitsGoBackOnce: [(UNITS.format(of="half", units=2), "half_line", "half", "2 of 1 go back")],
}
"""Of each rule how it is broken, and then what offends, the order to look at again, and the detail."""


@pytest.mark.parametrize(
    ("rule", "statement", "subject", "order", "detail"), [(rule, *case) for rule in WRONG for case in WRONG[rule]]
)
async def test_a_rule_names_exactly_what_is_wrong_where_it_is_looked_for(
    books: Names, rule: type[Rule], statement: str, subject: str, order: str, detail: str
) -> None:
    await _do(books, statement)
    offender = Violation(rule.name, books[subject], detail.format(**books), books[order])
    assert await rule().check(EVERYTHING) == [offender]
    assert await rule().check(_only(books[order])) == [offender]
    assert await rule().check(_only(books["held"])) == []
    assert offender in await check_rules()


@pytest.mark.parametrize(
    ("rule", "statements"),
    [
        (rules.PaidOrdersHaveTheirPayment, ("UPDATE orders SET stock = 'restocked' WHERE id = :paid",)),
        (rules.OnePaymentAnOrder, (ANOTHER, "UPDATE payments SET status = 'failed' WHERE id = 'pay_B'")),
        (rules.OnePaymentAnOrder, (ANOTHER, "UPDATE payments SET purpose = 'return' WHERE id = 'pay_B'")),
        (
            rules.MoneyThatPaysNoOrderGoesBack,
            ("UPDATE refunds SET status = 'planned' WHERE payment_id = :returned_by",),
        ),
        (
            rules.MoneyThatPaysNoOrderGoesBack,  # a part of it went back by hand, the whole is refused when it is sent
            ("UPDATE refunds SET status = 'planned', amount = 58000 WHERE payment_id = :returned_by",),
        ),
        (rules.RefundsAddUp, ("UPDATE refunds SET status = 'pending' WHERE payment_id = :returned_by",)),
        (
            rules.OrdersFollowTheirRefunds,
            (
                "UPDATE refunds SET amount = 48000 WHERE id = :sent",
                "UPDATE orders SET payment_status = 'refunded' WHERE id = :half",
            ),
        ),
        (
            rules.OrdersFollowTheirRefunds,
            (
                "UPDATE payments SET purpose = 'attention' WHERE id = :paid_by",
                "UPDATE orders SET payment_status = 'refunded' WHERE id = :paid",
            ),
        ),
        (rules.UnitsGoBackOnce, (UNITS.format(of="half", units=1), UNITS.format(of="held", units=1))),
        (
            rules.UnitsGoBackOnce,
            (UNITS.format(of="half", units=2), "UPDATE refunds SET status = 'failed' WHERE id = :sent"),
        ),
    ],
)
async def test_a_rule_names_nothing_that_is_right(books: Names, rule: type[Rule], statements: tuple[str, ...]) -> None:
    await _do(books, *statements)
    assert await rule().check(EVERYTHING) == []


OF_ANOTHER_MODE = "UPDATE gateway_orders SET key_id = 'rzp_live_AAAAAAAAAAAAAA'"


async def test_money_of_another_mode_is_none(books: Names) -> None:
    await _do(books, LOST, OF_ANOTHER_MODE)
    async with database.write() as session:
        an_hour_ago = clock.now() - timedelta(hours=1)
        await session.exec(update(Payment).values(captured_at=an_hour_ago, announced_at=None))
    assert await rules.MoneyThatPaysNoOrderGoesBack().check(EVERYTHING) == []
    assert await WebhooksReachUs().check(EVERYTHING) == []
    await _do(books, "UPDATE gateway_orders SET key_id = 'rzp_test_AAAAAAAAAAAAAA'")
    assert len(await rules.MoneyThatPaysNoOrderGoesBack().check(EVERYTHING)) == 1
    assert len(await WebhooksReachUs().check(EVERYTHING)) > 1


async def test_money_that_goes_nowhere_is_right_only_while_a_person_is_told_of_its_order(books: Names) -> None:
    rule = rules.MoneyThatPaysNoOrderGoesBack()
    offender = Violation(rule.name, books["returned_by"], "0 of 48000 is on its way", books["returned"])
    await _do(books, LOST)
    for told, named in (("paid", [offender]), ("returned", [])):
        async with database.write() as session:
            assert await orders.open_issue(session, await session.get_one(Order, books[told]), IssueKind.OTHER)
        assert await rule.check(EVERYTHING) == named
    await _do(books, "UPDATE issues SET subject = 'variant'")
    assert await rule.check(EVERYTHING) == [offender]
    await _do(books, "UPDATE issues SET subject = 'order', resolved_at = created_at")
    assert await rule.check(EVERYTHING) == [offender]


@pytest.mark.parametrize(
    ("held", "wrong"),
    [
        ((3, 1, 0), {}),
        ((2, 1, 0), {"lamp": "2 held, 3 promised"}),
        ((4, 1, 0), {"lamp": "4 held, 3 promised"}),
        ((3, 0, 0), {"kulhad": "0 held, 1 promised"}),
        ((3, 1, 1), {"tray": "1 held, 0 promised"}),
        ((1, 3, 0), {"lamp": "1 held, 3 promised", "kulhad": "3 held, 1 promised"}),
    ],
)
async def test_of_a_variant_as_much_is_held_as_all_that_hold_it_were_promised_together(
    books: Names, held: tuple[int, ...], wrong: dict[str, str]
) -> None:
    lamp, kulhad, tray = [await put_on_shelf(9, slug=slug) for slug in ("lamp", "kulhad", "tray")]
    await checkout.create_order(BUYER, [Item(lamp, 2), Item(kulhad, 1)])
    await checkout.create_order(BUYER, [Item(lamp, 1)])
    for variant_id, units in zip((lamp, kulhad, tray), held, strict=True):
        async with database.write() as session:
            await session.exec(update(Variant).where(col(Variant.id) == variant_id).values(held=units))
    rule, ids = rules.HeldStockAddsUp(), {"lamp": lamp, "kulhad": kulhad, "tray": tray}
    offenders = {Violation(rule.name, ids[slug], detail) for slug, detail in wrong.items()}
    for scope in (EVERYTHING, _only(books["paid"])):
        assert set(await rule.check(scope)) == offenders


async def test_the_only_variant_is_compared_with_what_was_promised_of_it(inside: Inside) -> None:
    assert inside
    lamp = await put_on_shelf(9, slug="lamp")
    async with database.write() as session:
        await session.exec(update(Variant).values(held=1))
    rule = rules.HeldStockAddsUp()
    assert await rule.check(EVERYTHING) == [Violation(rule.name, lamp, "1 held, 0 promised")]


AN_INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("ago", "silent"),
    [
        (SILENCE, False),
        (SILENCE + AN_INSTANT, True),
        (timedelta(days=1) - AN_INSTANT, True),
        (timedelta(days=1), False),
    ],
)
async def test_money_that_no_webhook_told_of_is_named_after_two_minutes_and_for_a_day(
    books: Names, monkeypatch: pytest.MonkeyPatch, ago: timedelta, *, silent: bool
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    since = NOW - ago
    async with database.write() as session:
        await session.exec(update(Payment).values(captured_at=since, announced_at=since))
        untold = update(Payment).where(col(Payment.id) == books["paid_by"]).values(announced_at=None)
        await session.exec(untold)
    rule = WebhooksReachUs()
    named = [Violation(rule.name, books["paid_by"], f"captured {since:%H:%M} UTC, no webhook")]
    for scope in (EVERYTHING, _only(books["held"])):
        assert await rule.check(scope) == (named if silent else [])
    with settings_for(monkeypatch, RAZORPAY_WEBHOOK_SECRET=""):
        assert await rule.check(EVERYTHING) == [], "a shop without webhooks misses none"


async def _within(scope: Scope) -> set[str]:
    async with database.read() as session:
        return set((await session.exec(select(Order.id).where(scope.where(col(Order.id))), **scope.values)).all())


async def test_lately_is_what_changed_or_was_paid_since_what_holds_units_and_what_is_named_besides(
    books: Names,
) -> None:
    async with database.write() as session:
        for table in (Order, Payment):
            await session.exec(update(table).values(updated_at=NOW - AN_INSTANT))
    assert await _within(lately(NOW)) == {books["held"]}
    async with database.write() as session:
        (await session.get_one(Order, books["paid"])).updated_at = NOW
        (await session.get_one(Payment, books["half_by"])).updated_at = NOW
    assert await _within(lately(NOW)) == {books["held"], books["paid"], books["half"]}
    besides = {books[name] for name in ("held", "paid", "half", "returned")}
    assert await _within(lately(NOW, [books["returned"]])) == besides
    assert await _within(EVERYTHING) == {order.id for order in await rows(Order)} > besides
