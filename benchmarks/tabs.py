"""What it costs the server when somebody opens a page, and what is left in its memory of tabs that are closed.

Run as `.venv/bin/python -m benchmarks.tabs`, on Linux. The shop runs as in production but without built pages; tabs
open and close as a browser's do, a few at once, and each page's CPU is what the server used for one of them.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
from aiohttp import ClientSession

from benchmarks import servers
from benchmarks.servers import Running
from benchmarks.tab import Build, Received, Tab, browser
from benchmarks.usage import cpu_seconds, resident_megabytes
from tests.support.databases import empty_postgresql, empty_sqlite, running_postgresql
from tests.support.processes import ROOT, free_port, inherited, running

ORIGIN = "https://shop.example"
COOKIE = "__Host-session"
STRANGER, BUYER = "a stranger", "signed in"
PAGES = (
    ("/", STRANGER),
    ("/", BUYER),
    ("/category/table", STRANGER),
    ("/product/cups-7", STRANGER),
    ("/product/cups-7", BUYER),
    ("/checkout?product=cups-7&quantity=1", STRANGER),
    ("/checkout?product=cups-7&quantity=1", BUYER),
    ("/orders", STRANGER),
    ("/orders", BUYER),
    ("/login", STRANGER),
)
MANY = 500
AT_ONCE = 8
_CLOSING = 1.0
"""Seconds after which the server has heard of tabs that were closed, and done with them."""
_LOOK = 5.0
_ORDERS = 20
_WARM_UP = 30


class Visitors:
    """Those who open pages of a running shop: strangers, and a buyer who has some orders."""

    def __init__(self, server: Running) -> None:
        self._server = server
        self._build = build_of(server)
        self._idle = 0.0
        self._headers = {STRANGER: {"Origin": ORIGIN}, BUYER: {"Origin": ORIGIN, "Cookie": _cookie(server.url)}}

    async def open(self, page: str, who: str, times: int) -> tuple[float, str]:
        """Open and close a page so many times, a few at once; returns the milliseconds of CPU for one, and what came.

        What the server does all the time, whoever comes, is not counted.
        """
        async with browser() as opening:
            idle, began, before = self._idle, time.monotonic(), cpu_seconds(self._server.pid)
            opened = [
                tab
                for _ in range(0, times, AT_ONCE)
                for tab in await asyncio.gather(*(self._visit(opening, page, who) for _ in range(AT_ONCE)))
            ]
            await asyncio.sleep(_CLOSING)
            used = cpu_seconds(self._server.pid) - before - idle * (time.monotonic() - began)
        last = opened[-1]
        return 1000 * used / len(opened), f"{last.messages} messages, {last.size:,} bytes {last.went_to}".strip()

    async def idle(self) -> None:
        """Find out what the server uses of a processor while nobody comes."""
        before = cpu_seconds(self._server.pid)
        await asyncio.sleep(_LOOK)
        self._idle = (cpu_seconds(self._server.pid) - before) / _LOOK

    async def _visit(self, opening: ClientSession, page: str, who: str) -> Received:
        tab = await Tab.open(opening, self._server.url, page, self._build, self._headers[who])
        await tab.close()
        return tab.received

    async def crowd(self) -> float:
        """Let many tabs be open at once and then closed; returns the megabytes the server has afterwards."""
        async with browser() as opening:
            tabs = []
            for number in range(MANY):
                page, who = PAGES[number % len(PAGES)]
                tabs.append(await Tab.open(opening, self._server.url, page, self._build, self._headers[who]))
            await asyncio.gather(*(tab.close() for tab in tabs))
        await asyncio.sleep(_CLOSING)
        return resident_megabytes(self._server.pid)


def build_of(server: Running) -> Build:
    """Return what the script of a server's pages would know."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.built_with"],
        cwd=ROOT,
        env={**inherited(), **server.settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"What a build would know can't be said:\n{done.stderr[-3000:]}")
    return Build(**json.loads(done.stdout.splitlines()[-1]))


def _cookie(url: str) -> str:
    """Come to the shop as a guest who makes some orders; returns the cookie they have from now on."""
    with httpx.Client(base_url=f"{url}/api", timeout=30) as buyer:
        entered = buyer.post("/auth/guest", json={"email": "asha@example.in", "name": "Asha Rao"}).raise_for_status()
        token = entered.json()["access_token"]
        buyer.headers["Authorization"] = f"Bearer {token}"
        product = buyer.get("/products").json()["items"][0]["id"]
        for _ in range(_ORDERS):
            buyer.post("/checkout/order", json={"product_id": product}).raise_for_status()
    return f"{COOKIE}={token}"


async def measure(server: Running, times: int, rounds: int) -> list[str]:
    """Measure a running shop; returns the lines of the table, and what memory does."""
    visitors = Visitors(server)
    for page, who in PAGES:
        await visitors.open(page, who, _WARM_UP)
    await visitors.idle()
    taken: dict[tuple[str, str], list[float]] = {}
    received: dict[tuple[str, str], str] = {}
    for _ in range(rounds):
        for page, who in PAGES:
            cpu_ms, received[page, who] = await visitors.open(page, who, times)
            taken.setdefault((page, who), []).append(cpu_ms)
    table = [
        _row(f"`{page}`", who, f"{statistics.median(taken[page, who]):.2f}", received[page, who]) for page, who in PAGES
    ]
    before = resident_megabytes(server.pid)
    first, second = await visitors.crowd(), await visitors.crowd()
    grown = (
        f"{before:.0f} MB, {first:.0f} after {MANY} tabs, {second:.0f} after {MANY} more: {second / first:.3f} times"
    )
    return [_row("page", "visitor", "CPU ms", "received"), _row("---", "---", "--:", "---"), *table, "", grown]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure on the database that the arguments name."""
    parser = argparse.ArgumentParser(prog="tabs", description="Measure what opening a page costs the server.")
    parser.add_argument("--times", type=int, default=100, help="how often each page is opened in a round")
    parser.add_argument("--rounds", type=int, default=3, help="how often all of it is done; medians count")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostgreSQL")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tabs")))
        folder.chmod(0o755)  # a database server that is started by root runs as another user, who has to get in
        new_database = empty_sqlite
        if not options.sqlite:
            new_database = partial(_new_database, stack.enter_context(running_postgresql()))
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        gateway = ["-m", "benchmarks.gateway", str(port)]
        stack.enter_context(
            running(gateway, url=url, ready="/v1/orders", log=folder / "gateway.log", environment={}, forked=False)
        )
        server = stack.enter_context(servers.shop(new_database)(folder, url))
        print("\n".join(asyncio.run(measure(server, options.times, options.rounds))))


def _new_database(server: str, folder: Path) -> str:
    return empty_postgresql(server, folder.name)


if __name__ == "__main__":
    main()
