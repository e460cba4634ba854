"""Webhooks: what arrives, signed how, how often, and what happens when nobody answers."""

import json
from typing import Any

import pytest
import razorpay

from razorpay_sandbox.webhooks.sender import LADDER, WINDOW, next_try
from tests.support import WEBHOOK_SECRET, Received, Receiver, SandboxProcess, until
from tests.test_orders import error_of

_QUICK = 0.01


def event_of(received: Received) -> Any:
    return json.loads(received.body)


def deliveries(sandbox: SandboxProcess) -> list[Any]:
    return list(sandbox.get("/_test/webhooks")["deliveries"])


def test_a_payment_is_told_in_three_events(sandbox: SandboxProcess, receiver: Receiver, sdk: Any) -> None:
    order = sandbox.order(notes={"type": "SESSION"})
    sandbox.attempt(order["id"], method="upi")
    received = {event_of(each)["event"]: each for each in (receiver.next(), receiver.next(), receiver.next())}
    assert set(received) == {"payment.authorized", "payment.captured", "order.paid"}
    for request in received.values():
        assert request.headers["content-type"] == "application/json"
        assert request.headers["user-agent"] == "Razorpay-Webhook/v1"
        assert request.headers["accept-encoding"] == "gzip"
        assert request.headers["request-id"] == request.headers["x-razorpay-event-id"]
        assert len(request.headers["x-razorpay-event-id"]) == 14
        assert int(request.headers["content-length"]) == len(request.body)
        assert b": " not in request.body
        signature = request.headers["x-razorpay-signature"]
        assert sdk.utility.verify_webhook_signature(request.body.decode(), signature, WEBHOOK_SECRET)
    captured, paid = event_of(received["payment.captured"]), event_of(received["order.paid"])
    assert set(captured) == {"entity", "account_id", "event", "contains", "payload", "created_at"}
    assert (captured["entity"], captured["contains"]) == ("event", ["payment"])
    assert captured["account_id"].startswith("acc_")
    assert len(captured["account_id"]) == 18
    payment = captured["payload"]["payment"]["entity"]
    assert (payment["status"], payment["base_amount"], payment["notes"]) == ("captured", 50_000, {"type": "SESSION"})
    assert paid["contains"] == ["payment", "order"]
    assert paid["payload"]["order"]["entity"]["status"] == "paid"
    assert "base_amount" not in paid["payload"]["payment"]["entity"]


def test_a_card_payment_is_told_with_its_card(sandbox: SandboxProcess, receiver: Receiver) -> None:
    sandbox.attempt(sandbox.order()["id"], method="card", outcome="failure")
    event = event_of(receiver.next())
    payment = event["payload"]["payment"]["entity"]
    assert (event["event"], payment["card"]["last4"]) == ("payment.failed", "1007")
    assert payment["acquirer_data"] == {"auth_code": None}


def test_a_refund_is_told_with_its_payment(sandbox: SandboxProcess, receiver: Receiver) -> None:
    payment_id = sandbox.paid()
    for _ in range(3):
        receiver.next()
    sandbox.client.post(f"/v1/payments/{payment_id}/refund", json={"amount": 100}).raise_for_status()
    events = {event_of(each)["event"]: event_of(each) for each in (receiver.next(), receiver.next())}
    assert set(events) == {"refund.created", "refund.processed"}
    assert events["refund.processed"]["contains"] == ["refund", "payment"]
    assert events["refund.processed"]["payload"]["payment"]["entity"]["amount_refunded"] == 100


@pytest.mark.parametrize("status", [400, 500, 302])
def test_anything_but_2xx_is_tried_again_with_the_same_event_id(
    sandbox: SandboxProcess, receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status, status]
    sandbox.put("webhooks", {"factor": _QUICK})
    sandbox.attempt(sandbox.order()["id"], outcome="authorized")
    tries = [receiver.next(), receiver.next(), receiver.next()]
    assert len({each.headers["x-razorpay-event-id"] for each in tries}) == 1
    assert len({each.body for each in tries}) == 1
    delivery = until(lambda: [each for each in deliveries(sandbox) if each["status"] == "delivered"])[0]
    assert [each["status"] for each in delivery["answers"]] == [status, status, 200]


def test_no_retry_is_earlier_than_its_rung(sandbox: SandboxProcess, receiver: Receiver) -> None:
    receiver.statuses = [500] * 4
    sandbox.put("webhooks", {"factor": _QUICK})
    sandbox.attempt(sandbox.order()["id"], outcome="authorized")
    moments = [receiver.next().at for _ in range(5)]
    for moment, rung in zip(moments, (0, 0.23, 6, 19, 40), strict=True):
        assert moment - moments[0] >= rung * _QUICK - 0.05


@pytest.mark.parametrize("factor", [1, _QUICK])
def test_the_ladder_has_sixteen_rungs_and_ends_after_a_day(factor: float) -> None:
    moments, now = [0.0], 0.0
    while now < WINDOW * factor:
        now = next_try(0, now, "payment.captured", factor)
        moments.append(now)
    assert moments == [pytest.approx(rung * factor) for rung in (*LADDER, WINDOW)]
    assert len(LADDER) == 16
    assert next_try(0, 0, "payment.failed", 1) == 6
    assert next_try(0, 3600, "payment.captured", 1) == 5040


def test_a_receiver_that_stalls_is_given_five_seconds(sandbox: SandboxProcess, receiver: Receiver) -> None:
    receiver.stall = 5.5
    sandbox.attempt(sandbox.order()["id"], outcome="authorized")
    receiver.next()
    receiver.stall = 0
    answer = until(lambda: [each["answers"][0] for each in deliveries(sandbox) if each["answers"]])[0]
    assert answer["status"] is None
    assert answer["seconds"] >= 4.9
    assert receiver.next()


def test_an_endpoint_that_never_answers_is_disabled_after_a_day(sandbox: SandboxProcess, receiver: Receiver) -> None:
    receiver.statuses = [500] * 100
    sandbox.attempt(sandbox.order()["id"], outcome="authorized")
    receiver.next()
    sandbox.put("clock", {"offset": 86_500})
    until(lambda: not sandbox.get("/_test/webhooks")["active"])
    receiver.reset()
    sandbox.attempt(sandbox.order()["id"])
    assert [each["event"] for each in deliveries(sandbox)] == ["payment.authorized"]
    sandbox.put("webhooks", {"endpoint": receiver.url})
    sandbox.attempt(sandbox.order()["id"], outcome="authorized")
    assert event_of(receiver.next())["event"] == "payment.authorized"


def test_dropped_deliveries_are_recorded_and_can_be_replayed(sandbox: SandboxProcess, receiver: Receiver) -> None:
    sandbox.put("webhooks", {"drop": 1})
    order_id = sandbox.order()["id"]
    sandbox.attempt(order_id)
    assert {each["status"] for each in deliveries(sandbox)} == {"dropped"}
    assert sandbox.get("/_test/webhooks")["pending"] == 0
    sandbox.put("webhooks", {"drop": 0})
    replayed = sandbox.client.post("/_test/webhooks/replay", json={"order_id": order_id, "event": "order.paid"})
    assert replayed.json() == {"replayed": 1}
    assert event_of(receiver.next())["event"] == "order.paid"


def test_duplicates_carry_the_same_event_id(sandbox: SandboxProcess, receiver: Receiver) -> None:
    sandbox.put("webhooks", {"duplicate": True})
    sandbox.attempt(sandbox.order()["id"], outcome="authorized")
    first, second = receiver.next(), receiver.next()
    assert first.headers["x-razorpay-event-id"] == second.headers["x-razorpay-event-id"]
    assert first.body == second.body


def test_reordered_events_arrive_last_first(sandbox: SandboxProcess, receiver: Receiver) -> None:
    sandbox.put("webhooks", {"reorder": True})
    sandbox.attempt(sandbox.order()["id"])
    names = [event_of(receiver.next())["event"] for _ in range(3)]
    assert names == ["order.paid", "payment.captured", "payment.authorized"]


def test_delayed_events_arrive_late(sandbox: SandboxProcess, receiver: Receiver) -> None:
    sandbox.put("webhooks", {"delay": 0.5})
    sandbox.attempt(sandbox.order()["id"], outcome="authorized")
    assert sandbox.get("/_test/webhooks")["pending"] == 1
    born_at = deliveries(sandbox)[0]["due_at"] - 0.5
    assert receiver.next().at - born_at >= 0.5


def test_retries_after_a_change_of_secret_carry_the_old_signature(
    sandbox: SandboxProcess, receiver: Receiver, sdk: Any
) -> None:
    receiver.statuses = [500]
    sandbox.attempt(sandbox.order()["id"], outcome="authorized")
    first = receiver.next()
    sandbox.put("webhooks", {"secret": "a-new-secret"})
    assert receiver.next().headers["x-razorpay-signature"] == first.headers["x-razorpay-signature"]
    sandbox.attempt(sandbox.order()["id"], outcome="authorized")
    later = receiver.next()
    signature = later.headers["x-razorpay-signature"]
    assert sdk.utility.verify_webhook_signature(later.body.decode(), signature, "a-new-secret")
    with pytest.raises(razorpay.errors.SignatureVerificationError):
        sdk.utility.verify_webhook_signature(later.body.decode(), signature, WEBHOOK_SECRET)
    sandbox.put("webhooks", {"secret": WEBHOOK_SECRET})


def test_no_answer_gives_a_secret_away(sandbox: SandboxProcess, sdk: Any) -> None:
    sandbox.put("webhooks", {"endpoint": "http://127.0.0.1:9/", "secret": WEBHOOK_SECRET})
    sdk.webhook.create({"url": "http://127.0.0.1:9/own", "events": ["order.paid"], "secret": "the-secret-of-my-own"})
    told = sandbox.get("/_test/webhooks")
    assert [told["secret_exists"], *(each["secret_exists"] for each in told["endpoints"])] == [True, True, True]
    for path in ("/_test/webhooks", "/v1/webhooks", "/console/webhooks"):
        text = sandbox.client.get(path).text
        assert WEBHOOK_SECRET not in text
        assert "the-secret-of-my-own" not in text


def test_an_added_endpoint_hears_what_it_subscribed_to(sandbox: SandboxProcess, receiver: Receiver, sdk: Any) -> None:
    sandbox.put("webhooks", {"endpoint": None})
    made = sdk.webhook.create({"url": receiver.url, "events": ["order.paid"], "secret": "own"})
    assert (made["entity"], made["active"], made["events"]) == ("webhook", True, ["order.paid"])
    assert sdk.webhook.all()["items"][0]["id"] == made["id"]
    assert (made["alert_email"], made["service"]) == (None, "api-test")
    sandbox.attempt(sandbox.order()["id"])
    request = receiver.next()
    assert event_of(request)["event"] == "order.paid"
    assert sdk.utility.verify_webhook_signature(request.body.decode(), request.headers["x-razorpay-signature"], "own")
    assert len(deliveries(sandbox)) == 1


def test_an_endpoint_keeps_who_is_alerted(sandbox: SandboxProcess, sdk: Any) -> None:
    body = {"url": "http://127.0.0.1:1/", "events": ["order.paid"], "alert_email": "asha@example.com"}
    made = sdk.webhook.create(body)
    assert made["alert_email"] == "asha@example.com"
    path = f"/v1/webhooks/{made['id']}"
    assert sandbox.client.put(path, json={"active": False}).json()["alert_email"] == "asha@example.com"
    assert sandbox.client.put(path, json={"alert_email": ""}).json()["alert_email"] is None
    for wrong in ("asha", 5, "a" * 250 + "@example.com"):
        refused = sandbox.client.put(path, json={"alert_email": wrong})
        assert error_of(refused)["description"] == "The alert email must be a valid email address."


def test_two_endpoints_hear_the_same_event_id_whenever_it_is_sent(
    sandbox: SandboxProcess, receiver: Receiver, sdk: Any
) -> None:
    sdk.webhook.create({"url": receiver.url + "?second", "events": {"payment.failed": True}})
    sandbox.attempt(sandbox.order()["id"], outcome="failure")
    first, second = receiver.next(), receiver.next()
    assert first.headers["x-razorpay-event-id"] == second.headers["x-razorpay-event-id"]
    assert {"x-razorpay-signature" in each.headers for each in (first, second)} == {True, False}
    assert sandbox.call("POST", "webhooks/replay", {"event": "payment.failed"}) == {"replayed": 2}
    again = {receiver.next().headers["x-razorpay-event-id"] for _ in range(2)}
    assert again == {first.headers["x-razorpay-event-id"]}


def test_a_downtime_is_told_and_listed(sandbox: SandboxProcess, receiver: Receiver, sdk: Any) -> None:
    body = {"method": "netbanking", "instrument": {"bank": "SBIN"}, "severity": "low"}
    started = sandbox.client.post("/_test/downtimes", json=body).json()
    names = {event_of(receiver.next())["event"], event_of(receiver.next())["event"]}
    assert names == {"payment.downtime.started"}
    assert sdk.payment.fetchDownTime()["items"] == [started]
    sandbox.client.post("/_test/downtimes/resolve", json={"id": started["id"]}).raise_for_status()
    assert "payment.downtime" in event_of(receiver.next())["payload"]
    assert sdk.payment.fetchDownTime()["items"] == []
    assert sdk.payment.fetchDownTimeById(started["id"])["status"] == "resolved"
