"""Disputes: ordered by a test, told to the merchant, moved on, and in the way of refunds meanwhile."""

from typing import Any

import httpx
import pytest

from tests.support import OTHER_KEY_ID, OTHER_KEY_SECRET, Receiver, SandboxProcess
from tests.test_orders import error_of
from tests.test_webhooks import event_of

_FIELDS = {
    *("id", "entity", "payment_id", "amount", "currency", "amount_deducted", "reason_code", "respond_by", "status"),
    *("phase", "created_at", "evidence"),
}


def disputed(sandbox: SandboxProcess, payment_id: str, **more: Any) -> Any:
    return sandbox.call("POST", "dispute", {"payment_id": payment_id, "reason": "goods_not_received", **more})


def test_a_dispute_is_told_with_its_payment(sandbox: SandboxProcess, receiver: Receiver) -> None:
    payment_id = sandbox.paid()
    for _ in range(3):
        receiver.next()
    dispute = disputed(sandbox, payment_id, respond_by=1_800_000_000, phase="pre_arbitration")
    assert set(dispute) == _FIELDS
    assert dispute["id"].startswith("disp_")
    assert (dispute["entity"], dispute["payment_id"], dispute["status"]) == ("dispute", payment_id, "open")
    assert (dispute["amount"], dispute["currency"], dispute["amount_deducted"]) == (50_000, "INR", 0)
    assert (dispute["reason_code"], dispute["phase"]) == ("goods_not_received", "pre_arbitration")
    assert dispute["respond_by"] == 1_800_000_000
    told = event_of(receiver.next())
    assert (told["event"], told["contains"]) == ("payment.dispute.created", ["payment", "dispute"])
    assert told["payload"]["dispute"]["entity"] == dispute
    assert told["payload"]["payment"]["entity"]["id"] == payment_id


@pytest.mark.parametrize(
    ("moves", "status", "deducted"),
    [
        (("under_review", "won"), "won", 0),
        (("under_review", "action_required", "under_review", "lost"), "lost", 50_000),
        (("closed",), "closed", 0),
    ],
)
def test_a_dispute_moves_on_and_every_move_is_told(
    sandbox: SandboxProcess, receiver: Receiver, moves: tuple[str, ...], status: str, deducted: int
) -> None:
    payment_id = sandbox.paid()
    for _ in range(3):
        receiver.next()
    dispute_id = disputed(sandbox, payment_id)["id"]
    assert event_of(receiver.next())["event"] == "payment.dispute.created"
    for move in moves:
        sandbox.call("POST", "dispute", {"dispute_id": dispute_id, "status": move})
        assert event_of(receiver.next())["event"] == f"payment.dispute.{move}"
    dispute = sandbox.fetch(f"disputes/{dispute_id}")
    assert (dispute["status"], dispute["amount_deducted"]) == (status, deducted)
    again = sandbox.client.post("/_test/dispute", json={"dispute_id": dispute_id, "status": "won"})
    assert error_of(again)["description"] == f"The dispute is {status} already."


def test_a_dispute_gives_three_days_to_respond_unless_told_otherwise(sandbox: SandboxProcess) -> None:
    dispute = disputed(sandbox, sandbox.paid())
    assert dispute["respond_by"] - dispute["created_at"] == 3 * 86_400
    assert dispute["phase"] == "chargeback"


def test_disputes_are_listed_newest_first_for_their_own_account(sandbox: SandboxProcess, sdk: Any) -> None:
    first, second = disputed(sandbox, sandbox.paid()), disputed(sandbox, sandbox.paid())
    assert sdk.dispute.all()["items"] == [second, first]
    assert sdk.dispute.fetch(first["id"]) == first
    stranger = httpx.Client(base_url=sandbox.url, auth=(OTHER_KEY_ID, OTHER_KEY_SECRET), trust_env=False)
    assert stranger.get("/v1/disputes").json()["items"] == []
    assert error_of(stranger.get(f"/v1/disputes/{first['id']}"))["description"] == "The id provided does not exist"


def test_what_was_refunded_is_not_disputed_and_what_is_disputed_is_not_refunded(sandbox: SandboxProcess) -> None:
    path = f"/v1/payments/{sandbox.paid()}"
    sandbox.client.post(f"{path}/refund", json={"amount": 20_000}).raise_for_status()
    dispute = disputed(sandbox, path.rpartition("/")[2])
    assert dispute["amount"] == 30_000
    refused = sandbox.client.post(f"{path}/refund", json={"amount": 1000})
    assert error_of(refused)["description"] == (
        "A dispute about this payment is under investigation; it cannot be refunded."
    )
    sandbox.call("POST", "dispute", {"dispute_id": dispute["id"], "status": "won"})
    sandbox.client.post(f"{path}/refund", json={}).raise_for_status()


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ({"reason": None}, "The reason field is required."),
        ({"reason": "r" * 101}, "The reason may not be greater than 100 characters."),
        ({"phase": "war"}, "The phase is one of chargeback, fraud, retrieval, pre_arbitration, arbitration."),
        ({"respond_by": "soon"}, "The respond_by must be an integer."),
        ({"respond_by": 5}, "respond_by must be between 946684800 and 4765046400"),
        ({"status": "won"}, "A status belongs to a dispute_id; a new dispute is open."),
        ({"payment_id": "pay_AAAAAAAAAAAAAA"}, "The id provided does not exist"),
        (
            {"dispute_id": "disp_AAAAAAAAAAAAAA", "status": "open"},
            "The status is one of under_review, action_required, won, lost, closed.",
        ),
        ({"dispute_id": "disp_AAAAAAAAAAAAAA", "status": "won"}, "The id provided does not exist"),
    ],
)
def test_a_dispute_that_makes_no_sense_is_refused(
    sandbox: SandboxProcess, body: dict[str, Any], description: str
) -> None:
    common = {"payment_id": sandbox.paid(), "reason": "fraud"}
    assert error_of(sandbox.client.post("/_test/dispute", json={**common, **body}))["description"] == description
    assert sandbox.fetch("disputes")["items"] == []


def test_only_captured_money_that_is_still_there_is_disputed(sandbox: SandboxProcess) -> None:
    authorised, refunded = sandbox.paid(outcome="authorized"), sandbox.paid()
    sandbox.client.post(f"/v1/payments/{refunded}/refund", json={}).raise_for_status()
    for payment_id in (authorised, refunded):
        refused = sandbox.client.post("/_test/dispute", json={"payment_id": payment_id, "reason": "fraud"})
        assert error_of(refused)["description"] == (
            "A dispute is about a captured payment that was not refunded in full."
        )
