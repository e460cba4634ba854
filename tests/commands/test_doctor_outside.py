"""`doctor` as a command, and from outside: where the shop's address leads, and what its output tells."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.databases import empty_sqlite, settle
from tests.support.going_live import CLOSED, World, going_live
from tests.support.processes import free_port, operate
from tests.support.serving import Servers, running_servers, settings_of_servers
from tests.support.wire import http, listening, saying

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A shop that may go live."""
    async with going_live(tmp_path, empty_sqlite(tmp_path), monkeypatch) as running:
        yield running


@pytest.fixture(scope="module")
def shop(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A shop that runs."""
    folder = tmp_path_factory.mktemp("runs")
    settle(empty_sqlite(folder))
    own = {**settings_of_servers(folder, redis_url), "WEB_WORKERS": "1"}
    port = str(free_port())
    with running_servers({**own, "PORT": port, "PUBLIC_URL": f"http://127.0.0.1:{port}"}) as running:
        yield running


async def test_the_door_is_green_when_the_address_leads_to_the_shop(shop: Servers, world: World) -> None:
    url = f"http://127.0.0.1:{shop.ports[0]}"
    assert (await world.look(PUBLIC_URL=url))["door"] == ("green", f"{url} leads here, websockets included.")


async def test_an_address_that_leads_elsewhere_or_nowhere_is_red_while_the_shop_runs(
    shop: Servers, world: World
) -> None:
    port = str(shop.ports[0])
    told = (await world.look(PORT=port))["door"]
    assert (told[0], f"{CLOSED} does not lead to this shop: Cannot connect" in told[1]) == ("red", True), told
    for body, status in ((b"<h1>Not here</h1>", "404 Not Found"), (b"[]", "200 OK"), (b"{}", "301 Moved Permanently")):
        async with listening() as elsewhere:
            elsewhere.says = saying(http(body, status=status))
            told = (await world.look(PORT=port, PUBLIC_URL=elsewhere.url))["door"]
        assert (told[0], f"something else answers, with HTTP {status[:3]}" in told[1]) == ("red", True), told


async def test_a_proxy_that_lets_no_websocket_through_is_yellow(shop: Servers, world: World) -> None:
    url = f"http://127.0.0.1:{shop.ports[0]}/api/health"
    async with listening() as proxy, httpx.AsyncClient(timeout=30) as client:

        async def pass_on(writer: asyncio.StreamWriter) -> None:
            is_socket = "/_event" in proxy.heard[-1].line
            writer.write(http(b"", status="403 Forbidden") if is_socket else http((await client.get(url)).content))

        proxy.says = pass_on
        told = (await world.look(PORT=str(shop.ports[0]), PUBLIC_URL=proxy.url))["door"]
    assert (told[0], "no websocket comes through" in told[1]) == ("yellow", True), told


def test_as_a_command_it_tells_in_lines_ends_with_1_and_names_no_secret(tmp_path: Path) -> None:
    hidden = {
        "JWT_SECRET": "hidden-" + "j" * 40,
        "RAZORPAY_KEY_SECRET": "hidden-key",
        "RAZORPAY_WEBHOOK_SECRET": "hidden-webhook",
        "DATABASE_URL": "postgresql://clerk:hidden-database@127.0.0.1:9/shop",
        "REDIS_URL": "redis://:hidden-redis@127.0.0.1:9/0",
    }
    others = {
        "ENVIRONMENT": "production",
        "PUBLIC_URL": CLOSED,
        "DATA_DIR": str(tmp_path / "nowhere"),
        "RAZORPAY_KEY_ID": "rzp_test_AAAAAAAAAAAAAA",
        "RAZORPAY_API_URL": NOBODY,
        "PORT": str(free_port()),
    }
    done = operate({**hidden, **others}, "doctor")
    assert (done.returncode, done.stderr, "hidden" in done.stdout) == (1, "", False), done.stdout
    lines = done.stdout.splitlines()
    assert all(re.match(r"(green|yellow|red) +[.a-z]+ +\S", line) for line in lines[:-1])
    assert re.fullmatch(r"\d+ red, \d+ yellow: not ready to go live", lines[-1])
    assert sum(line.startswith("red ") for line in lines) == int(lines[-1].split()[0])


@pytest.mark.parametrize("command", [("doctor",), ("doctor", "--json")])
def test_settings_that_cant_be_used_are_said_and_what_needs_none_is_looked_at(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = operate({"DATA_DIR": str(tmp_path), "PORT": "0", "DATABASE_URL": "mysql://clerk:hidden@h/shop"}, *command)
    assert (done.returncode, done.stderr, "hidden" in done.stdout) == (1, "", False), done.stderr
    assert "PORT: Input should be greater than or equal to 1 DATABASE_URL: must be like" in done.stdout
    assert "packages" in done.stdout
