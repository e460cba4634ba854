"""Several servers, each a process on a port of its own: they share what they have to, and live and end together."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from redis import Redis

from checkout_app.checkout.state import CheckoutState
from tests.support.databases import empty_sqlite, settle
from tests.support.figures import Figures, read
from tests.support.live import OPEN, connected, posted
from tests.support.processes import ROOT, Process, free_port, inherited, operate
from tests.support.redis_server import frozen
from tests.support.serving import COMMAND, ORIGIN, Servers, free_ports, is_open, running_servers, settings_of_servers
from tests.support.waiting import PATIENCE, until

REASON, SENTENCE = "card_expired", "The card has expired."
_LOST = "server ended, it is started again"
_UNFINISHED = b"POST /api/auth/guest HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 100\r\n\r\n{"
_LONG_ENOUGH = 20.0
"""Seconds: twice as long as stopping may take."""
_NOT_NOW = "does not answer just now. Nothing is lost"
EVENT = f"{CheckoutState.get_full_name()}.payment_failed"


@pytest.fixture(scope="module")
def books(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The settings of two servers that find their books; all but the port."""
    folder = tmp_path_factory.mktemp("servers")
    settle(empty_sqlite(folder))
    return settings_of_servers(folder, redis_url)


@pytest.fixture(scope="module")
def servers(books: Mapping[str, str]) -> Iterator[Servers]:
    """Two servers of one shop."""
    with running_servers({**books, "PORT": str(free_ports())}) as running:
        yield running


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/products", timeout=30).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def test_each_port_has_one_process_that_answers(servers: Servers) -> None:
    assert [(len(servers.workers(port)), _answers(port)) for port in servers.ports] == [(1, True)] * 2


def test_they_are_reached_from_this_machine_alone(servers: Servers) -> None:
    assert [is_open(port, "127.0.0.2") for port in servers.ports] == [False, False]


def test_they_listen_where_they_are_told_to_and_are_found_there(books: Mapping[str, str]) -> None:
    settings = {**books, "PORT": str(free_port()), "WEB_WORKERS": "1", "BIND": "127.0.0.3"}
    with running_servers(settings) as servers:
        [port] = servers.ports
        assert (is_open(port, "127.0.0.3"), is_open(port)) == (True, False)


@pytest.mark.parametrize("command", ["run", "serve"])
def test_an_address_that_is_not_this_machines_is_refused(books: Mapping[str, str], command: str) -> None:
    refused = operate({**books, "PORT": "3001", "BIND": "192.0.2.1"}, command)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "The shop can't listen on 192.0.2.1, port 3001: Cannot assign requested address.\n"


async def test_a_tab_finds_its_state_again_at_another_server(servers: Servers) -> None:
    tab, (one, other) = str(uuid4()), servers.ports
    async with connected(one, tab, ORIGIN) as live:
        assert SENTENCE not in await live.greet()
        await live.send(EVENT, reason=REASON)
        await live.hears(SENTENCE)
    async with asyncio.timeout(PATIENCE):  # a tab whose old connection is not known to be gone yet counts as another
        while SENTENCE not in await _greeting(other, tab):
            pass


async def test_a_tab_that_says_more_at_once_than_any_event_needs_is_hung_up_on(servers: Servers) -> None:
    async with connected(servers.ports[0], str(uuid4()), ORIGIN) as live:
        await live.greet()
        await live.send(EVENT, reason="x" * 20_000)
        await live.hears("did not go through")
        await live.send(EVENT, reason="x" * 40_000)
        await live.is_left()


async def test_over_http_each_event_of_a_tab_may_be_answered_by_another_server(servers: Servers) -> None:
    tab, (one, other) = str(uuid4()), servers.ports
    assert SENTENCE not in await posted(one, tab, ORIGIN, OPEN)
    assert SENTENCE in await posted(other, tab, ORIGIN, EVENT, reason=REASON)
    assert SENTENCE in await posted(one, tab, ORIGIN, OPEN)


async def test_over_http_a_page_of_another_version_is_told_so(servers: Servers) -> None:
    assert "state_mismatch" in await posted(servers.ports[0], str(uuid4()), ORIGIN, OPEN, schema="another")
    assert "state_mismatch" not in await posted(servers.ports[0], str(uuid4()), ORIGIN, OPEN)


async def test_each_server_tells_its_own_metrics_to_this_machine_alone(servers: Servers) -> None:
    one, other = servers.ports
    async with connected(one, str(uuid4()), ORIGIN) as live:
        await live.greet()
        opened = await asyncio.to_thread(lambda: [_metrics(port)["shop_open_tabs"] for port in (one, other)])
    assert opened == [1, 0]
    passed_on = {"X-Forwarded-For": "127.0.0.1"}
    refused = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{one}/metrics", headers=passed_on)
    assert (refused.status_code, refused.headers["x-content-type-options"]) == (404, "nosniff")
    no_sandbox = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{one}/sandbox/")
    assert (no_sandbox.status_code, no_sandbox.headers["x-content-type-options"]) == (404, "nosniff")


def _metrics(port: int) -> Figures:
    return read(httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30).raise_for_status().text)


@pytest.mark.nightly
async def test_what_is_kept_of_a_closed_tab_goes_while_that_of_an_open_one_stays(
    books: Mapping[str, str], redis_url: str
) -> None:
    settings = {**books, "PORT": str(free_ports()), "REFLEX_REDIS_TOKEN_EXPIRATION": "8"}
    with running_servers(settings) as servers, Redis.from_url(redis_url) as redis:
        port, stays, goes = servers.ports[0], str(uuid4()), str(uuid4())
        async with connected(port, stays, ORIGIN) as live:
            await live.greet()
            await _greeting(port, goes)
            parts = await asyncio.to_thread(until, lambda: _kept(redis, stays), "the state of an open tab")
            await asyncio.to_thread(until, lambda: _kept(redis, goes), "the state of a tab that was closed")
            await asyncio.to_thread(until, lambda: not _kept(redis, goes), "that state to go")
            assert _kept(redis, stays) == parts


def _kept(redis: Redis, tab: str) -> list[bytes]:
    found: Any = redis.keys(f"{tab}_*")
    return sorted(found)


async def _greeting(port: int, tab: str) -> str:
    async with connected(port, tab, ORIGIN) as live:
        return await live.greet()


async def test_while_redis_says_nothing_a_tab_is_told_so_over_either_way_and_then_goes_on(
    servers: Servers, redis_url: str
) -> None:
    port, tab = servers.ports[0], str(uuid4())
    async with connected(port, str(uuid4()), ORIGIN) as live:
        await live.greet()
        with frozen(redis_url):
            await live.send(EVENT, reason=REASON)
            told, _ = await asyncio.gather(posted(port, tab, ORIGIN, OPEN), live.hears(_NOT_NOW))
        assert _NOT_NOW in told
        await live.send(EVENT, reason=REASON)
        await live.hears(SENTENCE)
    assert SENTENCE in await posted(port, tab, ORIGIN, EVENT, reason=REASON)


@pytest.mark.parametrize("killed", ["worker", pytest.param("server", marks=pytest.mark.nightly)])
def test_one_that_is_killed_is_started_again_and_the_other_serves_on(servers: Servers, killed: str) -> None:
    lost, other = servers.ports
    [worker], before, losses = servers.workers(lost), servers.server(lost), servers.log.count(_LOST)
    os.kill(worker if killed == "worker" else before, signal.SIGKILL)
    until(lambda: servers.log.count(_LOST) > losses, "the loss to be noticed")
    assert _answers(other)
    until(lambda: servers.workers(lost) and _answers(lost), "the next server")
    assert servers.process.ends(0) is None
    assert [process for process in (worker, before) if _runs(process)] == []
    assert servers.log.count(_LOST) == losses + 1


@pytest.mark.parametrize(
    "stop",
    [
        pytest.param(lambda process: os.kill(process.pid, signal.SIGTERM), id="as a supervisor does"),
        pytest.param(
            lambda process: os.killpg(process.pid, signal.SIGINT), id="as Ctrl-C does", marks=pytest.mark.nightly
        ),
    ],
)
def test_when_they_are_told_to_stop_all_end_well(books: Mapping[str, str], stop: Callable[[Process], None]) -> None:
    with running_servers({**books, "PORT": str(free_ports())}) as running:
        workers = [worker for port in running.ports for worker in running.workers(port)]
        stop(running.process)
        assert running.process.ends(30) == 0
        assert [port for port in running.ports if is_open(port)] == []
        assert [worker for worker in workers if Path(f"/proc/{worker}").exists()] == []


@pytest.mark.nightly  # told once, everybody ends by day
async def test_everybody_told_twice_ends_soon_beside_a_tab_and_a_request_that_never_ends(
    books: Mapping[str, str],
) -> None:
    with running_servers({**books, "PORT": str(free_port()), "WEB_WORKERS": "1"}) as running:
        port, everybody = running.ports[0], running.everybody
        async with connected(port, str(uuid4()), ORIGIN) as live:
            await live.greet()
            with socket.create_connection(("127.0.0.1", port)) as unfinished:
                unfinished.sendall(_UNFINISHED)
                for _ in range(2):
                    _tell(everybody)
                assert await asyncio.to_thread(running.process.ends, _LONG_ENOUGH) == 0
        assert [process for process in everybody if _runs(process)] == []


def _tell(processes: list[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # one that has ended and of which nobody has asked how


def test_when_whoever_keeps_them_is_killed_none_is_left_over(books: Mapping[str, str]) -> None:
    with running_servers({**books, "PORT": str(free_port()), "WEB_WORKERS": "1"}) as running:
        everybody = running.everybody
        os.kill(running.process.pid, signal.SIGKILL)
        assert running.process.ends(_LONG_ENOUGH) == -signal.SIGKILL
        until(lambda: not any(_runs(process) for process in everybody), "all of them to end")
        until(lambda: not is_open(running.ports[0]), "the port to be free")


def test_when_one_cant_begin_all_end_and_the_log_says_which(books: Mapping[str, str]) -> None:
    first = free_ports()
    environment = {**inherited(), **books, "PORT": str(first)}
    with socket.create_server(("127.0.0.1", first + 1)):
        done = subprocess.run(
            [sys.executable, *COMMAND], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert f'"server ended before it answered", "port": {first + 1}, "status": 1' in done.stderr
    assert not is_open(first)


def test_run_looks_at_every_port_before_it_begins(tmp_path: Path) -> None:
    first = free_ports()
    settings = settings_of_servers(tmp_path, f"redis://127.0.0.1:{free_port()}/0")
    with socket.create_server(("127.0.0.1", first + 1)):
        refused = operate({**settings, "PORT": str(first)}, "run")
    assert (refused.returncode, refused.stdout) == (
        1,
        f"Port {first + 1} is in use. Stop what uses it, or choose another: PORT=3100 make run\n",
    )


def test_run_refuses_several_servers_that_would_share_nothing(tmp_path: Path) -> None:
    refused = operate(settings_of_servers(tmp_path, redis_url=""), "run")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        "The settings can't be used:",
        "  settings: WEB_WORKERS above 1 needs REDIS_URL: visitors' state and rate limits are shared there",
    ]
