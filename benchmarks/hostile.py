"""What honest buyers notice while others attack the shop in every way at once, and what is left of that in the shop.

Run as `make hostile`, on Linux. The shop runs as in production, on PostgreSQL and with the sandbox as its gateway, but
without built pages. First people buy in peace, then for so many minutes beside the attackers (`benchmarks.attackers`);
then `check` looks over the books. Prints the figures in Markdown, and ends with 1 when one is not as it has to be. In
less than half an hour memory has not come to its bounds yet when it is looked at first.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks import servers
from benchmarks.attackers import Tally
from benchmarks.honest import Bought, Street, buying
from benchmarks.servers import Running
from benchmarks.tabs import build_of
from benchmarks.usage import resident_megabytes
from tests.support.databases import empty_postgresql, running_postgresql
from tests.support.mail_server import running_mail_server
from tests.support.processes import ROOT
from tests.support.shops import KEY_ID, KEY_SECRET, WEBHOOK_SECRET, Gateway, running_gateway
from tests.support.webhooks import PATH

WARM_UP, QUIET = 10.0, 30.0
"""Seconds in which people buy before anything is measured, and in peace."""
SLOWER, GROWN = 3.0, 1.1
"""How many times as slow a purchase may be under attack, and as large the server's memory in the end as at first."""
FIRST_LOOK = 1 / 6
"""After which part of the attack memory is looked at first: ten minutes of an hour."""
SHOWN = 5
"""How many of the purchases that went wrong are told."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that was measured, what it has to be, and whether it is."""

    name: str
    measured: str
    wanted: str = ""
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it all: purchases in peace and under attack, memory in MB, bytes of log a minute, and answers."""

    quiet: Bought
    attacked: Bought
    first: float
    last: float
    log: float
    tally: Tally

    def figures(self) -> Iterator[Figure]:
        """Say what it comes to."""
        quiet, attacked = self.quiet, self.attacked
        yield Figure("a purchase in peace, p50 / p95", _milliseconds(quiet))
        slower = attacked.milliseconds(95) / quiet.milliseconds(95)
        wanted = f"p95 below {SLOWER:.0f} times that in peace"
        yield Figure("a purchase under attack, p50 / p95", _milliseconds(attacked), wanted, slower < SLOWER)
        tried, failed = quiet.tried + attacked.tried, len(quiet.failures) + len(attacked.failures)
        yield Figure("honest purchases that came through", f"{tried - failed} of {tried}", "all", not failed)
        memory = f"{self.first:.0f} MB after a sixth of it, {self.last:.0f} MB in the end"
        yield Figure("memory of the server", memory, f"at most {GROWN} times", self.last <= GROWN * self.first)
        yield Figure("written to the log", f"{self.log / 1000:.0f} KB a minute")


async def measure(server: Running, gateway: Gateway, minutes: float) -> Outcome:
    """Let people buy in peace, and then beside attackers for so many minutes."""
    street = Street(server.url, gateway.url, build_of(server))
    await buying(street, WARM_UP)
    quiet, seconds, written = await buying(street, QUIET), 60 * minutes, server.log.stat().st_size
    attacking = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.attackers", server.url, str(seconds)), cwd=ROOT, stdout=PIPE
    )
    async with asyncio.TaskGroup() as group:
        honest = group.create_task(buying(street, seconds))
        memory = group.create_task(_memory(server, seconds))
        told = group.create_task(attacking.communicate())
    if attacking.returncode:
        sys.exit("The attack itself went wrong.")
    tally = {name: Counter(answers) for name, answers in json.loads(told.result()[0]).items()}
    log = (server.log.stat().st_size - written) / minutes
    return Outcome(quiet, honest.result(), *memory.result(), log, tally)


async def _memory(server: Running, seconds: float) -> tuple[float, float]:
    """Return the megabytes that a server has after a sixth of some seconds, and at their end."""
    await asyncio.sleep(seconds * FIRST_LOOK)
    first = resident_megabytes(server.pid)
    await asyncio.sleep(seconds * (1 - FIRST_LOOK))
    return first, resident_megabytes(server.pid)


def _milliseconds(bought: Bought) -> str:
    return f"{bought.milliseconds(50):.0f} / {bought.milliseconds(95):.0f} ms"


def _told(outcome: Outcome, figures: Sequence[Figure]) -> Iterator[str]:
    """Yield the lines of the report."""
    yield from ("| | measured | wanted |", "| --- | --- | --- |")
    for one in figures:
        yield f"| {one.name} | {one.measured} | {one.wanted}{'' if one.holds else ', and is not'} |"
    yield from ("", "| attack | times | answered |", "| --- | --: | --- |")
    for name, answers in outcome.tally.items():
        kinds = ", ".join(f"{count:,} x {kind}" for kind, count in answers.most_common(SHOWN))
        yield f"| {name} | {answers.total():,} | {kinds} |"
    for failure in (outcome.quiet.failures + outcome.attacked.failures)[:SHOWN]:
        yield f"\nA purchase went wrong: {failure}"


def main() -> None:
    """Attack a shop for as long as the arguments say."""
    parser = argparse.ArgumentParser(prog="hostile", description="Measure what honest buyers notice of an attack.")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long it lasts")
    minutes = parser.parse_args().minutes
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hostile")))
        folder.chmod(0o755)  # a database server that is started by root runs as another user, who has to get in
        database = stack.enter_context(running_postgresql())
        mails = stack.enter_context(running_mail_server())
        gateway = stack.enter_context(running_gateway(folder))
        shop = servers.shop(
            lambda _: empty_postgresql(database, "shop"),
            RATE_LIMITS="",
            RAZORPAY_KEY_ID=KEY_ID,
            RAZORPAY_KEY_SECRET=KEY_SECRET,
            RAZORPAY_WEBHOOK_SECRET=WEBHOOK_SECRET,
            SMTP_URL=mails.url,
            MAIL_FROM="shop@shop.example",
        )
        server = stack.enter_context(shop(folder, gateway.url))
        gateway.set("webhooks", {"endpoint": server.url + PATH})
        outcome = asyncio.run(measure(server, gateway, minutes))
        figures = list(outcome.figures())
        print("\n".join(_told(outcome, figures)), flush=True)
    print("\n`check` found 0 violations.")  # or else it has ended all of this
    sys.exit(not all(one.holds for one in figures))


if __name__ == "__main__":
    main()
