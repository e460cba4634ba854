"""How fast the heart of the shop is: what an order, a payment and a list cost, beside a floor and, if given, a peer.

Run as `make bench`, on Linux. In each round every server runs every scenario in turn, alone and on a new database; then
the shop's `check` looks over the books. What goes wrong ends it. Writes `benchmarks/results.md`.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psycopg

from benchmarks import report, servers
from benchmarks.load import Load, Outcome
from benchmarks.peer import Peer
from benchmarks.report import About, Sample
from benchmarks.servers import Running, Start
from tests.support.databases import empty_postgresql, empty_sqlite, running_postgresql
from tests.support.processes import ROOT, free_port, running

RESULTS = ROOT / "benchmarks" / "results.md"
WARM_UP = 1.0
"""Seconds before each window that do not count."""
FIRST_WARM_UP = 3.0
"""Seconds for which a server that has just started is paid before anything is measured."""
CROWD_WARM_UP, CROWD_SECONDS = 10.0, 15.0
EVERYTHING = ("products", "product", "orders", "refused", "create", "pay")
"""Reading first: a minute after an order was made the shop looks at it again, and by then all has been measured."""
MONEY = ("create", "pay")


@dataclass(frozen=True, slots=True)
class Options:
    """What somebody may choose."""

    rounds: int
    window: float
    clients: int
    peer: Path | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One server from its start to its end, and what it has to do meanwhile; the gateway's answers are so late."""

    server: str
    start: Start
    scenarios: Sequence[str]
    late_ms: int = 0


class Benchmark:
    """All of it, in a folder for what is kept meanwhile."""

    def __init__(self, options: Options, folder: Path) -> None:
        self._options = options
        self._folder = folder
        self._samples: list[Sample] = []
        self._versions = [f"Python {platform.python_version()}"]

    def run(self) -> Iterator[str]:
        """Measure, and yield the report: first without the crowd, and then with it."""
        waiting = os.getloadavg()[0]
        with ExitStack() as stack:
            peer = Peer(self._options.peer.resolve(), self._folder) if self._options.peer else None
            server = stack.enter_context(peer.running_postgresql() if peer else running_postgresql())
            with psycopg.connect(server) as connection:
                version = connection.info.parameter_status("server_version") or ""
                self._note(f"PostgreSQL {version.partition(' ')[0]}")
            for turns in (_usual(server, peer), _crowd(server, peer)):
                for number in range(1, self._options.rounds + 1):
                    for turn in turns if number % 2 else reversed(turns):
                        self._take(turn, number)
                yield report.report(self._in_order(), self._about(waiting))

    def _take(self, turn: Turn, number: int) -> None:
        """Run one server, with a gateway of its own, through its scenarios."""
        print(f"round {number}: {turn.server} starts", flush=True)
        folder = Path(tempfile.mkdtemp(prefix=f"round{number}-", dir=self._folder))
        port = free_port()
        url, log = f"http://127.0.0.1:{port}", folder / "gateway.log"
        command = ["-m", "benchmarks.gateway", str(port), str(turn.late_ms)]
        with (
            running(command, url=url, ready="/v1/orders", log=log, environment={}, forked=False),
            turn.start(folder, url) as server,
        ):
            self._note(server.version)
            _put(server, "pay", self._options.clients, 0, FIRST_WARM_UP)
            for scenario in turn.scenarios:
                outcome = self._measure(server, scenario)
                self._samples.append(Sample(scenario, turn.server, outcome))
                figures = f"{outcome.cpu_ms:.2f} ms of CPU, {outcome.per_second:.0f} a second"
                print(f"round {number}: {turn.server}: {scenario}: {figures}", flush=True)

    def _measure(self, server: Running, scenario: str) -> Outcome:
        if scenario == report.CROWD:
            return _put(server, "pay", report.CROWD_CLIENTS, CROWD_WARM_UP, CROWD_SECONDS)
        return _put(server, scenario, self._options.clients, WARM_UP, self._options.window)

    def _note(self, version: str) -> None:
        if version and version not in self._versions:
            self._versions.append(version)

    def _in_order(self) -> list[Sample]:
        """Sort what was measured by scenario and then by server."""
        scenarios, names = [*EVERYTHING, report.CROWD], report.SERVERS
        return sorted(self._samples, key=lambda it: (scenarios.index(it.scenario), names.index(it.server)))

    def _about(self, waiting: float) -> About:
        return About(
            day=f"{datetime.now(UTC):%d %b %Y}",
            cores=os.cpu_count() or 1,
            versions=self._versions,
            rounds=self._options.rounds,
            seconds=self._options.window,
            clients=self._options.clients,
            waiting=waiting,
        )


def _usual(server: str, peer: Peer | None) -> list[Turn]:
    """Return a round of a few buyers, whose databases are on a server, where there is no file of their own."""
    new_database = partial(_new_database, server)
    turns = [
        Turn(report.SHOP, servers.shop(new_database), EVERYTHING),
        Turn(report.SHOP_ON_SQLITE, servers.shop(empty_sqlite), MONEY),
        Turn(report.FLOOR, servers.floor(new_database), EVERYTHING),
    ]
    return [*turns, Turn(report.PEER, peer.running, EVERYTHING)] if peer else turns


def _crowd(server: str, peer: Peer | None) -> list[Turn]:
    """Return a round of many buyers and a gateway that takes its time."""
    shop = Turn(report.SHOP, servers.shop(partial(_new_database, server)), [report.CROWD], report.CROWD_LATENCY_MS)
    return [shop, Turn(report.PEER, peer.running, [report.CROWD], report.CROWD_LATENCY_MS)] if peer else [shop]


def _new_database(server: str, folder: Path) -> str:
    return empty_postgresql(server, folder.name)


def _put(server: Running, scenario: str, clients: int, warm_up: float, seconds: float) -> Outcome:
    """Put a load on a server; what is no right answer ends everything."""
    load = Load(server.url, server.pid, server.dialect, scenario, clients, warm_up, seconds)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=ROOT,
        input=json.dumps(asdict(load)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{server.log.read_text()[-3000:]}\n{scenario} went wrong: {done.stderr[-1000:]}")
    return Outcome(**json.loads(done.stdout))


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit("Told to stop")  # and what runs is ended on the way


def main() -> None:
    """Measure as the arguments say, and write the results down."""
    parser = argparse.ArgumentParser(prog="speed", description="Measure the heart of the shop.")
    parser.add_argument("--rounds", type=int, default=3, help="how often all of it is done; medians count")
    parser.add_argument("--window", type=float, default=5.0, help="seconds for which each scenario is measured")
    parser.add_argument("--clients", type=int, default=16, help="how many buyers at once")
    parser.add_argument("--peer", type=Path, help="the folder of a shop in another stack, to compare with")
    options = Options(**vars(parser.parse_args()))
    signal.signal(signal.SIGTERM, _end)
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        Path(name).chmod(0o755)  # a database server that is started by root runs as another user, who has to get in
        for told in Benchmark(options, Path(name)).run():
            RESULTS.write_text(told)
    print(RESULTS.read_text())


if __name__ == "__main__":
    main()
