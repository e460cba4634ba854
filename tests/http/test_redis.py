"""With Redis, several processes count together."""

from contextlib import ExitStack
from pathlib import Path

import httpx

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
