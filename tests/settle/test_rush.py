"""A rush of webhooks: each is acknowledged and handled, buyers are served meanwhile, and who pays need not wait."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import httpx
import pytest

from tests.conftest import new_database
from tests.support import waiting
from tests.support.buying import Purchase, check
from tests.support.shops import Gateway, Shop, running_shop
from tests.support.waiting import until
from tests.support.webhooks import announce, deliver, event

MANY = 5000
PAYMENTS = 100
AT_ONCE = 16
SLOWEST = 20
"""So many a second have to be handled, or the wait for the rest of them is in vain."""
_NAMES = ("payment.failed", "refund.processed", "payment.captured", "order.paid", "payment.authorized", "invoice.paid")


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_five_thousand_webhooks_at_once_none_is_lost_and_buyers_are_served(
    kind: str,
    gateway: Gateway,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    figures: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", MANY / SLOWEST)
    with running_shop(tmp_path, gateway, new_database(kind, request, tmp_path)) as shop:
        bodies, began = _bodies(shop), time.monotonic()
        with _served_meanwhile(shop) as served, ThreadPoolExecutor(AT_ONCE) as pool:
            acknowledged = {answer.status_code for answer in pool.map(lambda body: deliver(shop, body), bodies)}
            kept = time.monotonic() - began
            late = _somebody_pays(shop)
            until(lambda: not _waiting(shop), "all of them to be handled")
        took = time.monotonic() - began
        assert acknowledged == {200}
        assert shop.rows("SELECT count(*) AS n FROM webhook_events") == [{"n": MANY + 1}]
        assert shop.rows("SELECT count(*) AS n FROM orders WHERE payment_status <> 'paid'") == [{"n": 0}]
        assert set(served) == {200}
        assert check(shop).returncode == 0
    figures.append(
        f"{MANY:,} webhooks at once on {kind}: {MANY / kept:.0f} a second acknowledged, {MANY / took:.0f} handled; "
        f"who paid last waited {late:.1f} s, {len(served)} others were served meanwhile"
    )


def _bodies(shop: Shop) -> list[bytes]:
    """Let buyers pay and close their pages, and write all that Razorpay has to tell of it."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        paid = list(pool.map(lambda _: Purchase.begin(shop).pay(), range(PAYMENTS)))
        payments = list(pool.map(lambda payment_id: shop.gateway.fetch(f"payments/{payment_id}"), paid))
    told = islice(zip(cycle(payments), cycle([name for name in _NAMES for _ in payments]), strict=False), MANY)
    return [event(name, payment=payment) for payment, name in told]


def _somebody_pays(shop: Shop) -> float:
    """Let one more buyer pay and close the page; the seconds until the order is paid."""
    purchase = Purchase.begin(shop)
    payment_id, began = purchase.pay(), time.monotonic()
    assert announce(shop, "payment.captured", payment_id).status_code == 200
    purchase.becomes("paid")
    return time.monotonic() - began


def _waiting(shop: Shop) -> int:
    return int(shop.rows("SELECT count(*) AS n FROM webhook_events WHERE handled_at IS NULL")[0]["n"])


@contextmanager
def _served_meanwhile(shop: Shop) -> Iterator[list[int]]:
    """Let somebody look at the shelf again and again during a block; what the answers were."""
    over, answers = threading.Event(), list[int]()

    def look() -> None:
        while not over.wait(0.1):
            answers.append(httpx.get(f"{shop.url}/api/products", timeout=30).status_code)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield answers
    finally:
        over.set()
        looking.join()
