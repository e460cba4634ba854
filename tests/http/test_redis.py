"""With Redis, several processes count together; while it says nothing, who can't be counted is told so, and soon."""

from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.support.buying import Purchase
from tests.support.redis_server import frozen
from tests.support.shops import Gateway, Shop, running_shop


def test_two_processes_count_one_persons_guesses_together(gateway: Gateway, redis_url: str, tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'shop.db'}"
    with ExitStack() as stack:
        shops: list[Shop] = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            shop = running_shop(
                folder, gateway, database_url, REDIS_URL=redis_url, JWT_SECRET="x" * 32, RATE_LIMITS="login=10/day"
            )
            shops.append(stack.enter_context(shop))
        guesses = [
            httpx.post(
                f"{shops[n % 2].url}/api/auth/login",
                json={"email": "asha@example.in", "password": f"guess {n}"},
                timeout=30,
            ).status_code
            for n in range(20)
        ]
    assert guesses == [401] * 10 + [429] * 10  # each by itself refuses only the 21st


def test_while_redis_says_nothing_nobody_guesses_and_what_was_begun_is_paid(
    gateway: Gateway, redis_url: str, tmp_path: Path
) -> None:
    guess = {"email": "asha@example.in", "password": "a guess"}
    with running_shop(tmp_path, gateway, f"sqlite:///{tmp_path / 'shop.db'}", REDIS_URL=redis_url) as shop:
        purchase = Purchase.begin(shop)
        with frozen(redis_url):
            refused = httpx.post(f"{shop.url}/api/auth/login", json=guess, timeout=30)
            looked = httpx.get(f"{shop.url}/api/products", timeout=30)
            paid = purchase.verify(purchase.hand_over())
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert refused.json()["code"] == "temporarily_unavailable"
        assert (looked.status_code, paid.status_code) == (200, 201)
        assert httpx.post(f"{shop.url}/api/auth/login", json=guess, timeout=30).status_code == 401
