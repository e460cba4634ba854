"""Money for an order of this shop that the books do not know is never passed over, and another shop's is left alone."""

from datetime import timedelta

import pytest
from sqlmodel import update

from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.core.settings import settings
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import ActorKind, Issue, Subject
from checkout_app.payments import issues, orphans, sweep, webhooks
from checkout_app.payments.checks.alarms import WATCHED, NothingIsMissing
from checkout_app.payments.checks.comparison import compare_with_gateway
from checkout_app.payments.checks.rules import check_rules
from checkout_app.payments.checks.scope import EVERYTHING
from checkout_app.payments.checks.unknown import Others
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity
from razorpay_sandbox.payments import attempts
from tests.support.histories import AMOUNT, History
from tests.support.inside import Inside, rows
from tests.support.lost import lose_orders
from tests.support.shops import KEY_ID


async def _sweep() -> None:
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now() - timedelta(seconds=1)))
    await sweep.sweep_due()


async def _hear(inside: Inside) -> None:
    for event_id, body in inside.events():
        await webhooks.receive(body, event_id)
    await webhooks.handle_due()


async def _orphans() -> list[tuple[str, str, int]]:
    return [
        (issue.subject_id, issue.about, int(issue.data["amount"]))
        for issue in await rows(Issue)
        if issue.subject == Subject.ORPHAN and issue.resolved_at is None
    ]


async def _others_order(inside: Inside, notes: dict[str, str]) -> str:
    """Let somebody else on the account sell something; the id of its payment."""
    made = await gateway().order.create({"amount": 700, "currency": "INR", "notes": notes})
    payment = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made["id"]))
    attempts.conclude(inside.gateway, payment["id"], "success")
    return str(payment["id"])


@pytest.mark.parametrize("told_by", ["sweep", "webhook"])
async def test_money_of_an_unknown_order_of_ours_opens_one_issue_and_sounds_the_alarm(
    history: History, paid: str, told_by: str
) -> None:
    await lose_orders(on_hand=3)
    await (_sweep() if told_by == "sweep" else _hear(history.inside))
    assert await _orphans() == [(history.gateway_order_ids[0], paid, AMOUNT)]
    assert [alarm.rule for alarm in await check_rules(rules=WATCHED)] == [NothingIsMissing.name]
    await _sweep()
    await _hear(history.inside)
    assert len(await rows(Issue)) == 1


async def test_the_comparison_names_it_and_counts_what_is_of_others(history: History, paid: str) -> None:
    for notes in ({"shop_id": "another-shop"}, {"shop_id": "another-shop"}, {}):
        await _others_order(history.inside, notes)
    await lose_orders(on_hand=3)
    compared = await compare_with_gateway()
    assert [(found.rule, found.subject) for found in compared.violations] == [(NothingIsMissing.name, paid)]
    assert compared.others == {"another-shop": Others(2, 1400), "": Others(1, 700)}


async def test_the_comparison_asks_once_for_many_orders_of_others(history: History) -> None:
    for _ in range(25):
        await _others_order(history.inside, {"shop_id": "another-shop"})
    history.inside.line.calls.clear()
    compared = await compare_with_gateway()
    assert compared.others == {"another-shop": Others(25, 25 * 700)}
    assert not [call for call in history.inside.line.calls if call.startswith("GET /v1/orders/")]


async def test_money_of_another_shop_is_left_alone_and_asked_about_once(history: History) -> None:
    await _others_order(history.inside, {"shop_id": "another-shop"})
    await _others_order(history.inside, {})
    await _sweep()
    await _hear(history.inside)
    assert await rows(Issue) == []
    history.inside.line.calls.clear()
    await _sweep()
    assert not [call for call in history.inside.line.calls if call.startswith("GET /v1/orders/")]


async def test_a_shop_that_does_not_know_its_own_id_takes_nobodys_money_for_its_own(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = await _others_order(history.inside, {})
    monkeypatch.setattr(settings(), "shop_id", "")
    await _sweep()
    assert await rows(Issue) == []
    assert payment_id not in {found.subject for found in (await compare_with_gateway()).violations}


async def test_money_that_went_back_and_attempts_that_failed_are_missed_by_nobody(history: History) -> None:
    await history.live(("attempt", 0, "failure"), ("attempt", 0, "success"), ("dashboard refund", 1, "rest"))
    await lose_orders(on_hand=3)
    await _sweep()
    await _hear(history.inside)
    assert await rows(Issue) == []
    assert (await compare_with_gateway()).violations == []


async def test_money_that_the_bank_has_agreed_to_is_missed_before_it_is_captured(history: History) -> None:
    await history.act(("attempt", 0, "authorized"))
    await lose_orders(on_hand=3)
    await _sweep()
    assert [amount for *_, amount in await _orphans()] == [AMOUNT]


@pytest.mark.usefixtures("history")
async def test_an_orphan_is_listed_among_the_issues_and_can_be_resolved(paid: str) -> None:
    await lose_orders(on_hand=3)
    await _sweep()
    async with database.read() as session:
        [waits] = (await issues.open_issues(session)).items
    assert (waits.order, waits.payments, waits.issue.about) == (None, (), paid)
    await issues.resolve(waits.issue.id, "It was given back in cash.", Actor(ActorKind.MERCHANT, "SHOPKEEPER"))
    assert await check_rules(rules=WATCHED) == []


async def test_a_sweep_that_cant_ask_whose_an_order_is_begins_again(history: History, paid: str) -> None:
    await lose_orders(on_hand=3)
    history.inside.line.troubles[:] = [None, "500", "500", "500"]
    await _sweep()
    assert await _orphans() == []
    await _sweep()
    assert await _orphans() == [(history.gateway_order_ids[0], paid, AMOUNT)]


async def test_the_alarm_says_which_order_at_the_gateway_and_ends_with_the_issue(history: History, paid: str) -> None:
    await lose_orders(on_hand=3)
    await orphans.report(_read(history, paid))
    [gateway_order_id] = history.gateway_order_ids
    detail = f"its order {gateway_order_id} is this shop's and not in its books: `recover` makes it again"
    assert await NothingIsMissing().check(EVERYTHING) == [Violation(NothingIsMissing.name, paid, detail)]
    [issue] = await rows(Issue)
    assert issue.data == {"amount": AMOUNT, "currency": "INR"}
    async with database.write() as session:
        await session.exec(update(Issue).values(subject=Subject.ORDER))
    assert await NothingIsMissing().check(EVERYTHING) == []
    async with database.write() as session:
        await session.exec(update(Issue).values(subject=Subject.ORPHAN, resolved_at=clock.now()))
    assert await NothingIsMissing().check(EVERYTHING) == []


async def test_money_of_others_and_of_no_order_is_not_ours_to_report(history: History, paid: str) -> None:
    theirs = await _others_order(history.inside, {"shop_id": "another-shop"})
    history.inside.line.calls.clear()
    without = _read(history, paid).model_copy(update={"order_id": None})
    assert await orphans.report(without) is False
    assert history.inside.line.calls == [], "there is nothing to ask about"
    assert await orphans.report(_read(history, theirs)) is False


def _read(history: History, payment_id: str) -> PaymentEntity:
    [payment] = [entity for entity in history.inside.entities("payment") if entity["id"] == payment_id]
    return PaymentEntity.read(payment)


async def test_what_was_made_again_meanwhile_is_missing_no_more(history: History, paid: str) -> None:
    assert await orphans.report(_read(history, paid))
    assert await rows(Issue) == []
