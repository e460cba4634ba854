"""Pulling the plug: what was answered stays, what was owed is still delivered."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.support import Receiver, SandboxProcess, sandbox_process, until
from tests.test_webhooks import event_of


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[SandboxProcess]:
    """A sandbox of its own, to be killed."""
    with sandbox_process(tmp_path) as running:
        yield running


def kill_and_restart(sandbox: SandboxProcess) -> None:
    sandbox.kill()
    sandbox.start()


def test_everything_answered_survives_a_kill(mortal: SandboxProcess) -> None:
    order = mortal.order(receipt="kept")
    payment_id = mortal.attempt(order["id"]).json()["razorpay_payment_id"]
    refund = mortal.client.post(f"/v1/payments/{payment_id}/refund", json={"amount": 100}).json()
    mortal.put("clock", {"offset": 5000})
    before = mortal.get("/_test/ledger")
    kill_and_restart(mortal)
    assert mortal.get("/_test/ledger") == before
    assert mortal.get(f"/v1/refunds/{refund['id']}") == refund
    assert mortal.get("/_test/clock")["offset"] == 5000


def test_orders_answered_while_being_killed_are_all_there(mortal: SandboxProcess) -> None:
    answered: list[str] = []

    def create_until_dead() -> None:
        with httpx.Client(auth=mortal.client.auth, trust_env=False, timeout=10) as client:
            while True:
                try:
                    answer = client.post(f"{mortal.url}/v1/orders", json={"amount": 100, "currency": "INR"})
                except httpx.TransportError:
                    return
                answered.append(answer.json()["id"])

    with ThreadPoolExecutor(4) as pool:
        workers = [pool.submit(create_until_dead) for _ in range(4)]
        until(lambda: len(answered) > 50)
        mortal.kill()
        for worker in workers:
            worker.result()
    mortal.start()
    kept = {order["id"] for order in mortal.get("/_test/ledger")["orders"]}
    assert set(answered) <= kept


def test_a_refund_key_is_remembered_after_a_kill(mortal: SandboxProcess) -> None:
    payment_id = mortal.paid()
    headers = {"X-Refund-Idempotency": "key-0123456789"}
    first = mortal.client.post(f"/v1/payments/{payment_id}/refund", json={}, headers=headers).json()
    kill_and_restart(mortal)
    assert mortal.client.post(f"/v1/payments/{payment_id}/refund", json={}, headers=headers).json() == first


def test_deliveries_owed_at_a_kill_are_made_afterwards(mortal: SandboxProcess, receiver_server: Receiver) -> None:
    receiver_server.reset()
    mortal.put("webhooks", {"endpoint": receiver_server.url, "delay": 3600})
    mortal.attempt(mortal.order()["id"])
    kill_and_restart(mortal)
    assert receiver_server.requests.empty()
    mortal.put("clock", {"offset": 3600})
    names = {event_of(receiver_server.next())["event"] for _ in range(3)}
    assert names == {"payment.authorized", "payment.captured", "order.paid"}


def test_what_fell_due_while_it_was_dead_happens_at_the_start(mortal: SandboxProcess) -> None:
    mortal.put("switches", {"payment_timeout": 2, "late_after": 3})  # not before the bank's word, which comes at once
    order_id = mortal.order()["id"]
    assert mortal.pay(order_id, outcome="late")["error"]["reason"] == "payment_timed_out"
    kill_and_restart(mortal)
    until(lambda: mortal.get(f"/v1/orders/{order_id}")["status"] == "paid")
