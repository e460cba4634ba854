"""Who calls is who the believed proxies say, for the API and for pages alike, and can't be made up."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from checkout_app.core.settings import Settings
from checkout_app.server.proxies import behind_proxies
from tests.support.databases import empty_sqlite, settle
from tests.support.inside import settings_for
from tests.support.processes import free_port
from tests.support.serving import ORIGIN, Servers, running_servers, settings_of_servers

OURS = "127.0.0.1, ::1"
A, B, PROXY, EDGE = "203.0.113.7", "203.0.113.8", "127.0.0.1", "198.51.100.4"


async def _caller(monkeypatch: pytest.MonkeyPatch, peer: str, *lines: str, believed: str = OURS) -> str:
    """Return who calls, by the address of the other end and the header's lines."""
    seen: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["client"][0])

    headers = [(b"x-forwarded-for", line.encode()) for line in lines]
    with settings_for(monkeypatch, TRUSTED_PROXIES=believed):
        await behind_proxies(app)({"type": "http", "client": (peer, 1234), "headers": headers}, None, None)  # type: ignore[arg-type]
    return seen[0]


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_without_a_client_or_a_header_nothing_is_made_up(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    seen: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope.get("client"))

    with settings_for(monkeypatch, TRUSTED_PROXIES=OURS):
        way: Any = behind_proxies(app)
        await way({"type": kind, "client": None, "headers": [(b"x-forwarded-for", A.encode())]}, None, None)
    assert seen == [None]


@pytest.mark.parametrize(
    ("peer", "lines", "caller"),
    [
        (PROXY, [], PROXY),
        (PROXY, [A], A),
        (PROXY, [f"{B}, {A}"], A),  # the proxy adds whom it saw to what a caller made up
        (PROXY, [B, A], A),  # in a line of its own
        (PROXY, [f"{A}, {PROXY}, ::1"], A),  # several proxies of ours
        (PROXY, [f"{A}, {EDGE}"], EDGE),  # one that is not ours, so nobody knows whether it tells the truth
        (PROXY, [f"{PROXY}, ::1"], PROXY),
        (PROXY, ["  "], PROXY),
        (PROXY, [f"{A}:5678"], A),  # a new connection is no new caller
        (PROXY, ["[2001:db8::1]:5678"], "2001:db8::1"),
        ("::ffff:127.0.0.1", [A], A),  # how a socket for both kinds writes it
        (A, [B], A),  # nobody's proxy
        (EDGE, [A], EDGE),
    ],
)
async def test_the_last_address_that_is_no_proxys_of_ours_is_who_calls(
    monkeypatch: pytest.MonkeyPatch, peer: str, lines: list[str], caller: str
) -> None:
    assert await _caller(monkeypatch, peer, *lines) == caller


async def test_a_network_of_proxies_is_believed_and_an_empty_setting_believes_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await _caller(monkeypatch, EDGE, f"{A}, 198.51.100.9", believed="198.51.100.0/24") == A
    assert await _caller(monkeypatch, PROXY, A, believed="198.51.100.0/24") == PROXY
    assert await _caller(monkeypatch, PROXY, A, believed="") == PROXY


@pytest.fixture(scope="module")
def books(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The settings of a server in production that lets everybody in twice a day, and has its books."""
    folder = tmp_path_factory.mktemp("behind")
    settle(empty_sqlite(folder))
    settings = settings_of_servers(folder, redis_url)
    return {**settings, "WEB_WORKERS": "1", "RATE_LIMITS": "enter=2/day"}


@pytest.fixture(scope="module")
def server(books: Mapping[str, str]) -> Iterator[Servers]:
    """Such a server."""
    with running_servers({**books, "PORT": str(free_port())}) as running:
        yield running


def _enter(port: int, *forwarded: str) -> int:
    """Go on as a guest, as somebody a proxy tells of."""
    headers = [("x-forwarded-for", line) for line in forwarded]
    url = f"http://127.0.0.1:{port}/api/auth/guest"
    return httpx.post(url, json={"email": "asha@example.in"}, headers=headers, timeout=30).status_code


def _enter_by_page(port: int, forwarded: str) -> str:
    """Go on as a guest on the page; returns where that leads."""
    form = {"form": "guest", "email": "asha@example.in", "name": "Asha"}
    headers = {"x-forwarded-for": forwarded, "origin": ORIGIN}
    return httpx.post(f"http://127.0.0.1:{port}/continue", data=form, headers=headers, timeout=30).headers["location"]


def test_tries_over_the_api_and_on_pages_are_counted_together_by_who_made_them(server: Servers) -> None:
    [port] = server.ports
    assert [_enter(port, A), _enter(port, f"{B}, {A}"), _enter(port, B, A)] == [201, 201, 429]
    assert _enter_by_page(port, f"{B}, {A}") == "#guest-rate_limited"
    assert _enter_by_page(port, B) == "/"
    assert [_enter(port, B), _enter(port, B)] == [201, 429]


def test_nobody_but_a_believed_proxy_can_say_who_calls(books: Mapping[str, str]) -> None:
    with running_servers({**books, "PORT": str(free_port()), "TRUSTED_PROXIES": "192.0.2.1"}) as servers:
        [port] = servers.ports
        assert [_enter(port, f"203.0.113.{caller}") for caller in range(3)] == [201, 201, 429]


def test_the_default_believes_this_machine_alone() -> None:
    assert Settings.model_fields["trusted_proxies"].default == OURS
