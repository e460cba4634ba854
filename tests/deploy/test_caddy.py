"""The proxy of deploy/Caddyfile before two servers: it keeps a visitor with one, and a sale survives its killing."""

import asyncio
import json
import os
import random
import re
import signal
import socket
import string
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiohttp import ClientSession, TCPConnector

from checkout_app.catalog.files import LARGEST
from checkout_app.catalog.pictures import LARGEST as LARGEST_PICTURE
from tests.support.buying import make_merchant
from tests.support.caddy import CADDY, CADDYFILE, Caddy, adapted, running_caddy
from tests.support.databases import blocking_engine, empty_sqlite, settle
from tests.support.processes import free_port, operate
from tests.support.serving import Servers, free_ports, is_open, running_servers, settings_of_servers
from tests.support.shops import Gateway, Shop
from tests.support.waiting import PATIENCE, until
from tests.support.wire import http, listening, saying

pytestmark = pytest.mark.skipif(CADDY is None, reason="Caddy is not installed here")

SECRET = "".join(random.choices(string.ascii_letters, k=30))  # noqa: S311 - looked for in a log


@dataclass
class Place:
    """A shop behind a proxy."""

    caddy: Caddy
    servers: Servers
    shop: Shop
    settings: Mapping[str, str]

    def guest(self) -> httpx.Client:
        """Return somebody who is signed in as a guest, with cookies and a token."""
        client = self.caddy.client()
        token = _enter(client).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    def answers(self, port: int) -> bool:
        """Tell whether the server on a port answers."""
        try:
            return httpx.get(f"http://127.0.0.1:{port}/ping", timeout=30).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def kill(self, port: int) -> None:
        """Kill the server on a port."""
        for worker in self.servers.workers(port):
            os.kill(worker, signal.SIGKILL)
        until(lambda: not is_open(port), "the server to be gone")


@pytest.fixture(scope="module")
def place(gateway: Gateway, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two servers of one shop, and the proxy."""
    folder, port, first = tmp_path_factory.mktemp("behind"), free_port(), free_ports()
    (folder / "caddy").mkdir()
    settings = {
        **settings_of_servers(folder, redis_url),
        "PORT": str(first),
        "PUBLIC_URL": f"https://localhost:{port}",
        "DATABASE_URL": empty_sqlite(folder),
        "RAZORPAY_API_URL": gateway.url,
        "RATE_LIMITS": "enter=4/day",
    }
    settle(settings["DATABASE_URL"])
    with ExitStack() as stack:
        servers = stack.enter_context(running_servers(settings))
        caddy = stack.enter_context(running_caddy(folder / "caddy", port, servers.ports))
        engine = blocking_engine(settings["DATABASE_URL"])
        stack.callback(engine.dispose)
        shop = Shop(servers.process, gateway, engine, settings)
        until(lambda: caddy.client().get("/ping").status_code == httpx.codes.OK, "the shop behind the proxy")
        yield Place(caddy, servers, shop, settings)


def test_it_is_for_one_process_unless_more_are_named() -> None:
    assert _upstreams(adapted("shop.example")) == ["127.0.0.1:3000"]
    assert _upstreams(adapted("shop.example", [3001, 3002])) == ["127.0.0.1:3001", "127.0.0.1:3002"]


def _upstreams(config: Any) -> list[str]:
    return re.findall(r'"dial": "([^"]+)"', json.dumps(config))


def test_it_is_written_as_caddy_writes_it() -> None:
    done = subprocess.run([str(CADDY), "fmt", str(CADDYFILE)], capture_output=True, text=True, check=True)
    assert done.stdout == CADDYFILE.read_text(encoding="utf-8")


def test_a_browser_is_offered_http_2(place: Place) -> None:
    context = place.caddy.trust
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", place.caddy.port), 30) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        assert tls.selected_alpn_protocol() == "h2"


async def test_a_visitor_stays_with_one_process_as_long_as_it_takes_visitors(tmp_path: Path) -> None:
    async with listening() as one, listening() as other:
        for wire in (one, other):
            wire.says = saying(http(str(wire.port).encode()))
        with running_caddy(tmp_path, free_port(), [one.port, other.port]) as caddy:
            async with httpx.AsyncClient(base_url=caddy.url, verify=caddy.trust, timeout=60) as visitor:
                [stayed] = {(await visitor.get("/")).text for _ in range(40)}
                strangers = {(await visitor.get("/", headers={"Cookie": "shop_process=lost"})).text for _ in range(40)}
                assert strangers == {str(one.port), str(other.port)}
                left, next_one = (one, other) if stayed == str(one.port) else (other, one)
                left.says = saying(http(b"leaving", status="503 Service Unavailable"))
                async with asyncio.timeout(PATIENCE):
                    while (await visitor.get("/")).text != str(next_one.port):
                        pass
                assert {(await visitor.get("/")).text for _ in range(40)} == {str(next_one.port)}


async def test_websockets_come_through(place: Place) -> None:
    url = f"{place.caddy.url}/_event/?token={uuid4()}&EIO=4&transport=websocket"
    async with (
        ClientSession(connector=TCPConnector(ssl=place.caddy.trust)) as session,
        session.ws_connect(url, headers={"Origin": place.caddy.url}) as socket,
    ):
        assert (await socket.receive_str()).startswith("0{")


def _post(client: httpx.Client, path: str, body: object) -> httpx.Response:
    """Post as a page does: whoever is told to try again does so, with the same key."""
    key = str(uuid4())

    def answer() -> httpx.Response | None:
        answered = client.post(path, json=body, headers={"Idempotency-Key": key})
        again = answered.status_code in {502, 503} and answered.json()["code"] == "temporarily_unavailable"
        return None if again else answered

    return until(answer, "an answer") or pytest.fail("until returns what is true")


def test_a_sale_goes_on_whichever_process_is_killed(place: Place) -> None:
    product_id = place.shop.product()
    one, other = place.servers.ports
    with closing(place.guest()) as buyer:
        place.kill(one)
        assert buyer.get("/api/products").status_code == 200
        order = _post(buyer, "/api/checkout/order", {"product_id": product_id})
        assert order.status_code == 201, order.text
        until(lambda: place.answers(one), "the next process")
        handed_over = place.shop.gateway.pay(order.json()["razorpay_order_id"]).json()
        place.kill(other)
        assert buyer.get("/api/products").status_code == 200
        paid = _post(buyer, "/api/checkout/payment", handed_over)
        assert (paid.status_code, paid.json().get("status")) == (201, "paid"), paid.text
        until(lambda: place.answers(other), "the next process")
        assert [item["status"] for item in buyer.get("/api/orders").json()["items"]] == ["paid"]


def test_the_file_of_a_product_may_be_as_large_as_the_shop_says_and_nothing_else_may(place: Place) -> None:
    """The byte too many is not announced: what is, the shop refuses before it has come, and hangs up on the proxy."""
    product_id, largest = place.shop.product(on_hand=None), b"%PDF-".ljust(LARGEST)
    place.shop.rows("UPDATE products SET digital = :yes WHERE id = :id", yes=True, id=product_id)
    path = f"/api/merchant/products/{product_id}/file?name=cups.pdf"
    with closing(make_merchant(place.shop, place.guest())) as owner:
        kept, refused = (owner.post(path, content=content) for content in (largest, iter([largest, b" "])))
        elsewhere = owner.post(f"/api/merchant/products/{product_id}", content=largest)
        pictures = ("/api/merchant/products/pictures", "/api/merchant/seller/logo")
        none = [owner.post(path, content=bytes(LARGEST_PICTURE)) for path in pictures]
    assert (kept.status_code, kept.json()["size"]) == (201, LARGEST)
    assert (refused.status_code, refused.json()["code"]) == (413, "content_too_large")
    assert [(answer.status_code, answer.json()["code"]) for answer in none] == [(422, "invalid_input")] * 2
    assert (elsewhere.status_code, elsewhere.text) == (413, "413 Request Entity Too Large")
    [file] = Path(place.settings["DATA_DIR"], "files").iterdir()
    file.unlink()  # or the folders of the last runs would have one each


def test_who_calls_is_who_the_proxy_saw_whatever_is_said(place: Place) -> None:
    with place.caddy.client() as client:
        tries = [_enter(client, f"203.0.113.{n}").status_code for n in range(5)]
    assert tries[-1] == 429


def _enter(client: httpx.Client, forwarded: str = "203.0.113.7") -> httpx.Response:
    return client.post("/api/auth/guest", json={"email": "asha@example.in"}, headers={"X-Forwarded-For": forwarded})


def test_a_large_body_is_refused_whether_or_not_it_says_how_large_it_is(place: Place) -> None:
    path, large = "/api/webhooks/razorpay", b"{" * 300_000
    signed = {"X-Razorpay-Signature": "0" * 64}  # without one it would be refused before its body is looked at
    with place.caddy.client(headers=signed) as client:
        announced, unannounced, small = (
            client.post(path, content=content) for content in (large, iter([large, large]), large[:200_000])
        )
    assert [answer.status_code for answer in (announced, unannounced, small)] == [413, 413, 401]
    assert announced.text == "413 Request Entity Too Large"


def test_the_access_log_has_no_query_no_cookie_and_no_token(place: Place) -> None:
    headers = {"Authorization": f"Bearer {SECRET}", "Referer": f"https://shop.example/?key={SECRET}"}
    with place.caddy.client(headers=headers) as client:
        client.cookies.set("session", SECRET)
        for path in ("/_event/", "/orders/1", "/"):
            client.get(path, params={"token": SECRET, "key": SECRET})
    until(lambda: '"uri":"/_event/"' in place.caddy.log, "the line")
    assert SECRET not in place.caddy.log


def test_the_doctor_finds_the_shop_through_the_proxy(place: Place) -> None:
    done = operate({**place.settings, "SSL_CERT_FILE": str(place.caddy.authority)}, "doctor", "--json")
    told = {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert told["door"]["message"] == f"{place.caddy.url} leads here, websockets included."


def test_when_nothing_answers_people_and_programs_are_told_to_try_again(tmp_path: Path) -> None:
    with running_caddy(tmp_path, free_port(), [free_port()]) as caddy, caddy.client() as client:
        page, api = client.get("/"), client.post("/api/auth/guest", json={})
    assert {page.status_code, api.status_code} <= {502, 503}
    assert page.text == "The shop does not answer for a moment. Nothing is lost: please try again."
    assert (api.json()["code"], api.headers["content-type"]) == ("temporarily_unavailable", "application/problem+json")
    assert [answer.headers["retry-after"] for answer in (page, api)] == ["5", "5"]
