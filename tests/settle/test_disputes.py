"""A buyer's bank wants a payment back: the shop keeps what it is told and by when to answer, and asks for a person."""

import re
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from checkout_app.core import clock, database
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import ActorKind, Issue
from checkout_app.orders.models import Order
from checkout_app.payments import issues, webhooks
from checkout_app.payments.gateway.client import READ_TRIES
from checkout_app.payments.models import Dispute, WebhookEvent
from tests.support.acts import in_the_dashboard, told_oddly
from tests.support.buying import Purchase, make_merchant, read_issues
from tests.support.histories import History
from tests.support.inside import row, rows, timeline, violations, waits_for
from tests.support.shops import Shop
from tests.support.waiting import until
from tests.support.webhooks import deliver, event, new_event_id

SHOPKEEPER = Actor(ActorKind.MERCHANT, "SHOPKEEPER")
DISPUTED = "The buyer's bank disputes this payment."
SENTENCES = {
    "created": DISPUTED,
    "under_review": "The bank is looking at what the shop sent about the disputed payment.",
    "action_required": "The bank wants to know more about the disputed payment.",
    "won": "The bank decided the dispute about this payment for the shop.",
    "lost": "The bank decided the dispute about this payment for the buyer.",
    "closed": "The dispute about this payment is closed.",
}


def _dispute(payment_id: str, **changes: object) -> dict[str, Any]:
    dispute: dict[str, Any] = {
        "id": "disp_AAAAAAAAAAAAAA",
        "entity": "dispute",
        "payment_id": payment_id,
        "amount": 47900,
        "currency": "INR",
        "phase": "chargeback",
        "respond_by": 1_800_000_000,
        "reason_code": "goods_not_received",
        "status": "open",
    }
    return {name: value for name, value in (dispute | changes).items() if value is not ...}


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
    await _hear("created", _dispute(paid))
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
    await _hear("created", _dispute(paid))
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
    assert len(await rows(Issue)) == 1, "one thing to look at, however far it went"


async def test_a_repetition_of_a_stage_is_no_news_whether_or_not_somebody_looked_at_it(
    history: History, paid: str
) -> None:
    await _hear("created", _dispute(paid))
    await _hear("created", _dispute(paid, respond_by=1_800_086_400))
    assert await _told(history) == [("attention", DISPUTED)]
    await _resolve()
    before = await _told(history)
    await _hear("created", _dispute(paid))
    assert (await _told(history), await waits_for(history.order_id)) == (before, [])
    assert [dispute.respond_by for dispute in await rows(Dispute)] == [datetime.fromtimestamp(1_800_000_000, UTC)]


async def test_the_next_stage_after_somebody_looked_at_it_asks_again(history: History, paid: str) -> None:
    await _hear("created", _dispute(paid))
    await _resolve()
    assert await waits_for(history.order_id) == []
    await _hear("action_required", _dispute(paid))
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
    await _hear("created", _dispute(paid))
    await _hear("created", _dispute(paid, id="disp_BBBBBBBBBBBBBB", phase="pre_arbitration"))
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
    await _hear(known, _dispute(paid, respond_by=1_800_086_400))
    if looked_at:
        await _resolve()
    before = (await rows(Dispute), await _told(history), await waits_for(history.order_id))
    for phase in ("chargeback", ...):
        await _hear(late, _dispute(paid, phase=phase))
    assert (await rows(Dispute), await _told(history), await waits_for(history.order_id)) == before


@pytest.mark.parametrize(
    ("known", "next_stage"),
    [("under_review", "action_required"), ("action_required", "under_review"), ("lost", "closed")],
)
async def test_stages_that_may_follow_each_other_are_news(
    history: History, paid: str, known: str, next_stage: str
) -> None:
    await _hear(known, _dispute(paid))
    await _hear(next_stage, _dispute(paid))
    assert await _told(history) == [("attention", SENTENCES[known]), ("dispute", SENTENCES[next_stage])]


async def test_a_dispute_that_goes_on_in_the_next_phase_begins_anew(history: History, paid: str) -> None:
    await _hear("won", _dispute(paid))
    await _resolve()
    await _hear("created", _dispute(paid, phase="pre_arbitration"))
    assert await waits_for(history.order_id) == [DISPUTED]
    [dispute] = await rows(Dispute)
    assert (dispute.stage, dispute.phase) == ("created", "pre_arbitration")


@pytest.mark.parametrize("stage", SENTENCES)
async def test_each_stage_is_told_in_a_sentence_also_when_it_is_the_first(
    history: History, paid: str, stage: str
) -> None:
    await _hear(stage, _dispute(paid))
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
        assert await webhooks.receive(event("payment.dispute.created", dispute=_dispute(paid)), "event 1")
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
    await _hear("created", _dispute(payment["id"]))
    assert await waits_for(history.order_id) == [DISPUTED]
    assert (await row(Order, history.order_id)).status == "paid"


async def test_a_dispute_about_a_payment_that_is_not_ours_is_nobodys_business(history: History, paid: str) -> None:
    assert paid
    await _hear("created", _dispute("pay_AAAAAAAAAAAAAA"))
    assert (await rows(Dispute), await waits_for(history.order_id)) == ([], [])


ODD: dict[str, dict[str, Any]] = {
    "no id": {"id": ...},
    "an id of another kind": {"id": 7},
    "an id that is none": {"id": "../disputes"},
    "an endless id": {"id": "disp_" + "A" * 5000},
    "amount in words": {"amount": "479.00"},
    "half a paisa": {"amount": 0.5},
    "a huge amount": {"amount": 10**30},
    "less than nothing": {"amount": -1},
    "no currency": {"currency": None},
    "an invented currency": {"currency": "RUPEES"},
    "an endless phase": {"phase": "chargeback " * 1000},
    "a phase that can't be kept": {"phase": "\0\u2028\x1b"},
    "a phase of another kind": {"phase": {"name": "chargeback"}},
    "a deadline in words": {"respond_by": "tomorrow"},
    "a deadline after the end of time": {"respond_by": 10**18},
    "a deadline before the beginning": {"respond_by": -(10**18)},
    "no deadline": {"respond_by": 0},
    "all of it": {name: [] for name in ("id", "amount", "currency", "phase", "respond_by")},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_an_odd_dispute_is_kept_as_far_as_it_can_be_and_asks_for_a_person(shop: Shop, odd: dict[str, Any]) -> None:
    purchase = Purchase.begin(shop)
    payment_id, event_id = purchase.pay(), new_event_id()
    dispute_id = f"disp_{payment_id[4:]}"
    body = event("payment.dispute.created", dispute=_dispute(payment_id, **({"id": dispute_id} | odd)))
    assert deliver(shop, body, event_id=event_id).status_code == 200
    until(lambda: purchase.issues, "an issue")
    handled = "SELECT attempts FROM webhook_events WHERE id = :id AND handled_at IS NOT NULL"
    assert until(lambda: shop.rows(handled, id=event_id), "it to be done with") == [{"attempts": 1}]
    [dispute] = purchase.buyer.get(f"/orders/{purchase.order_id}").raise_for_status().json()["disputes"]
    whole = {"id": dispute_id, "amount": 47900, "currency": "INR", "phase": "chargeback"}
    nothing = {"id": payment_id, "amount": None, "currency": "", "phase": ""}
    expected = whole | {name: nothing[name] for name in odd if name in nothing}
    if odd.get("phase") == "chargeback " * 1000:
        expected["phase"] = ("chargeback " * 4)[:40]
    assert {name: dispute[name] for name in expected} == expected
    assert (dispute["respond_by"] is None) == ("respond_by" in odd)
    assert (purchase.issues, purchase.status) == (["dispute"], "paid")


def _has_told(purchase: Purchase, times: int) -> bool:
    return purchase.events("attention") + purchase.events("dispute") == times


def test_an_orders_body_shows_its_disputes_and_no_sentence_reads_like_a_code(shop: Shop) -> None:
    purchase = Purchase.begin(shop)
    payment_id = purchase.pay()
    dispute = _dispute(payment_id, id=f"disp_{payment_id[4:]}")
    for number, stage in enumerate((*SENTENCES, "invented_stage"), start=1):
        assert deliver(shop, event(f"payment.dispute.{stage}", dispute=dispute)).status_code == 200
        until(partial(_has_told, purchase, number), stage)
    body = purchase.buyer.get(f"/orders/{purchase.order_id}").raise_for_status().json()
    [shown] = body["disputes"]
    assert shown | {"respond_by": ...} == {
        "id": dispute["id"],
        "payment_id": payment_id,
        "stage": "invented_stage",
        "phase": "chargeback",
        "amount": 47900,
        "currency": "INR",
        "respond_by": ...,
    }
    assert datetime.fromisoformat(shown["respond_by"]) == datetime.fromtimestamp(1_800_000_000, UTC)
    messages = [told["message"] for told in body["timeline"] if told["kind"] in {"attention", "dispute"}]
    yours = {
        DISPUTED: "Your bank disputes this payment.",
        SENTENCES["lost"]: SENTENCES["lost"].replace("the buyer", "you"),
    }
    assert messages == [yours.get(said, said) for said in (*SENTENCES.values(), DISPUTED)]
    waiting = read_issues(make_merchant(shop, purchase.buyer), purchase.order_id)
    assert waiting == [("dispute", DISPUTED)]
    everything = [told["message"] for told in body["timeline"]] + [message for _, message in waiting]
    assert [message for message in everything if not re.fullmatch(r"[A-Z₹][^_]* [^_]*\.", message)] == []
