"""Buyers, banks, a careless network and power cuts at random; when it is over the books have no break."""

import itertools
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.support import waiting
from tests.support.buying import Purchase, check, make_merchant
from tests.support.shops import API_SERVER, WEAK_SERVER, Gateway, Shop, running_gateway, running_shop
from tests.support.time_travel import advance
from tests.support.waiting import until
from tests.support.webhooks import PATH, deliver, event, new_event_id

FAULTS = ("latency", "429", "500", "502", "empty", "reset", "reply_lost", "hang")
BUYERS = 4
SEED = int(os.environ.get("SOAK_SEED", "20261122"))
OUTCOMES = ("success", "success", "authorized", "failure", "late")


def _buy(shop: Shop, dice: random.Random) -> None:
    """Buy something the way people do: not always to the end, and some things twice."""
    purchase = Purchase.begin(shop, on_hand=dice.randint(1, 3))
    answer = shop.gateway.pay(purchase.razorpay_order_id, outcome=dice.choice(OUTCOMES))
    if answer.is_error:
        if dice.random() < 0.5:
            return
        answer = shop.gateway.pay(purchase.razorpay_order_id)
    handed_over = answer.raise_for_status().json()
    if dice.random() < 0.3:
        return  # the battery is empty
    for _ in range(dice.randint(0, 2)):
        purchase.verify(handed_over)
    for _ in range(dice.randint(0, 2)):
        deliver(shop, event("payment.captured", payment={"id": handed_over["razorpay_payment_id"]}))
    if dice.random() < 0.3:
        merchant = make_merchant(shop, purchase.buyer)
        body = {"payment_id": handed_over["razorpay_payment_id"], "amount": 1000, "reason": "Sent back."}
        merchant.post("/merchant/refunds", json=body, headers={"Idempotency-Key": new_event_id()})
    if dice.random() < 0.2:
        purchase.buyer.post(f"/orders/{purchase.order_id}/cancel")


def _buy_on(shop: Shop, number: int, over: threading.Event, thinking: float) -> int:
    dice, done = random.Random(SEED + number), 0  # noqa: S311 - repeatable on purpose
    while not over.is_set():
        with suppress(httpx.HTTPError, KeyError):  # the shop is down or refuses: people come again
            _buy(shop, dice)
        done += 1
        over.wait(dice.uniform(0, thinking))
    return done


def _make_trouble(shop: Shop, seconds: float) -> int:
    dice, cuts = random.Random(SEED), 0  # noqa: S311 - repeatable on purpose
    ends = time.monotonic() + seconds
    drops = itertools.cycle((1.0, 0.3))  # every other time no webhook gets through
    while time.monotonic() < ends:
        faults = [{"kind": kind, "path": "/v1/*", "rate": dice.random() * 0.1, "seconds": 0.2} for kind in FAULTS]
        shop.gateway.set("faults", {"rules": faults, "seed": dice.randrange(10**6)})
        policy = {"drop": next(drops), "duplicate": 0.3, "reorder": dice.random() < 0.5, "factor": 0.01}
        shop.gateway.set("webhooks", policy)
        pause = dice.uniform(2, 5)
        threading.Event().wait(min(pause, max(0.0, ends - time.monotonic())))  # let the trouble last a while
        if dice.random() < 0.5:
            shop.kill_and_restart()
            cuts += 1
    return cuts


def _soak(folder: Path, seconds: float, *, thinking: float = 0, without: str = "") -> tuple[int, int]:
    """Let it storm; buyers think for up to so many seconds. Returns how many purchases and power cuts there were."""
    server, url = WEAK_SERVER if without else API_SERVER, f"sqlite:///{folder / 'shop.db'}"
    with (
        running_gateway(folder) as gateway,
        running_shop(folder, gateway, url, server=server, WITHOUT=without) as shop,
    ):
        gateway.set("webhooks", {"endpoint": shop.url + PATH, "drop": 1.0})
        Purchase.begin(shop).pay()  # nobody tells of this one, however calm the storm
        over = threading.Event()
        with ThreadPoolExecutor(BUYERS) as pool:
            buyers = [pool.submit(_buy_on, shop, number, over, thinking) for number in range(BUYERS)]
            try:
                cuts = _make_trouble(shop, seconds)
            finally:
                _end_trouble(gateway)
                over.set()
            purchases = sum(buyer.result() for buyer in buyers)
        advance(shop, 25)
        until(lambda: check(shop).returncode == 0, "the books to be right")
        ended = check(shop)
        assert ended.stdout.endswith("0 violations\n"), ended.stdout
        open_orders = (
            "SELECT id FROM orders"
            " WHERE (payment_status = 'confirming' OR (state = 'open' AND payment_status = 'unpaid'))"
            " AND id NOT IN (SELECT subject_id FROM issues WHERE resolved_at IS NULL)"
        )
        assert shop.rows(open_orders) == []
        return purchases, cuts


def _end_trouble(gateway: Gateway) -> None:
    gateway.set("faults", [])
    gateway.set("webhooks", {"drop": 0, "duplicate": 0, "reorder": False})


def test_a_short_storm_leaves_no_violation(tmp_path: Path, figures: list[str]) -> None:
    purchases, cuts = _soak(tmp_path, 20)
    figures.append(f"soak of 20 seconds: {purchases} purchases tried, {cuts} power cuts, 0 violations")


def test_control_without_asking_the_gateway_a_storm_leaves_violations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 5.0)  # what is lost here stays lost
    with pytest.raises(AssertionError):
        _soak(tmp_path, 8, without="asking")


@pytest.mark.nightly
def test_a_long_storm_leaves_no_violation(tmp_path: Path, figures: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 600.0)  # what piled up meanwhile takes its time
    purchases, cuts = _soak(tmp_path, 600, thinking=4)
    figures.append(f"soak of 10 minutes: {purchases} purchases tried, {cuts} power cuts, 0 violations")
