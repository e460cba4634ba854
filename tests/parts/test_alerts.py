"""Alerts: every issue and every alarm reaches the shopkeeper's address once as it begins, once as it ends, signed."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import update

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database, due
from checkout_app.core.rounds import Round
from checkout_app.core.settings import settings
from checkout_app.journal import followers, issues
from checkout_app.journal import service as journal
from checkout_app.journal.actors import SHOP
from checkout_app.journal.models import Event, FollowUp, Subject
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments.checks import watch
from checkout_app.server import alarms, alert_address, alerts
from tests.support.inside import BUYER, Inside, put_on_shelf, rows
from tests.support.receiver import PATH, SECRET, Receiver, receiving

BREAK, MEND = "UPDATE variants SET held = held + 1", "UPDATE variants SET held = held - 1"
PATIENCE = 20
"""Seconds until something that must happen is taken for never happening."""
RULE = "held stock adds up"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, inside: Inside) -> Iterator[Receiver]:
    """The address of this shop's alerts."""
    assert inside
    with receiving() as receiver:
        monkeypatch.setattr(settings(), "alert_webhook_url", receiver.url)
        monkeypatch.setattr(settings(), "alert_webhook_secret", SECRET)
        alerts.register()
        yield receiver
        followers.forget(alerts.FOLLOWER.name)


@pytest.fixture
async def order(receiver: Receiver) -> Order:
    """An order that nothing has happened to yet."""
    assert receiver
    return (await checkout.create_order(BUYER, [Item(await put_on_shelf(3))])).order


async def _open(order: Order, kind: IssueKind = IssueKind.WRONG_AMOUNT, detail: str = "") -> None:
    async with database.write() as session:
        [locked] = await database.lock(session, Order, [order.id])
        money: dict[str, str | int] = {"amount": 47000, "currency": "INR"}
        await orders.open_issue(session, locked, kind, "pay_1", data=money, detail=detail)


async def _close(order: Order) -> None:
    async with database.write() as session:
        for issue in await issues.open_issues(session, Subject.ORDER, [order.id]):
            await issues.close_issue(session, issue, "Asha was paid back.", SHOP)


async def _do(statement: str) -> None:
    async with database.write() as session:
        await session.exec(text(statement))


async def _look() -> None:
    """Look over the books and at the alarms, as if it were time to."""
    await _let_it_be_time()
    await watch.look()
    await alarms.look()


async def _let_it_be_time(ago: timedelta = timedelta()) -> None:
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now() - ago))


async def _send() -> int:
    """Send what waits, whenever it was planned for."""
    async with database.write() as session:
        waits = FollowUp.due_at.is_not(None)  # type: ignore[union-attr]
        await session.exec(update(FollowUp).where(waits).values(due_at=clock.now()))
    return await followers.follow_due(alerts.FOLLOWER)


async def test_what_a_buyer_wrote_stays_in_the_shop(receiver: Receiver, order: Order) -> None:
    await _open(order, IssueKind.CANCEL_ASKED, "I am in hospital, Asha")
    await _send()
    [alert] = receiver.alerts
    assert alert.said["what"] == "The buyer asked to cancel this order. “…”"
    assert "hospital" not in str(alert.said)


async def test_an_issue_is_told_once_as_it_opens_and_once_as_it_is_resolved(receiver: Receiver, order: Order) -> None:
    await _open(order)
    await _open(order)  # which is the same one
    assert (await _send(), await _send()) == (1, 0)
    [opened] = [alert.said for alert in receiver.alerts]
    assert (opened["kind"], opened["name"], opened["order_id"], opened["about"], opened["until"]) == (
        *("issue", "wrong_amount", order.id, "pay_1"),
        None,
    )
    assert opened["what"] == "A payment of ₹470.00 arrived that differs from the order's total."
    assert (opened["amount"], opened["currency"]) == (47000, "INR")
    await _close(order)
    assert (await _send(), await _send()) == (1, 0)
    _, resolved = [alert.said for alert in receiver.alerts]
    assert (resolved["issue_id"], resolved["since"]) == (opened["issue_id"], opened["since"])
    assert datetime.fromisoformat(resolved["until"]) > datetime.fromisoformat(resolved["since"])
    assert (resolved["id"] != opened["id"], resolved["what"]) == (True, f"Resolved: {opened['what']}")


async def test_an_alarm_is_told_once_as_it_begins_and_once_as_it_ends_and_anew_the_next_time(
    receiver: Receiver, order: Order
) -> None:
    await _look()
    assert await _send() == 0
    for _ in range(2):
        await _do(BREAK)
        await _look()
        await _look()
        await _send()
        await _do(MEND)
        await _look()
        await _look()
        await _send()
    told = receiver.told("alarm")
    assert [(said["name"], said["until"] is None) for said in told] == [(RULE, True), (RULE, False)] * 2
    first, first_end, second, second_end = (said["alarm_id"] for said in told)
    assert (first == first_end, second == second_end, first == second) == (True, True, False)
    assert [said["what"] for said in told[:2]] == [f"Not so any more: {RULE}.", f"So again: {RULE}."]
    assert order


async def test_of_a_rule_against_which_more_and_more_offends_one_alarm_is_told(
    receiver: Receiver, order: Order
) -> None:
    await _do(BREAK)
    await _look()
    await _look()
    assert order
    await put_on_shelf(3, slug="bowls")
    await _do(BREAK)
    await _look()
    await _send()
    assert [said["name"] for said in receiver.told("alarm")] == [RULE]


async def test_a_shop_that_was_closed_for_a_night_rings_no_alarm_as_it_opens(order: Order) -> None:
    assert order
    await _look()
    await _let_it_be_time(timedelta(hours=8))
    await alarms.look()
    assert watch.UNWATCHED in {violation.rule for violation in await alarms.found()}
    await _look()
    assert [event for event in await rows(Event) if event.subject == Subject.ALARM] == []
    for _ in range(2):
        await _let_it_be_time(timedelta(hours=8))
        await alarms.look()
    assert [event.kind for event in await rows(Event) if event.subject == Subject.ALARM] == [alarms.BEGUN]


@pytest.mark.parametrize("worker", ["quicker", "killed"])
async def test_an_alarm_is_written_down_once_whatever_becomes_of_who_sees_it(
    order: Order, monkeypatch: pytest.MonkeyPatch, worker: str
) -> None:
    assert order
    await _do(BREAK)
    await _look()
    found = alarms.found

    async def meanwhile() -> Any:
        monkeypatch.setattr(alarms, "found", found)
        seen = await found()
        if worker == "quicker":  # another process, when the lease of this one has run out
            await _look()
        return seen

    await _let_it_be_time()
    monkeypatch.setattr(alarms, "found", meanwhile)
    if worker == "killed":
        with monkeypatch.context() as dying:
            dying.setattr(database, "lock", _die_after(1))
            with pytest.raises(ExceptionGroup):
                await alarms.look()
    else:
        await alarms.look()
    await _look()
    assert [event.kind for event in await rows(Event) if event.subject == Subject.ALARM] == [alarms.BEGUN]


def _die_after(locks: int) -> Any:
    """Return what locks so many times, and then ends as a killed process does."""
    lock, left = database.lock, [None] * locks

    async def die(*arguments: Any) -> Any:
        if not left:
            raise RuntimeError("killed")
        left.pop()
        return await lock(*arguments)

    return die


async def test_what_is_sent_is_signed_and_says_when(receiver: Receiver, order: Order) -> None:
    await _open(order)
    await _send()
    [alert] = receiver.alerts
    assert alert.signature == alert_address.sign(alert.body)
    assert abs(datetime.fromisoformat(alert.said["sent_at"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert alert.said["shop"] == settings().public_url
    assert receiver.paths == [PATH]


async def test_nobody_is_named(receiver: Receiver, order: Order) -> None:
    await _open(order, IssueKind.REFUND_REFUSED, detail="The account of asha@example.in is closed.")
    await _close(order)
    await _do(BREAK)
    await _look()
    await _look()
    assert await _send() == 3
    for alert in receiver.alerts:
        assert not [word for word in (b"sha", b"example.in", b"closed", b"Kulhad") if word in alert.body]
    assert receiver.told("issue")[0]["what"] == "Resolved: Razorpay refuses to refund ₹470.00: …"


@pytest.mark.parametrize("says", [400, 500, 204, "redirect"])
async def test_an_alert_that_is_not_taken_is_sent_again_as_the_same(
    receiver: Receiver, order: Order, caplog: pytest.LogCaptureFixture, says: int | str
) -> None:
    receiver.says = says
    await _open(order)
    taken = says == 204
    assert (await followers.follow_due(alerts.FOLLOWER), PATH in caplog.text) == (taken, False)
    assert await followers.follow_due(alerts.FOLLOWER) == 0, "not before its time"
    receiver.says = 200
    assert await _send() == (not taken)
    assert len({alert.said["id"] for alert in receiver.alerts}) == 1
    assert receiver.paths == [PATH] * (2 - taken), "where it points to is not followed"


async def test_an_address_that_is_away_gets_everything_when_it_is_there_again(
    receiver: Receiver, order: Order, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving() as gone:
        pass
    monkeypatch.setattr(settings(), "alert_webhook_url", gone.url)
    await _open(order)
    await _close(order)
    assert await _send() == 0
    assert "the alert address does not answer" in caplog.text
    assert PATH not in caplog.text
    monkeypatch.setattr(settings(), "alert_webhook_url", receiver.url)
    assert await _send() == 2
    assert all(alert.said["until"] for alert in receiver.alerts), "each says how it is by now"


async def test_an_address_that_says_nothing_is_given_up_and_holds_up_no_other_follower(
    receiver: Receiver, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asyncio.Event()

    async def follow(_event: Event) -> None:
        told.set()

    mail = followers.Follower("mail", {issues.OPENED}, follow)
    followers.register(mail)
    receiver.says = "hang"
    await _open(order)
    try:
        async with due.working([followers.work(alerts.FOLLOWER), followers.work(mail)]), asyncio.timeout(PATIENCE):
            await told.wait()
    finally:
        followers.forget("mail")
    with monkeypatch.context() as hurry:
        hurry.setattr(alert_address, "SECONDS", 0.05)
        async with asyncio.timeout(PATIENCE):
            assert await _send() == 0
    receiver.says = 200
    receiver.over.set()
    assert await _send() == 1


async def test_of_an_answer_without_end_nothing_is_waited_for(receiver: Receiver, order: Order) -> None:
    receiver.says = "endless"
    await _open(order)
    assert await _send() == 1
    assert receiver.sent < 32 * 1024 * 1024


async def test_an_alarm_about_the_clock_is_told_though_it_ended_before_it_began(
    receiver: Receiver, inside: Inside
) -> None:
    assert inside
    async with database.write() as session:
        begun = await journal.record(
            session, Subject.ALARM, "A" * 26, alarms.BEGUN, SHOP, rule="the clock", about="clock"
        )
        begun.created_at += timedelta(hours=2)
    async with database.write() as session:
        await journal.record(session, Subject.ALARM, "A" * 26, alarms.ENDED, SHOP)
    assert await _send() == 2
    assert [said["name"] for said in receiver.told("alarm")] == ["the clock"] * 2


async def test_without_an_address_nothing_waits_to_be_sent(order: Order) -> None:
    followers.forget(alerts.FOLLOWER.name)
    await _open(order)
    assert await rows(FollowUp) == []


async def test_the_body_is_json_in_ascii(receiver: Receiver, order: Order) -> None:
    await _open(order)
    await _send()
    assert json.loads(receiver.alerts[0].body.decode("ascii"))["what"].startswith("A payment of ₹")
