"""What waits for a person: what is listed, when one may say that nothing is left to do, and what solves itself."""

from datetime import timedelta

import pytest

from checkout_app.buyer.order.views import display_state
from checkout_app.core import clock, database
from checkout_app.journal.errors import IssueNotFound, NothingToResolve
from checkout_app.journal.models import Issue
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import issues, refunded, refunds, service
from checkout_app.payments.errors import MoneyUnplaced
from checkout_app.payments.gateway.client import READ_TRIES
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.record import gather
from tests.support.acts import at_the_bank, in_the_dashboard, other_gateway_order, refunds_end
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import let_refund_be_due, row, rows, timeline, violations, waits_for
from tests.support.neighbours import Neighbour, move_in

NOTE = "We wrote to the buyer."


async def _raise(order_id: str, kind: IssueKind = IssueKind.OTHER, about: str = "") -> str:
    """Ask for a person to look at an order; the issue's id."""
    before = {issue.id for issue in await rows(Issue)}
    async with database.write() as session:
        order = await session.get_one(Order, order_id)
        assert await orders.open_issue(session, order, kind, about, detail="Look at this.")
    [issue_id] = {issue.id for issue in await rows(Issue)} - before
    return issue_id


async def _listed(cursor: str | None = None, limit: int = 20) -> tuple[list[str], str | None]:
    async with database.read() as session:
        page = await issues.open_issues(session, cursor=cursor, limit=limit)
    return [found.issue.id for found in page.items], page.next_cursor


async def _only_issue() -> Issue:
    """The one that is open."""
    [issue_id], _ = await _listed()
    return await row(Issue, issue_id)


async def _resolve(issue_id: str | None = None, note: str = NOTE) -> Issue:
    """Resolve an issue, or the only one that is open."""
    return await issues.resolve(issue_id or (await _only_issue()).id, note, SHOPKEEPER)


async def _face(order_id: str) -> str:
    async with database.read() as session:
        return display_state(await gather(session, await session.get_one(Order, order_id)))


async def _wrong_sum(history: History) -> str:
    """Let a payment of ₹470 arrive for an order of ₹480; returns its id."""
    await other_gateway_order(history, 47000)
    await history.live(("attempt", 0, "success"), ("poll", 0, ""))
    [payment] = await rows(Payment)
    assert payment.purpose == "attention"
    return payment.id


async def test_only_what_waits_is_listed_the_oldest_first_and_by_pages(history: History) -> None:
    neighbour = await move_in(history)
    *others, last = sorted((order.id for order in await rows(Order)), reverse=True)
    assert await _listed() == ([], None)
    raised = sorted([await _raise(order_id) for order_id in others])
    assert await _listed() == (raised, None)
    raised = sorted([*raised, await _raise(last), await _raise(last, IssueKind.DISPUTE, "disp_A")])
    assert await _listed(limit=2) == (raised[:2], raised[1])
    assert await _listed(cursor=raised[1], limit=2) == (raised[2:], None)
    async with database.read() as session:
        page = await issues.open_issues(session)
    assert [found.order and found.order.id for found in page.items] == [found.issue.subject_id for found in page.items]
    payments = {found.issue.subject_id: [payment.id for payment in found.payments] for found in page.items}
    assert payments.pop(neighbour.order_id) == [neighbour.payment_id, neighbour.begun_id]
    assert set(map(tuple, payments.values())) == {()}
    await _resolve(raised[1])
    assert await _listed() == ([raised[0], *raised[2:]], None)


async def test_what_was_decided_is_written_down_and_the_order_waits_no_more(
    history: History, neighbour: Neighbour, paid: str
) -> None:
    await history.live(("dispute", 0, ""), ("handle", 0, ""))
    assert (await row(Payment, paid)).purpose == "order"
    issue = await _only_issue()
    assert (issue.kind, issue.subject, issue.subject_id) == ("dispute", "order", history.order_id)
    assert await waits_for(history.order_id) == ["The buyer's bank disputes this payment."]
    before = clock.now()
    resolved = await _resolve()
    assert resolved == await row(Issue, issue.id)
    assert (resolved.kind, resolved.note, resolved.resolved_by) == ("dispute", NOTE, SHOPKEEPER.user_id)
    assert resolved.resolved_at
    assert before < resolved.resolved_at < clock.now()
    assert (await waits_for(history.order_id), await _listed()) == ([], ([], None))
    assert (await timeline(history.order_id))[-1] == ("decided", NOTE)
    async with database.read() as session:
        told = (await orders.timeline(session, history.order_id))[-1]
    assert (told.actor, told.actor_id, told.data) == ("merchant", SHOPKEEPER.user_id, {"issue_id": issue.id})
    assert (await _resolve(issue.id)) == resolved
    assert [message for kind, message in await timeline(history.order_id) if kind == "decided"] == [NOTE]
    with pytest.raises(NothingToResolve):
        await _resolve(issue.id, "Something else.")
    assert await row(Issue, issue.id) == resolved
    assert neighbour


async def test_each_issue_of_an_order_is_resolved_by_itself(history: History, paid: str) -> None:
    first, second = await _raise(history.order_id, about=paid), await _raise(history.order_id)
    await _resolve(first)
    assert (await _listed(), await waits_for(history.order_id)) == (([second], None), ["Look at this."])
    await _resolve(second, "Nothing is left to do.")
    assert [message for kind, message in await timeline(history.order_id) if kind == "decided"] == [
        NOTE,
        "Nothing is left to do.",
    ]


async def test_there_is_nothing_to_decide_about_an_issue_that_solved_itself_or_is_not_there(
    history: History, paid: str
) -> None:
    assert paid
    solved = await _raise(history.order_id, IssueKind.UNREADABLE)
    await history.act(("poll", 0, ""))
    said = (await timeline(history.order_id))[-1]
    assert said == ("decided", "This has solved itself.")
    for note in (said[1], NOTE):
        with pytest.raises(NothingToResolve):
            await _resolve(solved, note)
    with pytest.raises(IssueNotFound):
        await _resolve("01HZZZZZZZZZZZZZZZ7F3K9Q2D")


async def test_money_of_another_sum_has_to_go_back_whole_before_it_is_decided_about(history: History) -> None:
    payment_id = await _wrong_sum(history)
    waits = ["A payment of ₹470.00 arrived that differs from the order's total."]
    issue = await _only_issue()
    assert (issue.kind, issue.about) == ("wrong_amount", payment_id)
    for amount, left in ((10000, "₹370.00"), (36999, "₹0.01")):
        in_the_dashboard(history, payment_id, amount)
        await refunded.adopt(payment_id)
        with pytest.raises(MoneyUnplaced, match=f"^{left} of payment {payment_id} "):
            await _resolve()
        assert await waits_for(history.order_id) == waits
        assert await _face(history.order_id) == "attention"
    in_the_dashboard(history, payment_id, 1)
    await refunded.adopt(payment_id)
    await _resolve()
    assert (await _listed(), await violations()) == (([], None), [])
    assert await _face(history.order_id) == "unpaid", "its own sum can still be paid"


async def test_nothing_about_an_order_is_decided_while_any_of_its_money_is_in_no_place(history: History) -> None:
    payment_id = await _wrong_sum(history)
    other = await _raise(history.order_id)
    with pytest.raises(MoneyUnplaced, match=f"^₹470.00 of payment {payment_id} "):
        await _resolve(other)
    assert len(await waits_for(history.order_id)) == 2


async def test_money_that_the_bank_sent_back_has_to_go_out_again_before_it_is_decided_about(history: History) -> None:
    await history.live(("cancel", 0, ""), ("refunds end", 0, "pending"), ("attempt", 0, "success"), ("poll", 0, ""))
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    [payment] = await rows(Payment)
    [refund] = await rows(Refund)
    issue = await _only_issue()
    assert (issue.kind, issue.about) == ("refund_failed", refund.id)
    with pytest.raises(MoneyUnplaced, match=r"₹480\.00"):
        await _resolve()
    again = await service.refund(payment.id, None, reason="Once more.", request_key="again")
    await _resolve()
    assert await violations() == []
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    assert (await _only_issue()).about == again.id, "it failed again, and nobody was told"
    assert await waits_for(history.order_id) == ["The refund of ₹480.00 failed at the bank."]
    assert await violations() == []


async def test_authorised_money_and_a_planned_refund_are_in_nobodys_way(history: History) -> None:
    payment_id = await _wrong_sum(history)
    await history.act(("attempt", 0, "authorized"))
    await history.act(("poll", 0, ""))
    refunds_end(history, "no_balance")
    planned = await service.refund(payment_id, None, reason="Not the sum.", request_key="all")
    assert planned.status == "planned"
    wrong, refused = [await row(Issue, issue_id) for issue_id in (await _listed())[0]]
    assert [(wrong.kind, wrong.about), (refused.kind, refused.about)] == [
        ("wrong_amount", payment_id),
        ("refund_refused", planned.id),
    ]
    for issue in (wrong, refused):
        await _resolve(issue.id)
    assert (await _listed(), await violations()) == (([], None), [])


async def test_what_a_refund_does_not_give_back_is_left(history: History, paid: str) -> None:
    refunds_end(history, "pending")
    await service.refund(paid, 1000, reason="A part.", request_key="part")
    in_the_dashboard(history, paid, 200)
    await history.act(("poll", 0, ""))
    payment = await row(Payment, paid)
    async with database.read() as session:
        assert await refunds.left(session, payment) == 46800
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    async with database.read() as session:
        assert await refunds.left(session, payment) == 47000


async def test_a_refund_too_many_has_to_be_refused_before_its_money_is_decided_about(history: History) -> None:
    payment_id = await _wrong_sum(history)
    wrong_sum = (await _only_issue()).id
    refunds_end(history, "no_balance")
    planned = await service.refund(payment_id, 10000, reason="Not the sum.", request_key="part")
    refunds_end(history, "processed")
    in_the_dashboard(history, payment_id, 47000)
    await refunded.adopt(payment_id)
    async with database.read() as session:
        assert await refunds.left(session, await session.get_one(Payment, payment_id)) == -10000
    with pytest.raises(MoneyUnplaced, match=f"^₹100.00 more than there is of payment {payment_id} "):
        await _resolve(wrong_sum)
    await let_refund_be_due(planned.id)
    await refunds.carry_out_due()
    assert (await row(Refund, planned.id)).status == "failed"
    await _resolve(wrong_sum)
    assert await violations() == []


async def _solved(order_id: str, issue_id: str) -> None:
    """Fail unless time has resolved an issue, and nobody else."""
    issue = await row(Issue, issue_id)
    assert issue.resolved_at
    assert (issue.resolved_by, issue.note) == (None, "")
    async with database.read() as session:
        [told] = [event for event in await orders.timeline(session, order_id) if event.kind == "decided"]
    assert (told.actor, told.actor_id, told.data) == ("shop", None, {"issue_id": issue_id})
    assert ("decided", "This has solved itself.") in await timeline(order_id)


async def test_what_the_gateway_did_not_tell_waits_for_a_person_until_the_gateway_tells_it(
    history: History, paid: str
) -> None:
    other = await _raise(history.order_id, about=paid)
    for said in ("Not now.", "Never."):
        history.inside.line.troubles = [f"400 {said}"]
        await history.act(("poll", 0, ""))
        [issue] = [found for found in await rows(Issue) if found.kind == "unreadable"]
        assert (issue.about, issue.detail, issue.resolved_at) == (history.gateway_order_ids[0], said, None)
        assert await waits_for(history.order_id) == [
            "Look at this.",
            f"Razorpay does not tell about this order: {said}",
        ]
    history.inside.line.troubles = ["reset"] * READ_TRIES
    await history.act(("poll", 0, ""))
    assert (await row(Issue, issue.id)).resolved_at is None, "no answer is no news"
    await history.act(("poll", 0, ""))
    await _solved(history.order_id, issue.id)
    assert (await _listed())[0] == [other]


async def _confirm_in_vain(history: History, changed_ago: timedelta) -> None:
    """Let the money of an order that awaits confirmation for so long not be taken once more."""
    async with database.write() as session:
        (await session.get_one(Order, history.order_id)).updated_at = clock.now() - changed_ago
    history.inside.line.troubles = [None, "500"] * 2  # the payment is read and not taken, in the list and by itself
    await history.act(("poll", 0, ""))
    history.inside.line.troubles.clear()
    assert (await row(Order, history.order_id)).status == "confirming"


@pytest.mark.parametrize(("ends", "status"), [("poll", "paid"), ("release", "created")])
async def test_a_payment_that_is_unconfirmed_for_an_hour_waits_for_a_person_until_it_is_decided(
    history: History, ends: str, status: str
) -> None:
    await history.act(("attempt", 0, "authorized"))
    await _confirm_in_vain(history, timedelta())
    other = await _raise(history.order_id)
    await _confirm_in_vain(history, timedelta(minutes=59, seconds=50))
    assert (await _listed())[0] == [other]
    await _confirm_in_vain(history, timedelta(hours=1))
    await _confirm_in_vain(history, timedelta(hours=2))
    [issue_id] = [found.id for found in await rows(Issue) if found.kind == "unconfirmed"]
    assert await waits_for(history.order_id) == [
        "Look at this.",
        "A payment has been unconfirmed for more than an hour.",
    ]
    await history.live((ends, 0, ""), ("poll", 0, ""))
    assert (await row(Order, history.order_id)).status == status
    await _solved(history.order_id, issue_id)
    assert (await _listed())[0] == [other]
