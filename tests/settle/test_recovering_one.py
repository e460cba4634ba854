"""One order that the books lost is made again by who keeps the shop, from the issue that says it is missing."""

from datetime import timedelta

import pytest
from sqlmodel import update

from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.journal import audit
from checkout_app.journal.errors import IssueNotFound, NothingToResolve
from checkout_app.journal.models import Issue
from checkout_app.merchant.needs.ways import Way, ways_of
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import issues, sweep
from checkout_app.payments.balance import Balance, balance
from checkout_app.payments.errors import GatewayUnavailable, NotRecoverable
from checkout_app.payments.recovery import one
from tests.support.acts import told_oddly
from tests.support.histories import AMOUNT, SHOPKEEPER, History
from tests.support.inside import row, rows, violations
from tests.support.lost import lose_orders


async def _lost() -> Issue:
    """Lose the books, and find out by the sweep; the issue that says so."""
    await lose_orders(on_hand=3)
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now() - timedelta(seconds=1)))
    await sweep.sweep_due()
    [issue] = await rows(Issue)
    return issue


@pytest.mark.usefixtures("paid")
async def test_it_is_there_again_with_its_money_and_nothing_waits(history: History) -> None:
    issue = await _lost()
    async with database.read() as session:
        [found] = (await issues.open_issues(session)).items
    assert (ways_of(found), balance(found)) == ([Way.RECOVER, Way.NOTE], Balance(AMOUNT, 0))
    order = await one.recover(issue.id, SHOPKEEPER)
    assert (order.id, order.status, order.amount) == (history.order_id, "paid", AMOUNT)
    assert (await row(Issue, issue.id)).resolved_at
    assert await violations() == []
    assert (await one.recover(issue.id, SHOPKEEPER)).id == order.id
    asked = [entry.event for entry in (await audit.entries()).items if entry.event.kind == one.ASKED]
    assert [(event.actor_id, event.subject_id) for event in asked] == [(SHOPKEEPER.user_id, issue.subject_id)]


@pytest.mark.usefixtures("paid")
async def test_what_the_gateway_does_not_tell_is_not_made_up(history: History) -> None:
    issue = await _lost()
    with told_oddly(history, "order", notes={}), pytest.raises(NotRecoverable, match="does not say what it was"):
        await one.recover(issue.id, SHOPKEEPER)
    history.inside.line.troubles[:] = ["500"] * 3
    with pytest.raises(GatewayUnavailable):
        await one.recover(issue.id, SHOPKEEPER)
    assert (await rows(Order), (await row(Issue, issue.id)).resolved_at) == ([], None)


@pytest.mark.usefixtures("paid")
async def test_what_was_resolved_otherwise_or_is_about_an_order_of_the_books_is_refused(history: History) -> None:
    async with database.write() as session:
        await orders.open_issue(session, await session.get_one(Order, history.order_id), IssueKind.OTHER)
    [other] = await rows(Issue)
    for known in (other.id, "nobody's"):
        with pytest.raises(IssueNotFound):
            await one.recover(known, SHOPKEEPER)
    issue = await _lost()
    await issues.resolve(issue.id, "It was given back in the dashboard.", SHOPKEEPER)
    with pytest.raises(NothingToResolve):
        await one.recover(issue.id, SHOPKEEPER)
