"""Everything that tests/disaster tells of one at a time, at random and all the time, in a storm with people who buy."""

import time
from pathlib import Path

import pytest

from tests.conftest import new_database
from tests.support import waiting
from tests.support.databases import PROGRAMS
from tests.support.disasters import Disasters
from tests.support.processes import operate
from tests.support.shops import running_beside, running_gateway, running_shop
from tests.support.storm import Storm, begin, no_break_is_left

LONG = 15 * 60
"""Seconds, on each database."""
LAST_WORD = 60 * 60
"""Seconds within which every bank has said yes or no: until then money may come for an order that was lost."""


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    kind: str = request.param
    return kind


def _storm(request: pytest.FixtureRequest, kind: str, folder: Path, seconds: float, *, thinking: float) -> str:
    """Let a storm with disasters go over two processes of a shop for so long; returns what it came to."""
    url = new_database(kind, request, folder)
    server = request.getfixturevalue("postgresql") if kind == "postgresql" else ""
    with running_gateway(folder) as gateway, running_shop(folder, gateway, url, PATH=PROGRAMS) as shop:
        begin(shop)
        with running_beside(shop) as beside:
            storm = Storm([shop, beside], thinking=thinking)
            disasters, ends = Disasters(storm, server), time.monotonic() + seconds
            with storm.raging():
                while time.monotonic() < ends:
                    storm.change()
                    disasters.happen()
        gateway.set("clock", {"offset": LAST_WORD})
        recovered = operate(shop.environment, "recover", "--yes")  # what was paid since, for orders that were lost
        assert recovered.returncode == 0, recovered.stdout + recovered.stderr
        no_break_is_left(shop)
        left = operate(shop.environment, "recover").stdout
        assert "MISSING" not in left, left
    happened = ", ".join(f"{count} x {name.replace('_', ' ')}" for name, count in sorted(disasters.happened.items()))
    return f"disasters on {kind}: {storm.purchases} purchases tried, {happened}; 0 violations"


@pytest.mark.nightly
def test_after_every_disaster_again_and_again_no_paisa_is_missing(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path, figures: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 600.0)  # what piled up meanwhile takes its time
    figures.append(_storm(request, kind, tmp_path, LONG, thinking=1))
