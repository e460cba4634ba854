"""What a shop costs that has sold so much: every minute, when somebody looks at their orders, and when it is checked.

Run as `.venv/bin/python -m benchmarks.growth [orders…]`, on Linux. Prints a table in Markdown. Its figures say as much
about the machine as about the shop: compare line with line.
"""

import asyncio
import hmac
import json
import logging
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import col, func, select, update

from benchmarks.gateway import ORDER_PREFIX, PAYMENT_PREFIX, Ledger, answer
from checkout_app.auth import tokens
from checkout_app.auth.models import User
from checkout_app.auth.tokens import Claims
from checkout_app.catalog import service as catalog
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database, memory
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.core.rounds import Round
from checkout_app.orders import listing
from checkout_app.orders.models import Order
from checkout_app.payments import jobs, record
from checkout_app.payments.checks import watch
from checkout_app.payments.gateway.line import Answer, Request
from checkout_app.server import logs
from tests.support.bulk import fill_shop
from tests.support.bulk_gateway import fill_gateway
from tests.support.databases import empty_postgresql, empty_sqlite, running_postgresql
from tests.support.inside import running_inside
from tests.support.processes import ROOT
from tests.support.shops import KEY_SECRET, environment_of, running_gateway

log = logging.getLogger("benchmarks.growth")

SIZES = (1_000, 60_000, 1_000_000)
KINDS = ("sqlite", "postgresql")
LONGEST_CHECK = 15 * 60.0
"""Seconds after which a check is given up."""
TIMES = 100
"""How often what takes milliseconds is done; the least counts, since whatever else a machine does only adds to it."""
PULSE = 0.002
HEADINGS = (
    *("orders", "database", "loading, s", "every minute: CPU s", "stall of the loop, ms"),
    *("an order, ms", "its payment, ms", "first page of orders, ms", "a page deep down, ms", "one order's record, ms"),
    *("check, s", "and MB above idle"),
)

Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Inside:
    """What the shop's own process takes, in seconds."""

    cpu: float
    stall: float
    create: float
    pay: float
    first: float
    deep: float
    record: float


@dataclass(frozen=True)
class Check:
    """What the operator's check takes, and how it ended; memory is the most that it had at any time."""

    seconds: float
    megabytes: float
    ended: str


def tell_progress() -> None:
    """Say on the standard error what is being done."""
    logging.basicConfig(format="%(message)s", force=True)
    for name in (log.name, "tests.support.bulk"):
        logging.getLogger(name).setLevel(logging.INFO)


async def open_shop(folder: Path, url: str) -> None:
    """Make a shop that has nothing, and its gateway."""
    async with running_inside(folder, url):
        pass


async def every_minute() -> None:
    """Do what the shop does every minute when nothing is due: look over the books, and see that there is nothing."""
    async with database.write() as session:
        await session.exec(update(Round).where(col(Round.id) == watch.NAME).values(due_at=clock.now()))
    for work in jobs.WORK:
        await work.round()


async def fill(folder: Path, url: str, number: int) -> float:
    """Fill a shop and its gateway; returns how many seconds that took."""
    began = time.monotonic()
    async with running_inside(folder, url) as inside:
        tell_progress()  # migrations have just said otherwise
        fill_shop(url, number)
        fill_gateway(inside.gateway.store, url)
    return time.monotonic() - began


async def measure(folder: Path, url: str) -> Inside:
    """Measure what the shop itself does."""
    async with running_inside(folder, url) as inside:
        for work in jobs.WORK:  # so that nothing is due
            await work.round()
        inside.line.inner = Counter()
        memory.leave_program_alone()  # as a server does that has started
        began = time.process_time()
        stall = await _longest_stall(every_minute())
        cpu = time.process_time() - began
        order, cursor = await _somebody_with_many()
        async with database.write() as session:
            token = tokens.open_session(session, await session.get_one(User, order.buyer_id))
        buyer = tokens.read(token)

        async def page(cursor: str | None) -> None:
            found = await listing.list_orders(buyer, cursor=cursor)
            async with database.ask() as session:
                await listing.contents(session, [row.id for row in found.items])

        async def one() -> None:
            async with database.read() as session:
                await record.gather(session, await session.get_one(Order, order.id))

        seconds = [await _seconds(act) for act in (lambda: page(None), lambda: page(cursor), one)]
        sales = [await _sale(buyer) for _ in range(TIMES)]
        create, pay = (min(taken) for taken in zip(*sales, strict=True))
        return Inside(cpu, stall, create, pay, *seconds)


class Counter:
    """The line to a gateway that costs next to nothing, and knows only what is ordered from now on."""

    def __init__(self) -> None:
        self._ledger = Ledger()

    async def carry(self, request: Request) -> Answer:
        """Answer a request."""
        status, body = answer(self._ledger, request.method, f"{request.path}?{request.query}", request.body or b"")
        return Answer(status, {}, json.dumps(body).encode())

    async def aclose(self) -> None:
        """There is nothing to let go of."""


async def _sale(buyer: Claims) -> tuple[float, float]:
    """Sell something; returns how long it took to make the order, and to settle its payment."""
    async with database.ask() as session:
        offer = secrets.choice(await catalog.offers(session, limit=LONGEST_PAGE))
    began = time.monotonic()
    made = await checkout.create_order(buyer, [Item(offer.product.id)])
    ordered = time.monotonic()
    payment_id = PAYMENT_PREFIX + made.razorpay_order_id.removeprefix(ORDER_PREFIX)
    signature = hmac.new(KEY_SECRET.encode(), f"{made.razorpay_order_id}|{payment_id}".encode(), "sha256")
    info = checkout.PaymentInfo(made.razorpay_order_id, payment_id, signature.hexdigest())
    await checkout.verify_payment(buyer, info)
    return ordered - began, time.monotonic() - ordered


async def _somebody_with_many() -> tuple[Order, str]:
    """Return an order of the buyer who has the most, and the cursor of a page after nine tenths of theirs."""
    async with database.read() as session:
        order = (await session.exec(select(Order).where(Order.email == "buyer1@example.in").limit(1))).one()
        own = Order.buyer_id == order.buyer_id
        count = (await session.exec(select(func.count(col(Order.id))).where(own))).one()
        newest_first = select(Order.id).where(own).order_by(col(Order.id).desc())
        return order, (await session.exec(newest_first.offset(count * 9 // 10).limit(1))).one()


async def _longest_stall(work: Awaitable[None]) -> float:
    """Do some work, and return for how long at most the event loop did nothing else meanwhile."""
    longest, last = 0.0, time.monotonic()

    async def pulse() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(PULSE)
            longest, last = max(longest, time.monotonic() - last - PULSE), time.monotonic()

    beating = asyncio.create_task(pulse())
    await asyncio.sleep(PULSE)
    await work
    await asyncio.sleep(PULSE)
    beating.cancel()
    return longest


async def _seconds(act: Callable[[], Awaitable[None]]) -> float:
    """Return how long something takes."""
    taken = []
    for _ in range(TIMES):
        began = time.monotonic()
        await act()
        taken.append(time.monotonic() - began)
    return min(taken)


def check(folder: Path, url: str) -> Check:
    """Run the operator's check against the gateway's counterpart of a shop."""
    with running_gateway(folder) as gateway, (folder / "check.log").open("wb") as log:
        environment = {"PATH": os.environ["PATH"], **environment_of(folder, gateway, url)}
        command = [sys.executable, "-m", "checkout_app.cli", "check"]
        began, most = time.monotonic(), 0.0
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT) as process:
            while process.poll() is None:
                most = max(most, _peak_megabytes(process.pid))
                if time.monotonic() - began > LONGEST_CHECK:
                    process.kill()
                    return Check(LONGEST_CHECK, most, "given up")
                time.sleep(0.02)
        lines = (folder / "check.log").read_text().splitlines() or [""]
        return Check(time.monotonic() - began, most, "" if process.returncode == 0 else f"red: {lines[-1]}")


def _peak_megabytes(pid: int) -> float:
    """Return the most memory that a process has had so far; `ru_maxrss` would count what its parent had."""
    with suppress(OSError, StopIteration):  # it has just ended
        status = Path(f"/proc/{pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))) / 1024
    return 0.0


def apart(act: Callable[..., Coroutine[None, None, Outcome]], *given: Any) -> Outcome:
    """Do something in a process of its own, which has never done anything before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_do, act, given).result()


def _do(act: Callable[..., Coroutine[None, None, Outcome]], given: Sequence[Any]) -> Outcome:
    logs.use_standard_logging()  # where the shop's lines are too quiet to be seen
    return asyncio.run(act(*given))


def new_database(kind: str, folder: Path, server: str) -> str:
    """Make an empty database of a kind."""
    return empty_sqlite(folder) if kind == "sqlite" else empty_postgresql(server, folder.name)


def idle_megabytes(kind: str, server: str) -> float:
    """Return what a check takes of memory in a shop that has nothing."""
    with tempfile.TemporaryDirectory() as name:
        url = new_database(kind, Path(name), server)
        apart(open_shop, Path(name), url)
        return check(Path(name), url).megabytes


def line(kind: str, number: int, server: str, idle: float) -> str:
    """Fill a shop, measure it, and return its line of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder, url = Path(name), new_database(kind, Path(name), server)
        loading = apart(fill, folder, url, number)
        log.info("%s has %d orders after %.0f s", kind, number, loading)
        checked = check(folder, url)  # first: what is sold afterwards is unknown to its gateway
        inside = apart(measure, folder, url)
    cells = [f"{number:,}", kind, f"{loading:.0f}", f"{inside.cpu:.2f}"]
    quick = (inside.stall, inside.create, inside.pay, inside.first, inside.deep, inside.record)
    cells += [f"{1000 * seconds:.2f}" for seconds in quick]
    cells += [f"{checked.seconds:.1f} {checked.ended}".strip(), f"{checked.megabytes - idle:.0f}"]
    return row(cells)


def row(cells: Sequence[str]) -> str:
    """Write one line of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def main(sizes: Sequence[int]) -> None:
    """Measure shops of these sizes on both databases, and print the table."""
    tell_progress()
    with running_postgresql() as server:
        idle = {kind: idle_megabytes(kind, server) for kind in KINDS}
        lines = [line(kind, number, server, idle[kind]) for number in sizes for kind in KINDS]
    print("\n".join([row(HEADINGS), row(["---"] * len(HEADINGS)), *lines]))


if __name__ == "__main__":
    main([int(given) for given in sys.argv[1:]] or SIZES)
