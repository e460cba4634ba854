"""Buyers, banks, a careless network and power cuts at random; when it is over the books have no break."""

import time
from pathlib import Path

import pytest

from tests.support import waiting
from tests.support.shops import API_SERVER, WEAK_SERVER, Shop, running_gateway, running_shop
from tests.support.storm import Storm, begin, no_break_is_left


def _cut(storm: Storm, shop: Shop, seconds: float) -> int:
    """Let it storm for so long, and pull the plug now and then; returns how often."""
    ends, cuts = time.monotonic() + seconds, 0
    while (left := ends - time.monotonic()) > 0:
        storm.change()
        storm.go_on(min(storm.dice.uniform(2, 5), left))  # let the trouble last a while
        if storm.dice.random() < 0.5:
            shop.kill_and_restart()
            cuts += 1
    return cuts


def _soak(folder: Path, seconds: float, *, without: str = "") -> tuple[int, int]:
    """Let it storm over a shop; returns how many purchases and power cuts there were."""
    server, url = WEAK_SERVER if without else API_SERVER, f"sqlite:///{folder / 'shop.db'}"
    with (
        running_gateway(folder) as gateway,
        running_shop(folder, gateway, url, server=server, WITHOUT=without) as shop,
    ):
        begin(shop)
        storm = Storm([shop])
        with storm.raging():
            cuts = _cut(storm, shop, seconds)
        no_break_is_left(shop)
        return storm.purchases, cuts


def test_a_short_storm_leaves_no_violation(tmp_path: Path, figures: list[str]) -> None:
    purchases, cuts = _soak(tmp_path, 10)
    figures.append(f"soak of 10 seconds: {purchases} purchases tried, {cuts} power cuts, 0 violations")


@pytest.mark.nightly
def test_control_without_asking_the_gateway_a_storm_leaves_violations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 5.0)  # what is lost here stays lost
    with pytest.raises(AssertionError):
        _soak(tmp_path, 8, without="asking")
