"""What is offered to a person about each thing that waits, what comes of it, and how its money is drawn."""

from datetime import timedelta
from typing import Any

import pytest

from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database
from checkout_app.core.pagination import Page
from checkout_app.journal.models import Issue, Subject
from checkout_app.merchant.needs.views import CardView, needs_view
from checkout_app.merchant.needs.ways import MOST, WAYS, Way, ways_of
from checkout_app.merchant.needs.words import LABELS, comes_of, how_long
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import issues, refunded, service
from checkout_app.payments.balance import Balance, balance
from checkout_app.payments.checks.watch import Look
from checkout_app.payments.issues import OpenIssue
from checkout_app.payments.models import Dispute
from checkout_app.payments.refund_parts import Parts
from tests.support.acts import at_the_bank, in_the_dashboard, other_gateway_order, refunds_end
from tests.support.histories import AMOUNT, History
from tests.support.inside import row

OWNER = Identity("OWNER", "SESSION", "meera@example.in", "Meera", Role.OWNER)


async def _raise(order_id: str, kind: IssueKind, about: str = "", **more: Any) -> None:
    async with database.write() as session:
        order = await session.get_one(Order, order_id)
        await orders.open_issue(session, order, kind, about, **more)


async def _dispute(order_id: str, payment_id: str, name: str, *, left: timedelta, stage: str = "created") -> None:
    async with database.write() as session:
        session.add(
            Dispute(id=name, payment_id=payment_id, order_id=order_id, stage=stage, respond_by=clock.now() + left)
        )
    await _raise(order_id, IssueKind.DISPUTE, name, data={"stage": stage})


async def _all() -> list[OpenIssue]:
    async with database.read() as session:
        return list((await issues.by_need(session)).items)


async def _only() -> OpenIssue:
    [found] = await _all()
    return found


async def _card(person: Identity = OWNER) -> CardView:
    async with database.read() as session:
        page = await issues.by_need(session)
    [card] = needs_view(person, page, Look(None, [])).cards
    return card


def test_each_kind_of_issue_has_its_ways_and_each_way_its_words() -> None:
    assert set(WAYS) == set(IssueKind)
    assert {way for ways in WAYS.values() for way in ways} == set(Way) == set(LABELS)
    for kind, ways in WAYS.items():
        assert len(set(ways)) == len(ways) > 0
        found = OpenIssue(Issue(kind=kind, subject=Subject.ORDER, subject_id="ORDER"), None)
        assert all(comes_of(way, found) for way in ways)
        assert len(ways_of(found)) <= MOST


async def test_money_of_another_sum_goes_back_before_a_note_is_taken(history: History) -> None:
    await other_gateway_order(history, 47000)
    await history.live(("attempt", 0, "success"), ("poll", 0, ""))
    found = await _only()
    assert (ways_of(found), balance(found)) == ([Way.REFUND], Balance(47000, 0))
    card = await _card()
    assert card.money.said == "Razorpay holds ₹470.00. The books keep ₹0.00. They are ₹470.00 apart."
    [way] = card.ways
    assert (way.label, way.minor, way.payment) == ("Refund ₹470.00", "470.00", found.issue.about)
    in_the_dashboard(history, found.issue.about, 47000)
    await refunded.adopt(found.issue.about)
    found = await _only()
    assert (ways_of(found), balance(found)) == ([Way.NOTE], Balance(0, 0))


async def test_a_refund_that_the_bank_returned_is_offered_again_by_its_own_sum(history: History, paid: str) -> None:
    refunds_end(history, "pending")
    in_the_dashboard(history, paid, 10000)
    await refunded.adopt(paid)
    assert await _all() == []
    at_the_bank(history, "failed")
    await refunded.adopt(paid)
    found = await _only()
    assert (ways_of(found), balance(found)) == ([Way.REFUND, Way.OUTSIDE], Balance(AMOUNT, AMOUNT - 10000))
    assert (await _card()).ways[0].label == "Refund ₹100.00"
    refunds_end(history, "processed")
    in_the_dashboard(history, paid, 4000)
    await refunded.adopt(paid)
    assert (balance(await _only()), (await _card()).ways[0].label) == (Balance(44000, 38000), "Refund ₹60.00")
    in_the_dashboard(history, paid, 6000)
    await refunded.adopt(paid)
    found = await _only()
    assert (ways_of(found), balance(found)) == ([Way.NOTE], Balance(38000, 38000))  # it has gone back by now


async def test_a_refund_by_lines_that_the_bank_returned_is_chosen_again_by_its_lines(
    history: History, paid: str
) -> None:
    [line] = (await service.refundable(paid)).parts.lines
    refunds_end(history, "pending")
    await service.refund(paid, of=Parts({line.line.id: 1}), reason="It broke.", request_key="key")
    at_the_bank(history, "failed")
    await refunded.adopt(paid)
    assert ways_of(await _only()) == [Way.CHOOSE, Way.OUTSIDE]


async def test_who_asks_to_cancel_may_have_all_of_it_back_and_who_returns_something_is_chosen_for(
    history: History, paid: str
) -> None:
    await _raise(history.order_id, IssueKind.CANCEL_ASKED, detail="It was meant for my sister.")
    found = await _only()
    assert (ways_of(found), balance(found)) == ([Way.REFUND, Way.DECLINE], Balance(AMOUNT, AMOUNT))
    card = await _card()
    assert card.what == "The buyer asked to cancel this order. “It was meant for my sister.”"
    assert (card.ways[0].payment, card.ways[0].comes) == (
        paid,
        "It goes back the way it came. Its items are on the shelf again.",
    )
    assert not card.money.is_apart
    found = OpenIssue(Issue(kind=IssueKind.RETURN_ASKED, subject="order", subject_id=found.issue.subject_id), None)
    assert ways_of(found) == [Way.DECLINE]
    found = OpenIssue(found.issue, await row(Order, history.order_id))
    assert ways_of(found) == [Way.CHOOSE, Way.DECLINE]


async def test_a_dispute_that_has_to_be_answered_soon_comes_first_and_is_answered_at_razorpay(
    history: History, paid: str
) -> None:
    await _raise(history.order_id, IssueKind.OTHER)
    await _dispute(history.order_id, paid, "disp_late", left=timedelta(days=30))
    await _dispute(history.order_id, paid, "disp_next", left=timedelta(days=2))
    await _dispute(history.order_id, paid, "disp_soon", left=timedelta(hours=5, minutes=1))
    await _dispute(history.order_id, paid, "disp_sent", left=timedelta(hours=1), stage="under_review")
    found = await _all()
    in_order = ["disp_soon", "disp_next", "", "disp_late", "disp_sent"]
    assert [each.issue.about for each in found] == in_order
    answered = [each.issue.about for each in found if ways_of(each) == [Way.ANSWER, Way.NOTE]]
    assert answered == ["disp_soon", "disp_next", "disp_late"]
    async with database.read() as session:
        page = await issues.by_need(session, limit=2)
        rest = await issues.by_need(session, cursor=page.next_cursor, limit=2)
        last = await issues.by_need(session, cursor=rest.next_cursor, limit=2)
        ours = await issues.of_order(session, history.order_id)
        assert sorted(each.issue.id for each in ours) == sorted(each.issue.id for each in found)
        assert (await issues.of_order(session, "another"), ours[1].dispute) == ([], found[3].dispute)
    assert [each.issue.about for each in (*page.items, *rest.items, *last.items)] == in_order
    soon, _, _, late, sent = needs_view(OWNER, Page(found, None), Look(None, [])).cards
    assert (soon.presses, late.presses, sent.deadline) == (True, False, "")
    assert soon.deadline.endswith(": in 5 hours.")


async def test_who_does_not_own_the_shop_is_offered_nothing(history: History, paid: str) -> None:
    await _raise(history.order_id, IssueKind.OTHER, paid)
    assert [way.way for way in (await _card()).ways] == [Way.NOTE]
    for role in (Role.SHIPPER, Role.VIEWER):
        assert (await _card(Identity("V", "S", "v@example.in", "V", role))).ways == ()


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=2, minutes=1), "in 2 days"),
        (timedelta(hours=25), "in 1 day"),
        (timedelta(hours=1, minutes=1), "in 1 hour"),
        (timedelta(minutes=5), "within the hour"),
        (timedelta(minutes=-5), "too late"),
    ],
)
def test_how_long_it_is_is_said_in_its_largest_unit(left: timedelta, said: str) -> None:
    assert how_long(clock.now() + left) == said
