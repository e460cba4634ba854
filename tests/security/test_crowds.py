"""Who holds all they can of a server, or says all they can, takes nothing from who comes from another address."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from select import POLLIN, poll
from uuid import uuid4

import aiohttp
import httpx
import pytest

from tests.support.databases import empty_sqlite, settle
from tests.support.processes import free_port
from tests.support.serving import ORIGIN, Servers, running_servers, settings_of_servers
from tests.support.waiting import PATIENCE, until

CROWD, TALKERS, WORDY, HASTY = "203.0.113.7", "203.0.113.8", "203.0.113.9", "203.0.113.10"
OTHER = "198.51.100.7"
BIG = "x" * 30_000
FEW = 6


@contextmanager
def _server(folder: Path, redis_url: str, limits: str) -> Iterator[Servers]:
    settings = {**settings_of_servers(folder, redis_url), "WEB_WORKERS": "1", "RATE_LIMITS": limits}
    settle(empty_sqlite(folder))
    with running_servers({**settings, "PORT": str(free_port())}) as running:
        yield running


@pytest.fixture(scope="module")
def server(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A server that soon has enough of one address."""
    limits = f"requests={FEW}, tabs={FEW}, events=20/hour"
    with _server(tmp_path_factory.mktemp("crowds"), redis_url, limits) as running:
        yield running


def _unfinished(port: int, stack: ExitStack) -> socket.socket:
    """Send all of a request but the end of its body."""
    line = stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
    head = f"POST /api/auth/login HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: {CROWD}\r\n"
    line.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
    return line


def _answered(lines: Sequence[socket.socket], most: int) -> Sequence[socket.socket]:
    """Return the lines that have been answered, once they are so many."""
    heard = poll()
    for line in lines:
        heard.register(line, POLLIN)
    found = {number for number, _ in heard.poll(0)}
    return [line for line in lines if line.fileno() in found] if len(found) >= most else []


def _others_page(port: int) -> int:
    return httpx.get(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": OTHER}, timeout=5).status_code


def _post_event(port: int, address: str, **router_data: str) -> httpx.Response:
    event = {"name": "none", "router_data": router_data}
    url, headers = f"http://127.0.0.1:{port}/api/events", {"X-Forwarded-For": address, "origin": ORIGIN}
    return httpx.post(url, json={"token": str(uuid4()), "event": event}, headers=headers, timeout=PATIENCE)


async def _open(session: aiohttp.ClientSession, port: int, address: str) -> aiohttp.ClientWebSocketResponse | int:
    """Open a page's websocket, or return with what that was refused."""
    url = f"http://127.0.0.1:{port}/_event/?token={uuid4()}&EIO=4&transport=websocket"
    try:
        return await session.ws_connect(url, headers={"Origin": ORIGIN, "X-Forwarded-For": address})
    except aiohttp.WSServerHandshakeError as refused:
        return refused.status


async def _until_closed(tab: aiohttp.ClientWebSocketResponse) -> int | None:
    async with asyncio.timeout(PATIENCE):
        async for _ in tab:
            pass
    return tab.close_code


async def _crowd(server: Servers, *, most: int, come: int) -> int:
    """Let many come from one address, with bodies that never end and with big messages, and another in between.

    Returns the memory that the server has then.
    """
    port = server.ports[0]
    with ExitStack() as stack:
        lines = [_unfinished(port, stack) for _ in range(come)]
        assert _others_page(port) == 200
        answered = until(lambda: _answered(lines, come - most), "the answers to those who are too many")
        assert {line.recv(12) for line in answered} == {b"HTTP/1.1 429"}
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            tabs = [await _open(session, port, CROWD) for _ in range(come)]
            opened = [tab for tab in tabs if not isinstance(tab, int)]
            assert (len(opened), set(tabs[most:])) == (most, {403})
            for tab in opened:
                await tab.send_str(f"40/_event,{BIG}")
            assert _others_page(port) == 200
            assert not isinstance(await _open(session, port, OTHER), int)
        return _memory(server)


def _memory(server: Servers) -> int:
    """Return how many pages of memory the process that answers has."""
    [process] = server.workers(server.ports[0])[-1:]
    return int(Path(f"/proc/{process}/statm").read_text().split()[1])


async def test_a_crowd_at_one_address_leaves_room_for_another(server: Servers) -> None:
    await _crowd(server, most=FEW, come=3 * FEW)


@pytest.mark.nightly
async def test_more_than_a_server_takes_at_a_time_leave_room_for_another(tmp_path: Path, redis_url: str) -> None:
    limits = "requests=256, tabs=256, events=1000000/second"
    with _server(tmp_path, redis_url, limits) as server:
        first, second = [await _crowd(server, most=256, come=1030) for _ in range(2)]
    assert second < 1.2 * first


async def test_who_opens_tab_after_tab_is_refused_more(server: Servers) -> None:
    port = server.ports[0]
    async with aiohttp.ClientSession() as session:
        for _ in range(13):  # each counts as three of its forty events, though no more than one is open at a time
            tab = await _open(session, port, HASTY)
            assert not isinstance(tab, int)
            await tab.close()
        assert await _open(session, port, HASTY) == 403
        assert not isinstance(await _open(session, port, OTHER), int)


async def test_a_page_that_says_too_much_is_cut_off_and_then_its_address_is(server: Servers) -> None:
    port = server.ports[0]
    async with aiohttp.ClientSession() as session:
        for words in (20, 14):  # an address has as much as two pages, and each was opened
            tab = await _open(session, port, TALKERS)
            assert not isinstance(tab, int)
            for _ in range(words + 1):
                await tab.send_str("3")
            assert await _until_closed(tab) == aiohttp.WSCloseCode.POLICY_VIOLATION
    refused, others = _post_event(port, TALKERS), _post_event(port, OTHER)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert others.status_code == 422  # is read, and there is no such event


def test_what_a_page_posts_is_no_longer_than_what_its_websocket_takes(server: Servers) -> None:
    answers = [_post_event(server.ports[0], WORDY, asPath="x" * length) for length in (32_000, 33_000)]
    assert [answer.status_code for answer in answers] == [422, 413]  # what is read is no such event
