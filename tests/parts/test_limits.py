"""What is counted in this process is forgotten when it is over, without looking through all of it with every try."""

import asyncio

import pytest

from checkout_app.core.limits import TidiedSeldom

LONG_OVER = 0
"""Seconds for which something counts."""


@pytest.mark.parametrize(("every", "kept"), [(0.0, set()), (3600.0, {"first", "second"})], ids=["each time", "seldom"])
async def test_what_is_over_counts_no_more_and_goes_when_it_is_time_to_look(every: float, kept: set[str]) -> None:
    counts = TidiedSeldom(every)
    for key in ("begins", "first", "second", "last"):
        await counts.incr(key, LONG_OVER)
        await _settled(counts)
    assert counts.storage.keys() - {"begins", "last"} == kept
    assert [await counts.get(key) for key in ("first", "second", "last")] == [0, 0, 0]
    assert await counts.incr("counted", 3600) + await counts.incr("counted", 3600) == 1 + 2


async def _settled(counts: TidiedSeldom) -> None:
    if counts.timer:
        await counts.timer
    await asyncio.sleep(0)
