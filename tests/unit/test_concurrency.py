"""Several things at once: how many, in which order their results come, and what a failure does to the others."""

import asyncio

import pytest

from checkout_app.core.concurrency import CONCURRENCY, few_at_a_time
from tests.support.waiting import PATIENCE


async def test_no_more_is_done_at_once_than_there_are_hands() -> None:
    at_once, most = 0, 0

    async def work(_: int) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1

    await few_at_a_time(work, range(3 * CONCURRENCY))
    assert most == CONCURRENCY


async def test_results_come_in_the_order_of_their_keys() -> None:
    later_is_done = asyncio.Event()

    async def work(key: str) -> str:
        await later_is_done.wait() if key == "first" else later_is_done.set()
        return key.upper()

    async with asyncio.timeout(PATIENCE):
        assert await few_at_a_time(work, ["first", "later"]) == ["FIRST", "LATER"]
    assert await few_at_a_time(work, []) == []


async def test_a_failure_keeps_nothing_else_from_being_done_and_is_told_afterwards() -> None:
    done: list[int] = []

    async def work(key: int) -> None:
        if key % 2:
            raise ValueError(key)
        done.append(key)

    with pytest.raises(ExceptionGroup) as told:
        await few_at_a_time(work, range(3 * CONCURRENCY))
    assert done == list(range(0, 3 * CONCURRENCY, 2))
    assert [failure.args for failure in told.value.exceptions] == [(key,) for key in range(1, 3 * CONCURRENCY, 2)]
