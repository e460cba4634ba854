"""A release: what is built meanwhile disturbs nobody, and servers are replaced one after the other, behind a proxy."""

import asyncio
import os
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.support.databases import blocking_engine, empty_sqlite, settle
from tests.support.processes import ROOT
from tests.support.proxy import proxying
from tests.support.serving import Servers, free_ports, put_up, running_servers, settings_of_servers
from tests.support.shops import UNHURRIED, Gateway, Shop
from tests.support.waiting import PATIENCE, until

CALLS = 330
VISITORS = 4
PAUSE = 0.5
"""Seconds in which a visitor looks at what came."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, to release the next version of."""
    folder = tmp_path_factory.mktemp("house")
    for name in ("checkout_app", "alembic", "assets", "tests/support"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("external"))
    for file in ("rxconfig.py", "alembic.ini"):
        shutil.copy(ROOT / file, folder)
    return folder


@pytest.fixture(scope="module")
def settings(redis_url: str, gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The settings of two servers whose buyers can order."""
    folder = tmp_path_factory.mktemp("servers")
    settle(empty_sqlite(folder))
    given = {"RAZORPAY_API_URL": gateway.url, "RATE_LIMITS": f"{UNHURRIED}, enter=1000000/minute"}
    return {**settings_of_servers(folder, redis_url), **given, "PORT": str(free_ports())}


@pytest.fixture(scope="module")
def servers(settings: Mapping[str, str], house: Path) -> Iterator[Servers]:
    """Two servers of the copy."""
    with running_servers(settings, folder=house) as running:
        yield running


@pytest.fixture(scope="module")
def product_id(servers: Servers, settings: Mapping[str, str], gateway: Gateway) -> Iterator[str]:
    """Something to order, more than enough of it."""
    engine = blocking_engine(f"sqlite:///{settings['DATA_DIR']}/shop.db")
    yield Shop(servers.process, gateway, engine, settings).product(on_hand=1_000_000)
    engine.dispose()


def _pages(settings: Mapping[str, str]) -> Path:
    return Path(settings["REFLEX_WEB_WORKDIR"])


def _asked(port: int, path: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=30)


def test_what_is_built_meanwhile_changes_nothing_for_servers_that_run(
    servers: Servers, settings: Mapping[str, str]
) -> None:
    before = {port: _asked(port, "/") for port in servers.ports}
    put_up(_pages(settings), "another")
    for port in servers.ports:
        page = _asked(port, "/")
        assert "<title>only</title>" in page.text
        assert page.headers["content-security-policy"] == before[port].headers["content-security-policy"]
        assert _asked(port, "/assets/only.js").text == "only"


@pytest.mark.parametrize("name", ["unknown.js", "..%2fsecret", "..%2f..%2fsecret", "%00"])
def test_nothing_is_found_beside_the_assets_of_other_builds(
    servers: Servers, settings: Mapping[str, str], name: str
) -> None:
    kept = Path(settings["DATA_DIR"], "kept-assets")
    for folder in (kept, kept / "only"):
        (folder / "secret").write_text("secret")
    assert _asked(servers.ports[0], f"/assets/{name}").status_code == httpx.codes.NOT_FOUND


async def test_no_call_fails_while_servers_are_replaced_even_by_a_version_that_cant_begin_at_first(
    servers: Servers, settings: Mapping[str, str], house: Path, product_id: str
) -> None:
    begun = [servers.server(port) for port in servers.ports]
    version, front_door = house / "checkout_app" / "__init__.py", house / "checkout_app" / "checkout_app.py"
    right = front_door.read_text()
    async with proxying(servers.ports) as proxy, _visitors(proxy.url, product_id) as answers:
        version.write_text(version.read_text() + '\n__version__ = "9.9.9"\n')
        front_door.write_text("raise RuntimeError('a release that is broken')\n")
        put_up(_pages(settings), "next-release")
        os.kill(servers.process.pid, signal.SIGUSR1)
        await _log_says(servers, "server ended, it is started again", times=2)
        assert servers.server(servers.ports[1]) == begun[1], "the other is not touched"
        assert _asked(servers.ports[1], "/assets/next-release.js").text == "next-release", "for a tab of the first"
        front_door.write_text(right)
        await asyncio.to_thread(until, lambda: servers.ports[0] in proxy.up, "the first to answer again")
        await _log_says(servers, f'"server is replaced", "port": {servers.ports[1]}')
        await _log_says(servers, "all servers have been replaced")
        await asyncio.to_thread(until, lambda: answers.total() >= CALLS, "so many calls")
    assert set(answers) <= {"GET 200", "POST 200", "POST 201"}, answers
    assert proxy.in_vain == 0, "a server went before everybody knew"
    for port, server in zip(servers.ports, begun, strict=True):
        assert servers.server(port) not in {0, server}
        assert _asked(port, "/api/openapi.json").json()["info"]["version"] == "9.9.9"
        assert "<title>next-release</title>" in _asked(port, "/").text
        assert _asked(port, "/assets/only.js").text == "only", "a tab that was opened before loads it now"


async def _log_says(servers: Servers, words: str, *, times: int = 1) -> None:
    await asyncio.to_thread(until, lambda: servers.log.count(words) >= times, words)


@asynccontextmanager
async def _visitors(url: str, product_id: str) -> AsyncIterator[Counter[str]]:
    """Have some visitors look and order for the length of a block, and count what they are answered."""
    answers: Counter[str] = Counter()
    done = asyncio.Event()
    async with asyncio.TaskGroup() as visitors:
        for _ in range(VISITORS):
            visitors.create_task(_visit(url, product_id, answers, done))
        try:
            yield answers
        finally:
            done.set()


async def _visit(url: str, product_id: str, answers: Counter[str], done: asyncio.Event) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as visitor:
        while not done.is_set():
            for path in ("/", "/assets/only.js", "/api/products"):
                _note(answers, await visitor.get(path))
            guest = {"email": "asha@example.in", "name": "Asha"}
            entered = _note(answers, await visitor.post("/api/auth/guest", json=guest))
            if entered.is_success:
                visitor.headers["Authorization"] = f"Bearer {entered.json()['access_token']}"
                order = {"product_id": product_id, "quantity": 1}
                _note(answers, await visitor.post("/api/checkout/order", json=order))
            with suppress(TimeoutError):  # servers that begin need the machine as well
                await asyncio.wait_for(done.wait(), PAUSE)


def _note(answers: Counter[str], answer: httpx.Response) -> httpx.Response:
    answers[f"{answer.request.method} {answer.status_code}"] += 1
    return answer
