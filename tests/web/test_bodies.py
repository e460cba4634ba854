"""What is sent to the API comes whole, in time and in reason, or is refused."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request

from checkout_app.server.bodies import LARGEST, Bodies
from checkout_app.server.problems import answer_problems

MOMENT = 0.2
JSON = {"content-type": "application/json"}


def _client(longest: float) -> httpx.AsyncClient:
    api = FastAPI()
    answer_problems(api)
    api.add_middleware(Bodies, longest=longest)

    @api.post("/body")
    async def read(request: Request) -> int:
        return len(await request.body())

    @api.post("/json")
    async def parse(body: dict[str, int]) -> int:
        return len(body)

    return httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://shop")


async def _unfinished(sent: bytes = b'{"a":') -> AsyncIterator[bytes]:
    yield sent
    await asyncio.Event().wait()


@pytest.mark.parametrize("path", ["/body", "/json"])
async def test_a_body_that_never_ends_is_not_waited_for(path: str) -> None:
    async with _client(MOMENT) as client, asyncio.timeout(30):
        answer = await client.post(path, content=_unfinished())
    assert (answer.status_code, answer.json()["code"]) == (408, "request_timeout")


async def test_many_small_pieces_get_no_more_time_than_one() -> None:
    async def dripping() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(MOMENT / 10)

    async with _client(MOMENT) as client, asyncio.timeout(30):
        assert (await client.post("/json", content=dripping())).status_code == 408


async def test_a_body_that_is_whole_is_read_however_long_it_takes_to_answer() -> None:
    async def in_parts() -> AsyncIterator[bytes]:
        for part in (b'{"a": ', b"1, ", b'"b": 2}'):
            yield part
            await asyncio.sleep(0)

    async with _client(30) as client:
        assert (await client.post("/json", content=in_parts(), headers=JSON)).json() == 2
        assert (await client.post("/body", content=b"x" * LARGEST)).json() == LARGEST


async def test_more_than_anything_needs_is_refused_announced_or_not() -> None:
    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (LARGEST // 2)

    async with _client(30) as client:
        answers = [await client.post("/body", content=what) for what in (b"x" * (LARGEST + 1), unannounced())]
    assert [(answer.status_code, json.loads(answer.text)["code"]) for answer in answers] == [
        (413, "content_too_large"),
        (413, "content_too_large"),
    ]


@pytest.mark.parametrize(("parts", "taken"), [(4, 4), (100, 5)])
async def test_who_sends_a_little_too_much_is_heard_out_and_nobody_for_ever(parts: int, taken: int) -> None:
    sent = 0

    async def unannounced() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(parts):
            sent += 1
            yield b"x" * (LARGEST // 2)

    async with _client(30) as client:
        assert (await client.post("/body", content=unannounced())).status_code == 413
    assert sent == taken
