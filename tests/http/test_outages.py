"""The API while its database says nothing: everybody is told soon, the log stays small, and it goes on by itself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from checkout_app.core.errors import OUTAGES
from tests.support.buying import Purchase, check
from tests.support.databases import empty_postgresql, frozen
from tests.support.shops import Gateway, Shop, running_shop
from tests.support.waiting import until
from tests.support.webhooks import announce

_SOON = 20.0
"""Seconds: twice as long as an answer should take."""
_AT_ONCE = 8.0
"""Seconds: who asks how the shop is does so every few."""
_COPIES = 40
"""More than there are connections."""


@pytest.fixture
def frail(gateway: Gateway, tmp_path: Path, postgresql: str) -> Iterator[Shop]:
    """A shop on a PostgreSQL that is going to be stopped."""
    with running_shop(tmp_path, gateway, empty_postgresql(postgresql, "frail")) as shop:
        yield shop


def _ask_everything(shop: Shop, purchase: Purchase, handed_over: dict[str, str]) -> list[httpx.Response]:
    """Ask for what buyers and Razorpay ask for, many times at once."""
    with httpx.Client(base_url=shop.url, timeout=_SOON) as client, ThreadPoolExecutor(_COPIES) as pool:
        asked = [
            lambda: client.get("/api/products"),
            lambda: client.post("/api/auth/guest", json={"email": "ravi@example.in"}),
            lambda: purchase.verify(handed_over),
            lambda: announce(shop, "payment.captured", handed_over["razorpay_payment_id"]),
        ]
        answers = [pool.submit(asked[number % len(asked)]) for number in range(_COPIES)]
        return [answer.result() for answer in answers]


def test_while_the_database_says_nothing_everybody_is_told_soon_and_then_the_shop_goes_on(
    frail: Shop, postgresql: str
) -> None:
    purchase = Purchase.begin(frail)
    handed_over = purchase.hand_over()
    with frozen(postgresql):
        health = httpx.get(f"{frail.url}/api/health", timeout=_AT_ONCE)
        answers = _ask_everything(frail, purchase, handed_over)
    assert (health.status_code, health.json()["status"]) == (503, "down")
    told = {(answer.status_code, answer.headers.get("retry-after"), answer.json()["code"]) for answer in answers}
    assert told == {(503, "5", "temporarily_unavailable")}
    lines = [line for line in frail.process.log.read_text().splitlines() if OUTAGES in line]
    assert 0 < len(lines) <= 2 * 10  # the moment may come in which the next ten begin
    assert purchase.verify(handed_over).status_code in {200, 201}
    purchase.becomes("paid")
    until(lambda: httpx.get(f"{frail.url}/api/health", timeout=_SOON).json()["status"] == "ok", "the shop to be well")
    assert check(frail).returncode == 0
