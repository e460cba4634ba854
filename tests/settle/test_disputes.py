"""A buyer's bank wants a payment back: the shop keeps what it is told and by when to answer, and asks for a person."""

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from checkout_app.core import clock, database
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import ActorKind, Issue
from checkout_app.orders.models import Order
from checkout_app.payments import disputes, issues, webhooks
from checkout_app.payments.gateway.client import READ_TRIES
from checkout_app.payments.models import Dispute, WebhookEvent
from tests.support.acts import in_the_dashboard, told_oddly
from tests.support.disputes import DISPUTED, SENTENCES, dispute_about
from tests.support.histories import History
from tests.support.inside import row, rows, timeline, violations, waits_for, written
from tests.support.webhooks import event, new_event_id

SHOPKEEPER = Actor(ActorKind.MERCHANT, "SHOPKEEPER")


async def _hear(stage: str, dispute: dict[str, Any]) -> None:
    """Let a webhook tell of a stage of a dispute, and be handled."""
    event_id = new_event_id()
    assert await webhooks.receive(event(f"payment.dispute.{stage}", dispute=dispute), event_id)
    await webhooks.handle_due()
    assert (await row(WebhookEvent, event_id)).handled_at


async def _told(history: History) -> list[tuple[str, str]]:
    return [told for told in await timeline(history.order_id) if told[0] in {"attention", "dispute", "decided"}]


async def _resolve() -> None:
    [issue] = [issue for issue in await rows(Issue) if issue.resolved_at is None]
    await issues.resolve(issue.id, "We sent the bank what it wants.", SHOPKEEPER)


async def test_what_a_webhook_says_of_a_dispute_is_kept_whole(history: History, paid: str) -> None:
    before = clock.now()
    await _hear("created", dispute_about(paid))
    [dispute] = await rows(Dispute)
    assert (dispute.id, dispute.payment_id, dispute.order_id) == ("disp_AAAAAAAAAAAAAA", paid, history.order_id)
    assert (dispute.stage, dispute.phase, dispute.amount, dispute.currency) == ("created", "chargeback", 47900, "INR")
    assert dispute.respond_by == datetime.fromtimestamp(1_800_000_000, UTC)
    assert before < dispute.updated_at < clock.now()
    [issue] = await rows(Issue)
    assert (issue.kind, issue.about, issue.data) == ("dispute", dispute.id, {"stage": "created"})
    assert await waits_for(history.order_id) == [DISPUTED]
    assert await _told(history) == [("attention", DISPUTED)]
    assert (await row(Order, history.order_id)).status == "paid"
    assert await violations() == []


async def test_a_later_stage_changes_the_row_and_what_it_does_not_mention_stays(history: History, paid: str) -> None:
    await _hear("created", dispute_about(paid))
    await _hear("action_required", {"id": "disp_AAAAAAAAAAAAAA", "payment_id": paid, "respond_by": 1_800_086_400})
    [dispute] = await rows(Dispute)
    assert (dispute.stage, dispute.phase, dispute.amount) == ("action_required", "chargeback", 47900)
    assert (dispute.currency, dispute.respond_by) == ("INR", datetime.fromtimestamp(1_800_086_400, UTC))
    await _hear("lost", {"id": "disp_AAAAAAAAAAAAAA", "payment_id": paid, "amount": 0, "phase": "arbitration"})
    [dispute] = await rows(Dispute)
    assert (dispute.stage, dispute.phase, dispute.amount) == ("lost", "arbitration", 0)
    assert dispute.respond_by == datetime.fromtimestamp(1_800_086_400, UTC)
    assert await waits_for(history.order_id) == [SENTENCES["lost"]]
    assert await _told(history) == [
        ("attention", DISPUTED),
        ("dispute", SENTENCES["action_required"]),
        ("dispute", SENTENCES["lost"]),
    ]
    assert (await written(history.order_id))[-1] == ("dispute", "gateway", {"stage": "lost"})
    assert len(await rows(Issue)) == 1, "one thing to look at, however far it went"


async def test_a_repetition_of_a_stage_is_no_news_whether_or_not_somebody_looked_at_it(
    history: History, paid: str
) -> None:
    await _hear("created", dispute_about(paid))
    await _hear("created", dispute_about(paid, respond_by=1_800_086_400))
    assert await _told(history) == [("attention", DISPUTED)]
    await _resolve()
    before = await _told(history)
    await _hear("created", dispute_about(paid))
    assert (await _told(history), await waits_for(history.order_id)) == (before, [])
    assert [dispute.respond_by for dispute in await rows(Dispute)] == [datetime.fromtimestamp(1_800_000_000, UTC)]


async def test_the_next_stage_after_somebody_looked_at_it_asks_again(history: History, paid: str) -> None:
    await _hear("created", dispute_about(paid))
    await _resolve()
    assert await waits_for(history.order_id) == []
    await _hear("action_required", dispute_about(paid))
    assert await waits_for(history.order_id) == [SENTENCES["action_required"]]
    assert await _told(history) == [
        ("attention", DISPUTED),
        ("decided", "We sent the bank what it wants."),
        ("attention", SENTENCES["action_required"]),
    ]
    assert [(issue.about, issue.resolved_at is None) for issue in await rows(Issue)] == [
        ("disp_AAAAAAAAAAAAAA", False),
        ("disp_AAAAAAAAAAAAAA", True),
    ]


async def test_two_disputes_about_one_payment_are_two_rows_and_two_issues(history: History, paid: str) -> None:
    await _hear("created", dispute_about(paid))
    await _hear("created", dispute_about(paid, id="disp_BBBBBBBBBBBBBB", phase="pre_arbitration"))
    assert [(dispute.id, dispute.phase) for dispute in await rows(Dispute)] == [
        ("disp_AAAAAAAAAAAAAA", "chargeback"),
        ("disp_BBBBBBBBBBBBBB", "pre_arbitration"),
    ]
    assert await waits_for(history.order_id) == [DISPUTED, DISPUTED]


@pytest.mark.parametrize(
    ("known", "late"),
    [
        ("lost", "created"),
        ("won", "under_review"),
        ("closed", "action_required"),
        ("under_review", "created"),
        ("action_required", "created"),
    ],
)
@pytest.mark.parametrize("looked_at", [False, True], ids=["open", "looked at"])
async def test_news_of_an_earlier_stage_that_comes_late_changes_nothing(
    history: History, paid: str, known: str, late: str, *, looked_at: bool
) -> None:
    await _hear(known, dispute_about(paid, respond_by=1_800_086_400))
    if looked_at:
        await _resolve()
    before = (await rows(Dispute), await _told(history), await waits_for(history.order_id))
    for phase in ("chargeback", ...):
        await _hear(late, dispute_about(paid, phase=phase))
    assert (await rows(Dispute), await _told(history), await waits_for(history.order_id)) == before


@pytest.mark.parametrize(
    ("known", "next_stage"),
    [("under_review", "action_required"), ("action_required", "under_review"), ("lost", "closed")],
)
async def test_stages_that_may_follow_each_other_are_news(
    history: History, paid: str, known: str, next_stage: str
) -> None:
    await _hear(known, dispute_about(paid))
    await _hear(next_stage, dispute_about(paid))
    assert await _told(history) == [("attention", SENTENCES[known]), ("dispute", SENTENCES[next_stage])]


@pytest.mark.parametrize("known", SENTENCES)
async def test_a_stage_that_nobody_has_heard_of_may_follow_any_and_any_may_follow_it(
    history: History, paid: str, known: str
) -> None:
    for stage in (known, "invented_stage", known):
        await _hear(stage, dispute_about(paid))
        assert [dispute.stage for dispute in await rows(Dispute)] == [stage]
    assert [data["stage"] for kind, _, data in await written(history.order_id) if kind == "dispute"] == [
        "invented_stage",
        known,
    ]


async def test_a_stage_and_a_phase_are_cut_to_what_the_columns_hold_and_known_again(
    history: History, paid: str
) -> None:
    for _ in range(2):
        await _hear("s" * 41, dispute_about(paid, phase="p" * 41))
    [dispute] = await rows(Dispute)
    assert (dispute.stage, dispute.phase) == ("s" * 40, "p" * 40)
    assert await _told(history) == [("attention", DISPUTED)]


async def test_only_a_payment_that_the_books_do_not_know_has_to_be_told_of_again(paid: str) -> None:
    for stage in ("lost", "lost", "created"):  # news, the same again, and too late
        assert await disputes.note(paid, stage, dispute_about(paid))
    assert not await disputes.note("pay_AAAAAAAAAAAAAA", "created", dispute_about("pay_AAAAAAAAAAAAAA"))


async def test_a_dispute_that_goes_on_in_the_next_phase_begins_anew(history: History, paid: str) -> None:
    await _hear("won", dispute_about(paid))
    await _resolve()
    await _hear("created", dispute_about(paid, phase="pre_arbitration"))
    assert await waits_for(history.order_id) == [DISPUTED]
    [dispute] = await rows(Dispute)
    assert (dispute.stage, dispute.phase) == ("created", "pre_arbitration")


@pytest.mark.parametrize("stage", SENTENCES)
async def test_each_stage_is_told_in_a_sentence_also_when_it_is_the_first(
    history: History, paid: str, stage: str
) -> None:
    await _hear(stage, dispute_about(paid))
    assert await _told(history) == [("attention", SENTENCES[stage])]


@pytest.mark.parametrize(
    "trouble", ["the gateway is down", "its payment is odd", "a refund of its is odd", "it is gone"]
)
async def test_a_dispute_is_told_of_although_the_gateway_does_not_tell_of_its_payment(
    history: History, paid: str, trouble: str
) -> None:
    in_the_dashboard(history, paid, 100)
    with ExitStack() as stack:
        match trouble:
            case "the gateway is down":
                history.inside.line.troubles += ["500"] * READ_TRIES
            case "its payment is odd":
                stack.enter_context(told_oddly(history, "payment", currency="rupees"))
            case "a refund of its is odd":
                stack.enter_context(told_oddly(history, "refund", status="on its way"))
            case _:
                history.inside.line.troubles += ["404 The id provided does not exist"]
        assert await webhooks.receive(event("payment.dispute.created", dispute=dispute_about(paid)), "event 1")
        await webhooks.handle_due()
    assert [dispute.stage for dispute in await rows(Dispute)] == ["created"]
    assert await waits_for(history.order_id) == [DISPUTED]
    async with database.write() as session:
        (await session.get_one(WebhookEvent, "event 1")).due_at = clock.now()
    await webhooks.handle_due()
    assert (await row(WebhookEvent, "event 1")).handled_at
    assert await _told(history) == [("attention", DISPUTED)], "told again, and it was no news"


async def test_a_dispute_about_a_payment_that_only_the_gateway_knows_is_told_of_as_well(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    [payment] = history.inside.entities("payment")
    await _hear("created", dispute_about(payment["id"]))
    assert await waits_for(history.order_id) == [DISPUTED]
    assert (await row(Order, history.order_id)).status == "paid"


async def test_a_dispute_about_a_payment_that_is_not_ours_is_nobodys_business(history: History, paid: str) -> None:
    assert paid
    await _hear("created", dispute_about("pay_AAAAAAAAAAAAAA"))
    assert (await rows(Dispute), await waits_for(history.order_id)) == ([], [])
