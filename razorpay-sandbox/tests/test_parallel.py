"""Calls at the same moment: every change happens once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx

from tests.support import KEY_ID, KEY_SECRET, SandboxProcess


def at_once(count: int, call: Callable[[int, httpx.Client], httpx.Response]) -> list[httpx.Response]:
    """Make calls from as many connections, all released together."""
    barrier = Barrier(count)

    def one(number: int) -> httpx.Response:
        with httpx.Client(auth=(KEY_ID, KEY_SECRET), timeout=30, trust_env=False) as client:
            barrier.wait()
            return call(number, client)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def test_of_twenty_captures_one_succeeds(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    payment_id = sandbox.attempt(order_id, outcome="authorized").json()["razorpay_payment_id"]
    url = f"{sandbox.url}/v1/payments/{payment_id}/capture"
    body = {"amount": 50_000, "currency": "INR"}
    assert statuses(at_once(20, lambda _, client: client.post(url, json=body))) == {200: 1, 400: 19}
    assert sandbox.get(f"/v1/orders/{order_id}")["amount_paid"] == 50_000


def test_refunds_never_exceed_the_capture(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid(1000)
    url = f"{sandbox.url}/v1/payments/{payment_id}/refund"
    assert statuses(at_once(20, lambda _, client: client.post(url, json={"amount": 300}))) == {200: 3, 400: 17}
    assert sandbox.get(f"/v1/payments/{payment_id}")["amount_refunded"] == 900


def test_one_idempotency_key_makes_one_refund(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid()
    url = f"{sandbox.url}/v1/payments/{payment_id}/refund"
    headers = {"X-Refund-Idempotency": "same-key-for-all"}
    answers = at_once(20, lambda _, client: client.post(url, json={"amount": 100}, headers=headers))
    assert set(statuses(answers)) <= {200, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 200}) == 1
    assert sandbox.get(f"/v1/payments/{payment_id}")["amount_refunded"] == 100


def test_of_twenty_buyers_one_pays_the_order(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    answers = at_once(20, lambda _, client: client.post(f"{sandbox.url}/_test/pay", json={"order_id": order_id}))
    paid = [answer for answer in answers if answer.status_code == 200]
    kept = [each for each in sandbox.get("/_test/ledger")["payments"] if each["captured"]]
    assert (len(paid), len(kept)) == (1, 1)
    assert sandbox.get("/_test/ledger")["totals"]["captured"] == 50_000


def test_one_unique_receipt_makes_one_order(sandbox: SandboxProcess) -> None:
    body = {"amount": 100, "currency": "INR", "receipt": "r", "unique_receipt": True}
    answers = at_once(20, lambda _, client: client.post(f"{sandbox.url}/v1/orders", json=body))
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_ids_are_never_given_twice(sandbox: SandboxProcess) -> None:
    body = {"amount": 100, "currency": "INR"}
    answers = at_once(20, lambda _, client: client.post(f"{sandbox.url}/v1/orders", json=body))
    assert len({answer.json()["id"] for answer in answers}) == 20
