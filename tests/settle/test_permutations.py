"""Whatever happens to an order and in whatever order we hear of it: the money ends in one place, and the books agree.

Hypothesis makes up the histories: 450 of them by default, 14,000 with HYPOTHESIS_PROFILE=nightly.
"""

import math
import os
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checkout_app.payments import refunds, settle
from tests.conftest import new_database
from tests.support.happenings import Step, steps
from tests.support.histories import History
from tests.support.inside import Inside, running_inside
from tests.support.verdict import verdict
from tests.support.weak_server import ask_under_a_new_key

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
HISTORIES = {"sqlite": 12_000 if NIGHTLY else 300, "postgresql": 2_000 if NIGHTLY else 50}
LONGEST = 16

_acted: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def _print_figures(figures: list[str]) -> Iterator[None]:
    yield
    steps_taken = sum(count for kind, count in _acted.items() if kind not in HISTORIES)
    told = ", ".join(f"{_acted[kind]:,} histories on {kind}" for kind in HISTORIES)
    figures.append(f"{told}; {steps_taken:,} steps in all")


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory where there is such a thing: histories are many commits."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
        yield Path(folder)


@pytest.fixture
async def on_sqlite(memory: Path) -> AsyncIterator[Inside]:
    async with running_inside(memory, f"sqlite:///{memory / 'shop.db'}") as inside:
        yield inside


@pytest.fixture
async def on_postgresql(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Inside]:
    async with running_inside(tmp_path, new_database("postgresql", request, tmp_path)) as inside:
        yield inside


def _profile(histories: int) -> settings:
    return settings(
        max_examples=histories,
        database=None,
        derandomize=not NIGHTLY,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )


HISTORY = given(happens=st.lists(steps, min_size=1, max_size=LONGEST), on_hand=st.integers(1, 3), twice=st.booleans())


async def _live_through(inside: Inside, happens: list[Step], *, on_hand: int, twice: bool) -> None:
    history = History(inside)
    await history.begin_with_cart(on_hand=on_hand, twice=twice)
    for step in happens:
        await history.act(step)
        _acted[step[0]] += 1
    await history.end()
    await verdict(history)


@_profile(HISTORIES["sqlite"])
@HISTORY
async def test_every_history_puts_every_paisa_in_one_place_on_sqlite(
    on_sqlite: Inside,
    happens: list[Step],
    on_hand: int,
    twice: bool,  # noqa: FBT001 - Hypothesis passes it so
) -> None:
    _acted["sqlite"] += 1
    await _live_through(on_sqlite, happens, on_hand=on_hand, twice=twice)


@_profile(HISTORIES["postgresql"])
@HISTORY
async def test_every_history_puts_every_paisa_in_one_place_on_postgresql(
    on_postgresql: Inside,
    happens: list[Step],
    on_hand: int,
    twice: bool,  # noqa: FBT001 - Hypothesis passes it so
) -> None:
    _acted["postgresql"] += 1
    await _live_through(on_postgresql, happens, on_hand=on_hand, twice=twice)


TOLD: dict[str, tuple[list[Step], bool]] = {
    "money comes after the shelf is empty, and capturing it fails at first": (
        [
            ("expire", 0, ""),
            ("attempt", 0, "authorized"),
            ("trouble", 1, "500"),
            ("callback", 0, ""),
            ("sell out", 0, ""),
        ],
        False,
    ),
    "the second payment was partly refunded by hand before we heard of it": (
        [("attempt", 0, "success"), ("callback", 0, ""), ("attempt", 1, "success"), ("dashboard refund", 1, "part")],
        True,
    ),
    "the bank returns the refund of a cancelled order": (
        [
            ("cancel", 0, ""),
            ("refunds end", 0, "pending"),
            ("attempt", 0, "success"),
            ("poll", 0, ""),
            ("bank refunds", 0, "failed"),
        ],
        False,
    ),
    "the second payment of a cancelled order comes when the first is already back": (
        [("cancel", 0, ""), ("attempt", 0, "success"), ("poll", 0, ""), ("attempt", 1, "success"), ("poll", 0, "")],
        True,
    ),
    "a slow worker acts on what it read long ago": (
        [
            ("attempt", 0, "authorized"),
            ("read", 0, ""),
            ("dashboard capture", 0, ""),
            ("poll", 0, ""),
            ("write", 0, ""),
        ],
        False,
    ),
    "a part goes back by hand while it is unsure whether the whole did": (
        [
            ("cancel", 0, ""),
            ("attempt", 0, "success"),
            ("trouble", 4, "reset"),
            ("webhook", 0, ""),
            ("dashboard refund", 0, "part"),
            ("webhook", 0, ""),
            ("handle", 0, ""),
        ],
        False,
    ),
    "all of it went back by hand before a person asked for a refund whose units are not to be sold again": (
        [
            ("attempt", 0, "success"),
            ("callback", 0, ""),
            ("dashboard refund", 0, "rest"),
            ("refund", 0, "rest, not to be sold again"),
        ],
        False,
    ),
    "it is expired and one of two things sold out when another tab adds to the cart and the money comes": (
        [
            ("tab adds", 1, ""),
            ("expire", 0, ""),
            ("sell out", 1, ""),
            ("attempt", 0, "success"),
            ("tab adds", 0, ""),
            ("poll", 0, ""),
        ],
        False,
    ),
    "another tab adds to the cart before the money comes and after": (
        [("tab adds", 1, ""), ("attempt", 0, "success"), ("callback", 0, ""), ("tab adds", 1, ""), ("webhook", 0, "")],
        False,
    ),
    "the reply to a refund is lost": (
        [("attempt", 0, "success"), ("callback", 0, ""), ("trouble", 0, "lost"), ("refund", 0, "part")],
        False,
    ),
}


@pytest.mark.parametrize("name", TOLD)
async def test_this_history_puts_every_paisa_in_one_place(on_sqlite: Inside, name: str) -> None:
    happens, twice = TOLD[name]
    await _live_through(on_sqlite, happens, on_hand=1, twice=twice)


class _AlwaysStronger(dict[object, float]):
    def __missing__(self, _status: object) -> float:
        return math.nan  # compares false with everything


GUARDS = {
    "forward-only merge": (settle, "PAYMENT_RANK", _AlwaysStronger(), "a slow worker acts on what it read long ago"),
    "one key for one refund": (refunds, "_ask", ask_under_a_new_key, "the reply to a refund is lost"),
}


@pytest.mark.parametrize("guard", GUARDS)
async def test_control_without_the_guard_the_same_history_breaks(
    on_sqlite: Inside, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    module, attribute, weak, history = GUARDS[guard]
    monkeypatch.setattr(module, attribute, weak)
    happens, twice = TOLD[history]
    with pytest.raises(AssertionError):
        await _live_through(on_sqlite, happens, on_hand=1, twice=twice)
