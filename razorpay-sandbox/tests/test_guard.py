"""Who may see the console and do test calls: this machine, whom the operator lets in, and no other site's page."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from razorpay_sandbox import KeyPair, Sandbox, SandboxConfig
from tests.support import KEY_ID, KEY_SECRET, WEBHOOK_SECRET, SandboxProcess, sandbox_process

TOKEN = "let-the-test-runner-in"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/_test/ledger"), ("PUT", "/_test/clock"), ("GET", "/")])
def test_other_sites_and_other_names_cannot_drive_it(
    sandbox: SandboxProcess, headers: dict[str, str], method: str, path: str
) -> None:
    answer = httpx.request(method, sandbox.url + path, headers=headers, json={"offset": 9}, trust_env=False)
    assert answer.status_code == 403
    assert sandbox.get("/_test/clock")["offset"] == 0


def test_its_own_page_may_drive_it(sandbox: SandboxProcess) -> None:
    headers = {"origin": sandbox.url, "sec-fetch-site": "same-origin"}
    assert sandbox.client.put("/_test/clock", json={"offset": 0}, headers=headers).status_code == 200
    localhost = sandbox.url.replace("127.0.0.1", "localhost")
    assert httpx.get(f"{localhost}/_test/clock", trust_env=False).status_code == 200


def reach(
    data: Path, peer: tuple[str, int] | None, headers: dict[str, str], *hosts: str, token: str | None = None
) -> int:
    """Ask for the ledger as a machine would that has this address; None is a call within the process."""
    config = SandboxConfig(
        data=data,
        keys=(KeyPair(KEY_ID, KEY_SECRET),),
        webhook_secret=WEBHOOK_SECRET,
        allowed_hosts=hosts,
        token=token,
    )
    sandbox = Sandbox(config)

    async def ask() -> int:
        transport = httpx.ASGITransport(sandbox.app, client=peer)  # type: ignore[arg-type]  # it passes None on
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get("/_test/ledger", headers=headers)).status_code

    status = asyncio.run(ask())
    sandbox.gateway.store.close()
    return status


HERE, HERE_6, MAPPED = ("127.0.0.1", 40_000), ("::1", 40_000), ("::ffff:127.0.0.1", 40_000)
ELSEWHERE, ELSEWHERE_6 = ("192.168.1.7", 40_000), ("2001:db8::7", 40_000)


@pytest.mark.parametrize("peer", [HERE, HERE_6, MAPPED, None])
@pytest.mark.parametrize("host", ["localhost:9900", "127.0.0.1", "[::1]:9900", "shop.localhost"])
def test_this_machine_is_let_in(tmp_path: Path, peer: tuple[str, int] | None, host: str) -> None:
    assert reach(tmp_path, peer, {"host": host}) == 200


@pytest.mark.parametrize("peer", [ELSEWHERE, ELSEWHERE_6, ("testclient", 1)])
@pytest.mark.parametrize("host", ["localhost:9900", "127.0.0.1", "[::1]:9900", "sandbox:9900", "[", ""])
def test_another_machine_is_not_whatever_host_it_names(tmp_path: Path, peer: tuple[str, int], host: str) -> None:
    assert reach(tmp_path, peer, {"host": host}) == 403


def test_a_proxy_on_this_machine_lets_nobody_in_from_elsewhere(tmp_path: Path) -> None:
    assert reach(tmp_path, HERE, {"x-forwarded-for": "127.0.0.1"}) == 200
    assert reach(tmp_path, HERE, {"x-forwarded-for": "192.168.1.7"}) == 403
    assert reach(tmp_path, HERE, {"x-forwarded-for": "127.0.0.1, 192.168.1.7"}) == 403
    assert reach(tmp_path, HERE, {"host": "shop.example", "x-forwarded-for": "127.0.0.1"}) == 403


def test_a_host_that_is_allowed_lets_in_whoever_reaches_it(tmp_path: Path) -> None:
    assert reach(tmp_path, ELSEWHERE, {"host": "sandbox:9900"}, "sandbox") == 200
    assert reach(tmp_path, ELSEWHERE, {"host": "SANDBOX:9900"}, "other", "Sandbox") == 200
    assert reach(tmp_path, HERE, {"host": "localhost"}, "sandbox") == 200
    assert reach(tmp_path, ELSEWHERE, {"host": "localhost"}, "sandbox") == 403
    assert reach(tmp_path, ELSEWHERE, {"host": "sandbox.evil.example"}, "sandbox") == 403


@pytest.mark.parametrize("host", ["localhost:9900", "sandbox:9900", "192.168.1.5:9900"])
def test_the_token_lets_in_whoever_knows_it(tmp_path: Path, host: str) -> None:
    assert reach(tmp_path, ELSEWHERE, {"host": host, "x-sandbox-token": TOKEN}, token=TOKEN) == 200
    assert reach(tmp_path, ELSEWHERE, {"host": host, "x-sandbox-token": TOKEN[:-1]}, token=TOKEN) == 403
    assert reach(tmp_path, ELSEWHERE, {"host": host}, token=TOKEN) == 403
    assert reach(tmp_path, ELSEWHERE, {"host": host, "x-sandbox-token": ""}) == 403


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_nobody_who_is_let_in_brings_another_sites_page(tmp_path: Path, headers: dict[str, str]) -> None:
    assert reach(tmp_path, ELSEWHERE, {"host": "sandbox:9900", **headers}, "sandbox") == 403
    assert reach(tmp_path, ELSEWHERE, {"x-sandbox-token": TOKEN, **headers}, token=TOKEN) == 403


@pytest.fixture(scope="module")
def open_to_the_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """A sandbox that listens on every address, as in a container."""
    options = ("--host", "0.0.0.0", "--allow-host", "sandbox", "--token", TOKEN)  # noqa: S104  # what is tested
    with sandbox_process(tmp_path_factory.mktemp("open"), *options) as running:
        yield running


def own_address() -> str:
    """Find this machine's address in its network; skips where it has none."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # an address for documentation: nothing is sent
            return str(probe.getsockname()[0])
    except OSError:
        pytest.skip("this machine is in no network")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "localhost"}, 403),
        ({"host": "127.0.0.1:9900", "x-forwarded-for": "127.0.0.1"}, 403),
        ({}, 403),
        ({"host": "sandbox:9900"}, 200),
        ({"x-sandbox-token": TOKEN}, 200),
    ],
)
def test_a_port_that_is_open_to_the_network_gives_out_only_what_was_allowed(
    open_to_the_network: SandboxProcess, headers: dict[str, str], status: int
) -> None:
    url = f"http://{own_address()}:{open_to_the_network.port}/_test/webhooks"
    answer = httpx.get(url, headers=headers, trust_env=False)
    assert answer.status_code == status
    assert WEBHOOK_SECRET not in answer.text


def test_the_api_is_for_everybody_who_has_a_key(open_to_the_network: SandboxProcess) -> None:
    url = f"http://{own_address()}:{open_to_the_network.port}/v1/orders"
    assert httpx.get(url, auth=(KEY_ID, KEY_SECRET), trust_env=False).status_code == 200
