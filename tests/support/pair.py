"""Two processes of one shop on one database, and everything at the same instant."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from tests.conftest import new_database
from tests.support import waiting
from tests.support.shops import API_SERVER, WEAK_SERVER, Gateway, Shop, running_shop
from tests.support.waiting import until

Answer = TypeVar("Answer")

TRIES = 5
"""A race that nobody referees is lost at once, as measured; this is for the day on which it is not."""
_SECRET = "one secret for both processes of a shop"


@dataclass
class Pair:
    """Two processes of one shop."""

    one: Shop
    two: Shop

    def of(self, number: int) -> Shop:
        """Take turns."""
        return (self.one, self.two)[number % 2]


Race = Callable[[Pair], None]


@contextmanager
def running_pair(
    request: pytest.FixtureRequest, folder: Path, gateway: Gateway, kind: str, without: str = ""
) -> Iterator[Pair]:
    """Run two processes on one fresh database, with one guard switched off if that is asked for."""
    url = new_database(kind, request, folder)
    server = WEAK_SERVER if without else API_SERVER
    for name in ("one", "two"):
        (folder / name).mkdir()

    def run(name: str) -> AbstractContextManager[Shop]:
        return running_shop(folder / name, gateway, url, server=server, JWT_SECRET=_SECRET, WITHOUT=without)

    with run("one") as one, run("two") as two:
        until(lambda: not one.busy and not two.busy, "the first rounds to be over, which none of the races is about")
        yield Pair(one, two)


def is_lost(pair: Pair, race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a race whose guard is switched off, and fail unless it is lost."""

    def again_and_again() -> None:
        for _ in range(TRIES):
            race(pair)

    monkeypatch.setattr(waiting, "PATIENCE", 5.0)  # what is lost here stays lost
    with pytest.raises(AssertionError):
        again_and_again()


def at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do everything at the same instant."""
    start = threading.Barrier(len(acts))

    def act(do: Callable[[], Answer]) -> Answer:
        start.wait()
        return do()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def counted(answers: Sequence[httpx.Response]) -> dict[int, int]:
    """Count answers by their status."""
    return dict(Counter(answer.status_code for answer in answers))


def named(value: object) -> str:
    """Name a race, or what it is run with, in the list of tests."""
    race = value.func if isinstance(value, partial) else value
    return getattr(race, "__name__", str(race))
