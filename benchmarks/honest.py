"""Honest buyers of a shop that others attack: each comes from an address of their own, buys something, and looks."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp import ClientSession, ClientTimeout

from benchmarks.buyers import Unexpected
from benchmarks.tab import Build, Tab
from benchmarks.tabs import ORIGIN

BUYERS = 4
_THINKING = 0.5
"""Seconds between two purchases of a buyer."""
_LONGEST = ClientTimeout(total=30)
_OK, _MADE = {HTTPStatus.OK}, {HTTPStatus.CREATED}


@dataclass(frozen=True, slots=True)
class Street:
    """Where honest people buy: the shop, where they pay, and what the script of its pages knows."""

    shop: str
    gateway: str
    build: Build


@dataclass(slots=True)
class Bought:
    """What came of their purchases: how many seconds the shop took for each, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many purchases there were."""
        return len(self.seconds) + len(self.failures)

    def milliseconds(self, percent: int) -> float:
        """Return how long so many in a hundred took at most."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[len(ordered) * percent // 100] if ordered else float("inf")


class _Visit:
    """One buyer's time in the shop."""

    def __init__(self, street: Street, browser: ClientSession) -> None:
        address = f"198.18.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
        self._street, self._browser = street, browser
        self._headers = {"X-Forwarded-For": address, "Origin": ORIGIN}
        self.seconds = 0.0
        """For how long the shop has kept the buyer waiting."""

    async def buy(self) -> None:
        """Look around, order as a guest, pay, and look at the order; raises Unexpected, OSError, ClientError."""
        began = time.perf_counter()
        tab = await Tab.open(self._browser, self._street.shop, "/product/cups-7", self._street.build, self._headers)
        self.seconds += time.perf_counter() - began
        products = (await self._ask(_OK, "GET", "/products?limit=20"))["items"]
        product = await self._ask(_OK, "GET", f"/products/{secrets.choice(products)['id']}")
        guest = {"email": f"{secrets.token_hex(6)}@example.in", "name": "Asha Rao"}
        entered = await self._ask(_MADE, "POST", "/auth/guest", guest)
        self._headers["Authorization"] = f"Bearer {entered['access_token']}"
        made = await self._ask(_MADE, "POST", "/checkout/order", {"product_id": product["id"]})
        paid = await self._pay(made["razorpay_order_id"])
        await self._ask(_OK | _MADE, "POST", "/checkout/payment", paid)
        order = await self._ask(_OK, "GET", f"/orders/{made['order_id']}")
        await tab.close()
        if order["status"] != "paid":
            raise Unexpected(f"an order that was paid is {order['status']}")

    async def _ask(self, wanted: set[HTTPStatus], method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        began, url = time.perf_counter(), f"{self._street.shop}/api{path}"
        async with self._browser.request(method, url, json=body, headers=self._headers, timeout=_LONGEST) as answer:
            told = await answer.text()
        self.seconds += time.perf_counter() - began
        if answer.status not in wanted:
            raise Unexpected(f"{method} {path}: {answer.status}: {told[:200]}")
        return await answer.json()

    async def _pay(self, order_id: str) -> Mapping[str, str]:
        """Pay at the gateway, which is not the shop's time."""
        async with self._browser.post(f"{self._street.gateway}/_test/pay", json={"order_id": order_id}) as answer:
            answer.raise_for_status()
            paid: Mapping[str, str] = await answer.json()
            return paid


async def buying(street: Street, seconds: float) -> Bought:
    """Let people buy for so many seconds, a few at a time."""
    bought, ends = Bought(), time.monotonic() + seconds

    async def buy_on() -> None:
        while time.monotonic() < ends:
            async with ClientSession() as browser:
                visit = _Visit(street, browser)
                try:
                    await visit.buy()
                    bought.seconds.append(visit.seconds)
                except (Unexpected, OSError, aiohttp.ClientError, TimeoutError) as error:
                    bought.failures.append(f"{type(error).__name__}: {error}")
            await asyncio.sleep(_THINKING)

    await asyncio.gather(*(buy_on() for _ in range(BUYERS)))
    return bought
