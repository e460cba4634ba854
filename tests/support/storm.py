"""A storm over a shop: buyers, banks and a careless network at random, whatever else happens; and how it ends."""

import itertools
import os
import random
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import httpx
from sqlalchemy.exc import DBAPIError

from tests.support.buying import Purchase, check, make_merchant
from tests.support.shops import Gateway, Shop
from tests.support.time_travel import advance
from tests.support.waiting import until
from tests.support.webhooks import PATH, deliver, event, new_event_id

SEED = int(os.environ.get("SOAK_SEED", "20261122"))
OUTCOMES = ("success", "success", "authorized", "failure", "late")
_FAULTS = ("latency", "429", "500", "502", "empty", "reset", "reply_lost", "hang")
_BUYERS = 4
_OPEN_WITHOUT_AN_ISSUE = (
    "SELECT id FROM orders WHERE (payment_status = 'confirming' OR (state = 'open' AND payment_status = 'unpaid'))"
    " AND id NOT IN (SELECT subject_id FROM issues WHERE resolved_at IS NULL)"
)


class Storm:
    """Buyers of a shop, which may be several processes, and what they meet on their way to the gateway."""

    def __init__(self, shops: Sequence[Shop], *, thinking: float = 0) -> None:
        self.shops = shops
        self.gateway: Gateway = shops[0].gateway
        self.dice = random.Random(SEED)  # noqa: S311 - repeatable on purpose
        self.purchases = 0
        self._thinking = thinking
        self._over = threading.Event()
        self._drops = itertools.cycle((1.0, 0.3))  # every other time no webhook gets through

    @contextmanager
    def raging(self) -> Iterator[None]:
        """Let people buy for the length of a block."""
        with ThreadPoolExecutor(_BUYERS) as pool:
            buyers = [pool.submit(self._buy_on, number) for number in range(_BUYERS)]
            try:
                yield
            finally:
                self.calm()
                self._over.set()
            self.purchases = sum(buyer.result() for buyer in buyers)

    def go_on(self, seconds: float) -> None:
        """Let it rage for so long, unless it is over."""
        self._over.wait(seconds)

    def change(self) -> None:
        """Let the network fail in another way."""
        faults = [{"kind": kind, "path": "/v1/*", "rate": self.dice.random() * 0.1, "seconds": 0.2} for kind in _FAULTS]
        self.gateway.set("faults", {"rules": faults, "seed": self.dice.randrange(10**6)})
        policy = {"drop": next(self._drops), "duplicate": 0.3, "reorder": self.dice.random() < 0.5, "factor": 0.01}
        self.gateway.set("webhooks", policy)

    def calm(self) -> None:
        """Let the network be what it should be."""
        self.gateway.set("faults", [])
        self.gateway.set("webhooks", {"drop": 0, "duplicate": 0, "reorder": False})

    def _buy_on(self, number: int) -> int:
        dice, done = random.Random(SEED + number), 0  # noqa: S311 - repeatable on purpose
        while not self._over.is_set():
            # The shop is down, refuses, or has lost what it knew: people come again.
            with suppress(httpx.HTTPError, KeyError, DBAPIError):
                _buy(dice.choice(self.shops), dice)
            done += 1
            self._over.wait(dice.uniform(0, self._thinking))
        return done


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
        captured = event("payment.captured", payment={"id": handed_over["razorpay_payment_id"]})
        deliver(shop, captured, secret=shop.environment["RAZORPAY_WEBHOOK_SECRET"])
    if dice.random() < 0.3:
        merchant = make_merchant(shop, purchase.buyer)
        body = {"payment_id": handed_over["razorpay_payment_id"], "amount": 1000, "reason": "Sent back."}
        merchant.post("/merchant/refunds", json=body, headers={"Idempotency-Key": new_event_id()})
    if dice.random() < 0.2:
        purchase.buyer.post(f"/orders/{purchase.order_id}/cancel")


def begin(shop: Shop) -> None:
    """Let the gateway tell a shop everything but the first payment: nobody tells of that, however calm the storm."""
    shop.gateway.set("webhooks", {"endpoint": shop.url + PATH, "drop": 1.0})
    Purchase.begin(shop).pay()


def no_break_is_left(shop: Shop) -> None:
    """Let half an hour pass after a storm and fail unless all money and all orders are where they belong."""
    advance(shop, 25)
    until(lambda: check(shop).returncode == 0, "the books to be right")
    ended = check(shop)
    assert ended.stdout.endswith("0 violations\n"), ended.stdout
    assert shop.rows(_OPEN_WITHOUT_AN_ISSUE) == []
