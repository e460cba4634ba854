"""What monitors and load balancers ask of a running shop, with GET and with HEAD."""

import httpx
import pytest

from tests.support.shops import Shop


@pytest.mark.parametrize("path", ["/api/health", "/api/health/live", "/api/health/ready"])
def test_a_head_answers_as_a_get_does_and_says_nothing(shop: Shop, path: str) -> None:
    asked = httpx.get(f"{shop.url}{path}", timeout=30)
    head = httpx.head(f"{shop.url}{path}", timeout=30)
    assert (asked.status_code, asked.json()["status"] in {"ok", "degraded", "ready"}) == (200, True)
    assert (head.status_code, head.content) == (200, b"")
