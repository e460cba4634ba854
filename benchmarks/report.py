"""What a benchmark says in the end: medians, and how they stand to the floor and to the peer."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.load import Outcome

SHOP, SHOP_ON_SQLITE, FLOOR, PEER = "shop, PostgreSQL", "shop, SQLite", "floor", "peer"
SERVERS = (SHOP, SHOP_ON_SQLITE, FLOOR, PEER)
CROWD_CLIENTS, CROWD_LATENCY_MS = 500, 300
CROWD = f"{CROWD_CLIENTS} buyers, gateway {CROWD_LATENCY_MS} ms"

_QUIET = 0.5
_NOT_QUIET = ": **the machine was not quiet, and these figures are worse than they should be.**"
_HOW_TO_READ = """\
`make bench` writes this. Each server runs alone, beside its gateway, its database and the buyers, who share the
processors with it. `pay` is an order and its payment; `refused` a payment with a forged signature; `products` a list of
a hundred; `orders` a page of twenty. The floor does the shop's work on the same tables with as few statements as hold
it, and nothing else: no validation, no wording of errors, no log, nothing in the background.

**CPU ms** is what the server's processes used of the processors for one operation, the database's not counted. It is
the figure to trust: operations a second and the times also say who else wanted the processors. `to the floor` and `to
the peer` divide it. Compare only within one table, since each is of one machine on one day. What the shop does about an
order a minute later, when it asks the gateway about it, comes after the windows and is not in it.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One window of one server."""

    scenario: str
    server: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class About:
    """Where, when and how it was measured; `waiting` is how many processes wanted a processor before it began."""

    day: str
    cores: int
    versions: Sequence[str]
    rounds: int
    seconds: float
    clients: int
    waiting: float


def report(samples: Sequence[Sample], about: About) -> str:
    """Write it all in Markdown."""
    usual = [sample for sample in samples if sample.scenario != CROWD]
    crowd = [sample for sample in samples if sample.scenario == CROWD]
    parts = ["# How fast the heart of the shop is", _HOW_TO_READ.rstrip(), _table(usual)]
    parts += [f"{CROWD}, an order and its payment each time:", _crowd_table(crowd)] if crowd else []
    return "\n\n".join([*parts, _conditions(about)]) + "\n"


def _conditions(about: About) -> str:
    windows = f"medians of {about.rounds} rounds with windows of {about.seconds:g} s, {about.clients} clients"
    quiet = "." if about.waiting < _QUIET else _NOT_QUIET
    return (
        f"Measured on {about.day}: {windows}; {about.cores} cores; {', '.join(about.versions)}. "
        f"Before it began, {about.waiting:.1f} processes wanted a processor{quiet}"
    )


def _table(samples: Sequence[Sample]) -> str:
    servers = {sample.server for sample in samples}
    compared = {name: f"to the {name}" for name in (FLOOR, PEER) if name in servers}
    rows = [("scenario", "server", "CPU ms", *compared.values(), "per second", "p50 ms", "p99 ms")]
    rows += [("---", "---", *["--:"] * (4 + len(compared)))]
    for scenario, server in dict.fromkeys((sample.scenario, sample.server) for sample in samples):
        cpu = _median(samples, scenario, server, lambda outcome: outcome.cpu_ms)
        ratios = [cpu / _median(samples, scenario, other, lambda outcome: outcome.cpu_ms) for other in compared]
        cells = [f"{cpu:.2f}", *(f"{ratio:.2f}" for ratio in ratios), *_speed(samples, scenario, server)]
        rows.append((scenario, server, *cells))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _crowd_table(samples: Sequence[Sample]) -> str:
    rows = [("server", "per second", "p50 ms", "p99 ms"), ("---", "--:", "--:", "--:")]
    rows += [(name, *_speed(samples, CROWD, name)) for name in dict.fromkeys(sample.server for sample in samples)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _speed(samples: Sequence[Sample], scenario: str, server: str) -> tuple[str, str, str]:
    per_second = _median(samples, scenario, server, lambda outcome: outcome.per_second)
    p50 = _median(samples, scenario, server, lambda outcome: outcome.p50_ms)
    p99 = _median(samples, scenario, server, lambda outcome: outcome.p99_ms)
    return f"{per_second:.0f}", f"{p50:.1f}", f"{p99:.1f}"


def _median(samples: Sequence[Sample], scenario: str, server: str, figure: Callable[[Outcome], float]) -> float:
    return statistics.median(
        figure(sample.outcome) for sample in samples if (sample.scenario, sample.server) == (scenario, server)
    )
