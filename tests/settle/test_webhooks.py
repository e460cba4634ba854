"""The webhook endpoint: only Razorpay is believed, nothing it says is lost, and saying it again changes nothing."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.buying import Purchase
from tests.support.shops import WEAK_SERVER, Gateway, Shop, running_gateway, running_shop
from tests.support.waiting import until
from tests.support.webhooks import PATH, announce, deliver, event, new_event_id, sign

DAY = 24 * 3600
OLD_SECRET = "whsec_of_last_year"
FOREIGN = {"id": "pay_AAAAAAAAAAAAAA", "order_id": "order_AAAAAAAAAAAAAA", "status": "captured"}


@pytest.fixture
def faulty(shop: Shop) -> Iterator[Gateway]:
    """The shop's gateway, whose faults end with the test."""
    yield shop.gateway
    shop.gateway.set("faults", [])


def _count(shop: Shop) -> int:
    return int(shop.rows("SELECT count(*) AS n FROM webhook_events")[0]["n"])


def _kept(shop: Shop, event_id: str) -> list[dict[str, object]]:
    return shop.rows("SELECT id, event, handled_at FROM webhook_events WHERE id = :id", id=event_id)


def _until_handled(shop: Shop, event_id: str) -> None:
    until(lambda: _kept(shop, event_id)[0]["handled_at"], "the webhook to be handled")


def _forged_is_refused(shop: Shop, headers: dict[str, bytes], body: bytes) -> None:
    count = _count(shop)
    encoded = {name.encode(): value for name, value in headers.items()}
    answer = httpx.post(shop.url + PATH, content=body, headers=encoded)
    assert (answer.status_code, answer.json().get("code")) == (401, "invalid_token")
    assert _count(shop) == count


BODY = event("payment.captured", payment=FOREIGN)
FORGERIES = {
    "missing": {},
    "empty": {"x-razorpay-signature": b""},
    "not hex": {"x-razorpay-signature": b"signature"},
    "not ASCII": {"x-razorpay-signature": "é".encode() * 32},
    "not UTF-8": {"x-razorpay-signature": b"\xff" * 32},
    "another secret": {"x-razorpay-signature": sign(BODY, "another").encode()},
    "no secret": {"x-razorpay-signature": sign(BODY, "").encode()},
    "the API secret": {"x-razorpay-signature": sign(BODY, "testkeysecret00000000001").encode()},
    "of another body": {"x-razorpay-signature": sign(BODY + b" ").encode()},
    "upper case": {"x-razorpay-signature": sign(BODY).upper().encode()},
    "cut": {"x-razorpay-signature": sign(BODY)[:-1].encode()},
    "previous secret, nobody is changing it": {"x-razorpay-signature": sign(BODY, OLD_SECRET).encode()},
}


@pytest.mark.parametrize("headers", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_webhook_that_razorpay_did_not_sign_is_401_and_leaves_no_trace(shop: Shop, headers: dict[str, bytes]) -> None:
    _forged_is_refused(shop, headers, BODY)


def test_a_duplicate_is_acknowledged_and_kept_once(shop: Shop) -> None:
    _duplicates_are_one_row(shop)


def _duplicates_are_one_row(shop: Shop) -> None:
    before, body, event_id = _count(shop), event("payment.captured", payment=FOREIGN), new_event_id()
    answers = [deliver(shop, body, event_id=event_id) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert _count(shop) == before + 1


def test_one_signed_body_under_three_ids_is_one_event_and_handled_once(shop: Shop) -> None:
    _one_body_is_one_event(shop)


def _one_body_is_one_event(shop: Shop) -> None:
    purchase, before = Purchase.begin(shop), _count(shop)
    body = event("payment.captured", payment=shop.gateway.fetch(f"payments/{purchase.pay()}"))
    event_ids = [new_event_id() for _ in range(3)]
    with ThreadPoolExecutor(len(event_ids)) as pool:
        answers = list(pool.map(lambda event_id: deliver(shop, body, event_id=event_id), event_ids))
    answers += [deliver(shop, body), _deliver_without_id(shop, body)]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert _count(shop) == before + 1
    [kept] = [row for event_id in event_ids for row in _kept(shop, event_id)]
    _until_handled(shop, str(kept["id"]))
    assert deliver(shop, body).status_code == 200
    assert _count(shop) == before + 1
    assert shop.rows("SELECT attempts FROM webhook_events WHERE id = :id", id=kept["id"]) == [{"attempts": 1}]
    assert (purchase.status, purchase.allocations, purchase.events("paid")) == ("paid", 1, 1)


@pytest.mark.parametrize("guard", ["signature", "unique", "digest"])
def test_control_without_the_guard_the_same_scenarios_break(gateway: Gateway, tmp_path: Path, guard: str) -> None:
    with running_shop(
        tmp_path, gateway, f"sqlite:///{tmp_path / 'shop.db'}", server=WEAK_SERVER, WITHOUT=guard
    ) as weak:
        scenarios = {
            "signature": lambda: _forged_is_refused(weak, FORGERIES["another secret"], BODY),
            "unique": lambda: _duplicates_are_one_row(weak),
            "digest": lambda: _one_body_is_one_event(weak),
        }
        with pytest.raises(AssertionError):
            scenarios[guard]()


def test_an_event_without_an_id_is_told_apart_by_its_body(shop: Shop) -> None:
    bodies, before = [event("payment.captured", payment=FOREIGN) for _ in range(2)], _count(shop)
    for body in (*bodies, *bodies):
        assert _deliver_without_id(shop, body).status_code == 200
    assert _count(shop) == before + 2


def _deliver_without_id(shop: Shop, body: bytes) -> httpx.Response:
    return httpx.post(shop.url + PATH, content=body, headers={"x-razorpay-signature": sign(body)}, timeout=30)


@pytest.mark.parametrize(
    ("age", "kept"),
    [(3 * DAY + 60, 0), (365 * DAY, 0), (3 * DAY - 600, 1), (0, 1), (-DAY, 1)],
    ids=["over three days", "a year", "nearly three days", "now", "tomorrow"],
)
def test_an_event_that_is_only_played_back_is_acknowledged_and_not_kept(shop: Shop, age: int, kept: int) -> None:
    body = _with(event("payment.captured", payment=FOREIGN), created_at=int(time.time()) - age)
    before, event_id = _count(shop), new_event_id()
    assert deliver(shop, body, event_id=event_id).status_code == 200
    assert (_count(shop), len(_kept(shop, event_id))) == (before + kept, kept)


@pytest.mark.parametrize("created_at", [None, "", "yesterday", 0, -1, 1.5, [], {}, 10**30], ids=repr)
def test_an_event_that_does_not_say_when_it_was_made_is_kept(shop: Shop, created_at: object) -> None:
    event_id, body = new_event_id(), event("payment.captured", payment=FOREIGN)
    assert deliver(shop, _with(body, created_at=created_at), event_id=event_id).status_code == 200
    assert len(_kept(shop, event_id)) == 1


def test_an_event_without_any_date_is_kept_and_handled(shop: Shop) -> None:
    event_id, envelope = new_event_id(), json.loads(event("payment.captured", payment=FOREIGN))
    del envelope["created_at"]
    assert deliver(shop, json.dumps(envelope).encode(), event_id=event_id).status_code == 200
    _until_handled(shop, event_id)


def _with(body: bytes, **changes: object) -> bytes:
    return json.dumps(json.loads(body) | changes).encode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"\xff\xfe", 422),
        (b'{"event": "payment.captured\xff"}', 422),
        (b"{", 422),
        (b"[]", 422),
        (b"null", 422),
        (b"{}", 422),
        (b'{"event": 7}', 422),
        (b'{"event": "nul \\u0000"}', 422),
        (b'{"event": "half \\ud800"}', 422),
        (b'{"event": "' + b"long" * 100 + b'"}', 422),
        (b'{"event": "x", "payload": []}', 422),
        (b"[" * 100_000, 422),
        (b'{"event": "x", "payload": {}}' + b" " * 300_000, 413),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_signed_body_that_is_no_event_is_4xx_and_never_500(shop: Shop, body: bytes, status: int) -> None:
    assert deliver(shop, body).status_code == status


STRANGE_PAYLOADS: list[dict[str, Any]] = [
    {},
    {"payment": None},
    {"payment": {"id": 7}},
    {"payment": {"id": ""}},
    {"payment": {"id": "../orders?x=\u2028"}},
    {"payment": {"id": "pay_" + "A" * 5000}},
    {"payment": FOREIGN},
    {"refund": {"payment_id": "pay_AAAAAAAAAAAAAA"}},
    {"settlement": {"id": "setl_AAAAAAAAAAAAAA"}},
]


@pytest.mark.parametrize("name", ["payment.captured", "payment.dispute.created", "invented.tomorrow"])
def test_events_that_are_unknown_or_not_ours_are_kept_acknowledged_and_done_with(shop: Shop, name: str) -> None:
    event_ids = [new_event_id() for _ in STRANGE_PAYLOADS]
    for event_id, entities in zip(event_ids, STRANGE_PAYLOADS, strict=True):
        assert deliver(shop, event(name, **entities), event_id=event_id).status_code == 200
    for event_id in event_ids:
        _until_handled(shop, event_id)


def test_a_webhook_alone_settles_the_order(shop: Shop) -> None:
    purchase = Purchase.begin(shop, on_hand=5)
    payment_id = purchase.pay()
    assert announce(shop, "payment.captured", payment_id).status_code == 200
    until(lambda: purchase.status == "paid", "the order to be paid")
    assert (purchase.allocations, purchase.stock, purchase.events("paid")) == (1, (4, 0), 1)
    [payment] = shop.rows("SELECT announced_at FROM payments WHERE id = :id", id=payment_id)
    assert payment["announced_at"] is not None


def test_a_webhook_is_acknowledged_while_the_gateway_is_down_and_handled_when_it_is_back(
    shop: Shop, faulty: Gateway
) -> None:
    purchase = Purchase.begin(shop)
    body = event("payment.captured", payment=shop.gateway.fetch(f"payments/{purchase.pay()}"))
    event_id = new_event_id()
    faulty.set("faults", [{"kind": "500", "path": "/v1/*"}])
    assert deliver(shop, body, event_id=event_id).status_code == 200
    until(lambda: shop.rows("SELECT attempts FROM webhook_events WHERE id = :id", id=event_id)[0]["attempts"] > 0)
    assert _kept(shop, event_id)[0]["handled_at"] is None
    assert purchase.status == "created"
    faulty.set("faults", [])
    shop.rows("UPDATE webhook_events SET due_at = created_at WHERE id = :id", id=event_id)  # its next turn has come
    _until_handled(shop, event_id)
    assert purchase.status == "paid"


@pytest.fixture
def asleep(gateway: Gateway, tmp_path: Path) -> Iterator[Shop]:
    """A shop whose work is done once when it starts, and for a year only when something wakes it."""
    with running_shop(tmp_path, gateway, f"sqlite:///{tmp_path / 'shop.db'}", PAUSE=str(365 * DAY)) as shop:
        until(
            lambda: shop.rows("SELECT id FROM rounds WHERE id = 'sweep'") and not shop.busy,
            "the first round to be over",
        )
        yield shop


def test_a_webhook_wakes_the_work_and_is_not_left_to_its_next_round(asleep: Shop) -> None:
    for _ in range(2):
        purchase = Purchase.begin(asleep)
        event_id, body = new_event_id(), event("payment.captured", payment={"id": purchase.pay()})
        assert deliver(asleep, body, event_id=event_id).status_code == 200
        _until_handled(asleep, event_id)
        assert purchase.status == "paid"


def test_what_the_sweep_finds_is_looked_at_at_once(asleep: Shop) -> None:
    purchase = Purchase.begin(asleep)
    purchase.pay()
    asleep.rows("UPDATE orders SET due_at = NULL")
    asleep.rows("UPDATE rounds SET due_at = created_at WHERE id = 'sweep'")
    asleep.kill_and_restart()
    purchase.becomes("paid")


def test_a_webhook_is_stored_before_it_is_acknowledged(shop: Shop, faulty: Gateway) -> None:
    faulty.set("faults", [{"kind": "500", "path": "/v1/*"}])
    event_id = new_event_id()
    assert deliver(shop, event("payment.captured", payment=FOREIGN), event_id=event_id).status_code == 200
    shop.kill_and_restart()
    assert len(_kept(shop, event_id)) == 1
    faulty.set("faults", [])


def test_the_gateways_word_counts_and_not_the_webhooks(shop: Shop) -> None:
    purchase = Purchase.begin(shop)
    with pytest.raises(httpx.HTTPStatusError):
        purchase.pay(outcome="failure")
    [failed] = shop.gateway.fetch(f"orders/{purchase.razorpay_order_id}/payments")["items"]
    event_id = new_event_id()
    lie = event("payment.captured", payment=failed | {"status": "captured", "captured": True})
    assert deliver(shop, lie, event_id=event_id).status_code == 200
    _until_handled(shop, event_id)
    assert (purchase.status, purchase.allocations) == ("created", 0)


@pytest.mark.parametrize("stage", ["created", "under_review", "action_required", "lost", "won", "closed"])
def test_a_dispute_asks_for_a_person_and_takes_nothing_from_the_buyer(shop: Shop, stage: str) -> None:
    purchase = Purchase.begin(shop)
    payment_id = purchase.pay()
    dispute = {"id": f"disp_{payment_id[4:]}", "payment_id": payment_id, "amount": 48000, "status": "open"}
    assert deliver(shop, event(f"payment.dispute.{stage}", dispute=dispute)).status_code == 200
    until(lambda: purchase.issues, "an issue")
    assert (purchase.issues, purchase.events("attention")) == (["dispute"], 1)
    assert purchase.shop.rows("SELECT stage FROM disputes WHERE payment_id = :id", id=payment_id) == [{"stage": stage}]
    assert (purchase.status, purchase.allocations) == ("paid", 1)


def test_the_gateways_own_deliveries_settle_and_refund_an_order(tmp_path: Path) -> None:
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway(tmp_path))
        shop = stack.enter_context(running_shop(tmp_path, gateway, f"sqlite:///{tmp_path / 'shop.db'}"))
        gateway.set("webhooks", {"endpoint": shop.url + PATH, "duplicate": 2, "reorder": True})
        purchase = Purchase.begin(shop)
        payment_id = purchase.pay()
        until(lambda: purchase.status == "paid", "the order to be paid")
        auth = (shop.environment["RAZORPAY_KEY_ID"], shop.environment["RAZORPAY_KEY_SECRET"])
        httpx.post(f"{gateway.url}/v1/payments/{payment_id}/refund", json={"amount": 8000}, auth=auth)
        until(lambda: purchase.status == "partially_refunded", "the refund")
        events = shop.rows("SELECT event, count(*) AS n FROM webhook_events GROUP BY event")
        assert {row["event"]: row["n"] for row in events}["payment.captured"] == 1
        assert (purchase.allocations, purchase.events("paid"), purchase.events("refund")) == (1, 1, 1)


def test_during_a_change_of_the_secret_both_are_accepted(gateway: Gateway, tmp_path: Path) -> None:
    with running_shop(
        tmp_path,
        gateway,
        f"sqlite:///{tmp_path / 'shop.db'}",
        RAZORPAY_WEBHOOK_SECRET_PREVIOUS=OLD_SECRET,
    ) as shop:
        assert deliver(shop, BODY, secret=OLD_SECRET).status_code == 200
        assert deliver(shop, BODY).status_code == 200
        assert deliver(shop, BODY, secret="whsec_of_nobody").status_code == 401
