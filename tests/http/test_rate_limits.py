"""How often somebody may order is a setting; who is told to wait is told for how long, and others go on."""

import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from tests.support.shops import Gateway, Shop, running_shop

HOME = "203.0.113.7"


def _orders(shop: Shop, product_id: str, addresses: Sequence[str]) -> Sequence[httpx.Response]:
    """Order one unit from each address, as another buyer each time."""
    answers = []
    for address in addresses:
        with shop.buyer() as buyer:
            headers = {"X-Forwarded-For": address}
            answers.append(buyer.post("/checkout/order", json={"product_id": product_id}, headers=headers))
    return answers


@pytest.mark.parametrize(
    "addresses",
    [[HOME] * 4 + ["203.0.113.8"], ["2001:db8::1", "2001:db8::2", "2001:db8::3:1", "2001:db8::4", "2001:db8:0:1::1"]],
)
def test_who_orders_too_often_from_an_address_waits_and_another_does_not(
    gateway: Gateway, tmp_path: Path, addresses: Sequence[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    with running_shop(tmp_path, gateway, url, RATE_LIMITS="order=2/day") as shop:
        answers = _orders(shop, shop.product(), addresses)
        assert [answer.status_code for answer in answers] == [201, 201, 429, 429, 201]
        refused = answers[-2]
        assert refused.json()["code"] == "rate_limited"
        midnight = 86_400 - time.time() % 86_400
        assert 1 <= int(refused.headers["retry-after"]) <= 86_400 + midnight
        assert refused.headers["retry-after"] in refused.json()["detail"]
        assert shop.rows("SELECT count(*) AS orders FROM orders") == [{"orders": 3}]


def test_who_leaves_too_much_unpaid_is_told_what_to_pay_and_another_buys(gateway: Gateway, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    with running_shop(tmp_path, gateway, url, RATE_LIMITS="order=1000/minute, unpaid=4") as shop:
        wanted, home = {"product_id": shop.product()}, {"X-Forwarded-For": HOME}
        with shop.buyer() as asha, shop.buyer("Ravi") as ravi:
            mine = [asha.post("/checkout/order", json=wanted, headers=home).json() for _ in range(3)]
            theirs = [ravi.post("/checkout/order", json=wanted, headers=home) for _ in range(3)]
            elsewhere = _orders(shop, wanted["product_id"], ["198.51.100.7"])
        assert (mine[2]["status"], mine[2]["code"], mine[2]["order_id"]) == (409, "unpaid_orders", mine[1]["order_id"])
        assert [answer.status_code for answer in (*theirs, *elsewhere)] == [201, 201, 409, 201]
        assert shop.rows("SELECT count(DISTINCT ordered_from) AS places FROM orders") == [{"places": 2}]
