"""Put one load on one server, in a process of its own: so many buyers at once for so many seconds.

Run as `python -m benchmarks.load`: reads a `Load` as JSON from the standard input and writes an `Outcome` to the
standard output. What is no right answer ends it, and says which it was.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from benchmarks.buyers import Buyer, Dialect, Unexpected
from benchmarks.usage import cpu_seconds

_ENTER_AT_ONCE = 8

Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Load:
    """What to do, against which process; the first seconds, in which everything warms up, do not count."""

    url: str
    pid: int
    dialect: Dialect
    scenario: str
    clients: int
    warm_up: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; `cpu_ms` is what the server's processes used of the processors for one operation."""

    operations: int
    cpu_ms: float
    per_second: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Window:
    """Between which moments of the performance counter something counts."""

    begins: float
    ends: float


async def put(load: Load) -> Outcome:
    """Put a load on a server; raises Unexpected, OSError, ValueError."""
    gate = asyncio.Semaphore(_ENTER_AT_ONCE)

    async def enter() -> tuple[Buyer, Step]:
        async with gate:
            buyer = await Buyer.enter(load.url, load.dialect)
            return buyer, await buyer.prepare(load.scenario)

    ready = await asyncio.gather(*(enter() for _ in range(load.clients)))
    begins = time.perf_counter() + load.warm_up
    window, taken = Window(begins, begins + load.seconds), list[float]()
    repeating = (_repeat(buyer, step, window, taken) for buyer, step in ready)
    measuring = asyncio.create_task(_used(load.pid, window))
    await asyncio.gather(measuring, *repeating)
    return _outcome(taken, measuring.result(), load.seconds)


async def _used(pid: int, window: Window) -> float:
    """Return the seconds of CPU that the server uses in the window."""
    await asyncio.sleep(window.begins - time.perf_counter())
    before = cpu_seconds(pid)
    await asyncio.sleep(window.ends - time.perf_counter())
    return cpu_seconds(pid) - before


async def _repeat(buyer: Buyer, step: Step, window: Window, taken: list[float]) -> None:
    """Do something again and again until the window ends, and note how long what is done in it took."""
    await buyer.connect()
    done = 0.0
    while done < window.ends:
        began = time.perf_counter()
        await step()
        done = time.perf_counter()
        if window.begins <= done < window.ends:
            taken.append(done - began)


def _outcome(taken: list[float], used: float, seconds: float) -> Outcome:
    number, ordered = len(taken), sorted(taken)
    if not number:
        raise ValueError("nothing was done in the whole window")
    return Outcome(
        operations=number,
        cpu_ms=1000 * used / number,
        per_second=number / seconds,
        p50_ms=1000 * ordered[number // 2],
        p99_ms=1000 * ordered[number * 99 // 100],
    )


def main() -> None:
    """Do what the standard input says."""
    given = json.load(sys.stdin)
    load = Load(**{**given, "dialect": Dialect(**given["dialect"])})
    try:
        outcome = asyncio.run(put(load))
    except (Unexpected, OSError, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
