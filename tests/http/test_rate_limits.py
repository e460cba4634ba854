"""How often a buyer may order is a setting; who is told to wait is told for how long, and others go on."""

import time
from pathlib import Path

from tests.support.shops import Gateway, running_shop


def test_a_buyer_who_orders_too_often_waits_and_another_does_not(gateway: Gateway, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    with running_shop(tmp_path, gateway, url, RATE_LIMITS="order=2/day") as shop:
        wanted = {"product_id": shop.product()}
        with shop.buyer() as asha, shop.buyer("Ravi") as ravi:
            answers = [asha.post("/checkout/order", json=wanted) for _ in range(4)]
            other = ravi.post("/checkout/order", json=wanted)
        assert [answer.status_code for answer in (*answers, other)] == [201, 201, 429, 429, 201]
        refused = answers[-1]
        assert refused.json()["code"] == "rate_limited"
        midnight = 86_400 - time.time() % 86_400
        assert 1 <= int(refused.headers["retry-after"]) <= 86_400 + midnight
        assert refused.headers["retry-after"] in refused.json()["detail"]
        assert shop.rows("SELECT count(*) AS orders FROM orders") == [{"orders": 3}]
