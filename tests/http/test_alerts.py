"""Alerts of a shop with two processes: sent once by both, once over restarts, and held up by nothing but themselves."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, update

from checkout_app.core import clock
from checkout_app.core.rounds import Round
from checkout_app.journal.models import FollowUp
from checkout_app.payments.checks import watch
from checkout_app.server import alarms
from tests.conftest import DATABASES, new_database
from tests.support.buying import Purchase, make_merchant
from tests.support.processes import ROOT, free_port
from tests.support.receiver import PATH, SECRET, Receiver, receiving
from tests.support.shops import Gateway, Shop, running_shop
from tests.support.waiting import until
from tests.support.webhooks import deliver, event

RULE = "held stock adds up"
PAIR = {"JWT_SECRET": "x" * 32, "LOG_FORMAT": "json"}


@pytest.fixture(params=DATABASES)
def port(request: pytest.FixtureRequest) -> int:
    """Where alerts are to arrive, and nobody listens yet."""
    assert request.param
    return free_port()


@pytest.fixture
def shops(request: pytest.FixtureRequest, port: int, gateway: Gateway, tmp_path: Path) -> Iterator[list[Shop]]:
    """Two processes of one shop."""
    kind = request.node.callspec.params["port"]
    database_url = new_database(kind, request, tmp_path)
    settings: dict[str, Any] = {**PAIR, **Receiver(port).settings}
    with ExitStack() as stack:
        running: list[Shop] = []
        for name in ("one", "other"):
            folder = tmp_path / name
            folder.mkdir()
            running.append(stack.enter_context(running_shop(folder, gateway, database_url, **settings)))
        yield running


def _send_again(shop: Shop) -> None:
    """Let everything be due that waits to be sent."""
    with shop.engine.begin() as connection:
        waits = update(FollowUp).where(col(FollowUp.due_at).is_not(None))
        connection.execute(waits.values(due_at=clock.now()))


def _look(shop: Shop) -> None:
    """Let the books and then the alarms be looked at, and wait until they have been."""
    for name in (watch.NAME, alarms.NAME):
        with shop.engine.begin() as connection:
            connection.execute(update(Round).where(col(Round.id) == name).values(due_at=clock.now()))
        until(partial(shop.came_round, name), f"the look at the {name}")


def _settled(shop: Shop) -> bool:
    """Tell whether everything has been sent."""
    return not shop.rows("SELECT id FROM follow_ups WHERE due_at IS NOT NULL")


def _tried(shops: list[Shop]) -> int:
    """Count how often the address was away when something was to be sent."""
    return sum(shop.process.log.read_text().count("alert address does not answer") for shop in shops)


def _dispute(shop: Shop, purchase: Purchase) -> None:
    body = event("payment.dispute.created", dispute={"payment_id": purchase.pay()})
    assert deliver(shop, body).status_code == 200
    until(lambda: purchase.issues == ["dispute"], "the issue")


def test_what_begins_and_ends_is_told_once_by_all_processes_and_over_their_restarts(
    shops: list[Shop], port: int
) -> None:
    one, other = shops
    first, second = Purchase.begin(one), Purchase.begin(other)
    _dispute(one, first)
    until(lambda: _tried(shops) == 1, "a try")
    _dispute(other, second)
    until(lambda: _tried(shops) == 2, "another")
    assert Purchase.begin(one).pay(), "an address that is away holds up no sale"
    with receiving(port) as receiver:
        _send_again(one)
        until(lambda: {said["order_id"] for said in receiver.told("issue")} == {first.order_id, second.order_id}, "two")
        one.rows("UPDATE variants SET held = held + 1 WHERE id = :id", id=first.product_id)
        for _ in range(3):
            _look(one)
        until(lambda: receiver.told("alarm") and _settled(one), "the alarm")
        for shop in shops:
            shop.kill_and_restart()
        _look(other)
        one.rows("UPDATE variants SET held = held - 1 WHERE id = :id", id=first.product_id)
        _resolve(one, first)
        for _ in range(2):
            _look(one)
        until(lambda: _settled(one) and len(receiver.alerts) >= 5, "the rest")
        _look(other)
        assert _settled(one)
    told = [(said["kind"], said["name"], said["until"] is None) for alert in receiver.alerts for said in [alert.said]]
    assert sorted(told) == sorted(
        [("issue", "dispute", True)] * 2 + [("issue", "dispute", False), ("alarm", RULE, True), ("alarm", RULE, False)]
    )
    read_alert = _receivers_example()
    for alert in receiver.alerts:
        assert read_alert(alert.body, alert.signature, SECRET) == alert.said
    for shop in shops:
        log = shop.process.log.read_text()
        assert [secret for secret in (PATH, SECRET, alert.signature) if secret in log] == []


def _resolve(shop: Shop, purchase: Purchase) -> None:
    merchant = make_merchant(shop, shop.buyer())
    issues = merchant.get("/merchant/issues", params={"limit": 50}).raise_for_status().json()["items"]
    [issue] = [item["id"] for item in issues if item["order_id"] == purchase.order_id]
    merchant.post(f"/merchant/issues/{issue}/resolve", json={"note": "Seen."}).raise_for_status()


def _receivers_example() -> Callable[[bytes, str, str], dict[str, Any]]:
    """Return what docs/operations.md lets a receiver do."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    found: dict[str, Any] = {}
    exec(compile(example, "operations.md", "exec"), found)  # noqa: S102 - our own text
    read_alert: Callable[[bytes, str, str], dict[str, Any]] = found["read_alert"]
    return read_alert


def test_the_receivers_example_takes_nothing_that_others_have_written_or_that_is_old() -> None:
    read_alert = _receivers_example()

    def signed(sent_at: Any, secret: str = SECRET) -> tuple[bytes, str]:
        body = json.dumps({"kind": "alarm", "sent_at": sent_at.isoformat()}).encode()
        return body, hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    body, signature = signed(clock.now())
    assert read_alert(body, signature, SECRET)["kind"] == "alarm"
    for other, its_signature, message in (
        (*signed(clock.now(), "another secret of 16"), "somebody else"),
        (body + b" ", signature, "somebody else"),
        (body, "", "somebody else"),
        (body, "é", "somebody else"),
        (*signed(clock.now() - timedelta(minutes=6)), "played back"),
    ):
        with pytest.raises(ValueError, match=message):
            read_alert(other, its_signature, SECRET)
