"""The line to the gateway over real connections: what is sent, how often, how long we wait, and whom we believe."""

import asyncio
import gzip
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import certifi
import pytest

from checkout_app.core import outside
from checkout_app.payments.gateway import client as razorpay_client
from checkout_app.payments.gateway import line
from checkout_app.payments.gateway.client import READ_TRIES, Razorpay
from checkout_app.payments.gateway.errors import RazorpayError, Unavailable
from tests.support.wire import CERTIFICATE, WELL, Wire, hang_up, http, in_turn, listening, saying

ORDER = {"amount": 48000, "currency": "INR", "receipt": "R"}
KEYS = b64encode(b"id:secret").decode()


@pytest.fixture(autouse=True)
def _a_plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(razorpay_client, "_PAUSE_SECONDS", 0)


@asynccontextmanager
async def _client(root: str) -> AsyncIterator[Razorpay]:
    made = Razorpay("id", "secret", root)
    yield made
    await made.aclose()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """The gateway's end of the line; every answer is an order."""
    async with listening() as opened:
        yield opened


@pytest.fixture
async def client(wire: Wire) -> AsyncIterator[Razorpay]:
    """Our end of the line."""
    async with _client(wire.url) as made:
        yield made


async def test_what_the_sdk_asks_is_sent_as_it_would_send_it(wire: Wire, client: Razorpay) -> None:
    await client.payment.fetch("pay_1", {"expand[]": ["card", "emi"], "at": "a b&c"})
    await client.payment.refund("pay_1", {"amount": 100}, headers={"X-Refund-Idempotency": "key"})
    read, refund = wire.heard
    assert read.line == "GET /v1/payments/pay_1?expand%5B%5D=card&expand%5B%5D=emi&at=a+b%26c HTTP/1.1"
    assert (refund.line, refund.body) == ("POST /v1/payments/pay_1/refund HTTP/1.1", {"amount": 100})
    assert (refund.headers["x-refund-idempotency"], refund.headers["content-type"]) == ("key", "application/json")
    for headers in (read.headers, refund.headers):
        assert (headers["authorization"], headers["user-agent"]) == (f"Basic {KEYS}", Razorpay.user_agent)


async def test_calls_one_after_the_other_share_a_connection(wire: Wire, client: Razorpay) -> None:
    for _ in range(5):
        await client.order.create(ORDER)
        await client.order.all({"count": 1})
    assert (wire.connections, len(wire.heard)) == (1, 10)


async def test_more_calls_at_once_than_connections_wait_their_turn(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a connection that others use is not what one may not take long."""
    monkeypatch.setattr(line, "CONNECTIONS", 2)
    monkeypatch.setattr(line, "CONNECT_SECONDS", 0.2)

    async def say_slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        await WELL(writer)

    wire.says = say_slowly
    async with _client(wire.url) as client:
        await asyncio.gather(*(client.order.create(ORDER) for _ in range(8)))
    assert (wire.most_open, len(wire.heard)) == (2, 8)


async def test_after_it_was_closed_another_call_opens_it_again(wire: Wire, client: Razorpay) -> None:
    for _ in range(2):
        await client.order.create(ORDER)
        await client.aclose()
    assert wire.connections == 2


async def test_cookies_are_not_kept(wire: Wire, client: Razorpay) -> None:
    wire.says = saying(http(b"{}", "Set-Cookie: who=you; Path=/"))
    await client.order.create(ORDER)
    await client.order.create(ORDER)
    assert [heard.headers.get("cookie") for heard in wire.heard] == [None, None]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_nobody_sends_us_elsewhere(wire: Wire, client: Razorpay, status: str) -> None:
    wire.says = in_turn(saying(http(b"{}", "Location: /v1/elsewhere", status=status)), WELL)
    with pytest.raises(Unavailable):
        await client.order.create(ORDER)
    assert [heard.line for heard in wire.heard] == ["POST /v1/orders HTTP/1.1"]


async def test_a_connection_that_ended_between_two_calls_is_replaced(wire: Wire, client: Razorpay) -> None:
    async def say_and_hang_up(writer: asyncio.StreamWriter) -> None:
        await WELL(writer)
        await hang_up(writer)

    wire.says = say_and_hang_up
    for _ in range(3):
        await client.order.create(ORDER)
        await asyncio.sleep(0.05)  # it ends while nobody looks
    assert (wire.connections, len(wire.heard)) == (3, 3)


async def test_an_effect_on_a_kept_connection_that_ends_is_not_asked_for_again(wire: Wire, client: Razorpay) -> None:
    wire.says = in_turn(WELL, hang_up, WELL)
    await client.order.create(ORDER)
    with pytest.raises(Unavailable, match="ServerDisconnectedError from /v1/orders"):
        await client.order.create(ORDER)
    assert len(wire.heard) == 2


async def test_a_read_on_a_kept_connection_that_ends_goes_on_and_is_counted(wire: Wire, client: Razorpay) -> None:
    wire.says = in_turn(WELL, hang_up, WELL, hang_up)
    for _ in range(2):
        await client.order.all({"count": 1})
    assert len(wire.heard) == 3
    with pytest.raises(Unavailable):
        await client.order.all({"count": 1})
    assert len(wire.heard) == 3 + READ_TRIES


async def test_a_gateway_that_says_nothing_is_left(
    wire: Wire, client: Razorpay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "READ_SECONDS", 0.1)
    wire.says = in_turn(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), WELL)
    with pytest.raises(Unavailable, match="SocketTimeoutError from /v1/orders"):
        await client.order.create(ORDER)


async def test_an_answer_that_drips_in_for_ever_ends_in_time(
    wire: Wire, client: Razorpay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "READ_SECONDS", 0.5)
    monkeypatch.setattr(razorpay_client, "LONGEST_SECONDS", 1.0)

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    wire.says = drip
    with pytest.raises(Unavailable, match=r"^TimeoutError from /v1/orders"):
        await client.order.create(ORDER)


async def test_a_gateway_that_never_finishes_its_greeting_is_left(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection, and does not shake hands as TLS wants it."""
    monkeypatch.setattr(line, "CONNECT_SECONDS", 0.1)
    async with _client(f"https://localhost:{wire.port}") as client:
        with pytest.raises(Unavailable, match="ConnectionTimeoutError from /v1/orders"):
            await client.order.create(ORDER)


async def test_an_answer_may_be_packed(wire: Wire, client: Razorpay) -> None:
    wire.says = saying(http(gzip.compress(b'{"id": "order_1"}'), "Content-Encoding: gzip"))
    assert await client.order.create(ORDER) == {"id": "order_1"}


GARBLED = {
    "no HTTP": b"What?\r\n\r\n",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}",
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
    "no chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}\r\n\r\n",
    "endless head": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    "not packed": http(b"{}", "Content-Encoding: gzip"),
    "half packed": http(gzip.compress(b"{}")[:11], "Content-Encoding: gzip"),
    "packed otherwise": http(b"{}", "Content-Encoding: br"),
    "two lengths": http(b"{}", "Content-Length: 3"),
}


@pytest.mark.parametrize("answer", GARBLED.values(), ids=GARBLED.keys())
async def test_what_is_no_answer_is_none(wire: Wire, client: Razorpay, answer: bytes) -> None:
    async def say_and_hang_up(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await hang_up(writer)

    wire.says = say_and_hang_up
    with pytest.raises(RazorpayError) as caught:
        await client.order.create(ORDER)
    assert (type(caught.value), len(wire.heard)) == (Unavailable, 1)


@pytest.mark.parametrize("named", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
async def test_a_proxy_that_the_environment_names_is_used(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv(named, f"http://we:know@localhost:{wire.port}")
    async with _client("http://gateway.invalid/root") as client:
        await client.order.create(ORDER)
    [heard] = wire.heard
    assert heard.line == "POST http://gateway.invalid/root/v1/orders HTTP/1.1"
    assert heard.headers["proxy-authorization"] == "Basic " + b64encode(b"we:know").decode()
    assert heard.headers["authorization"] == f"Basic {KEYS}"


async def test_a_proxy_may_be_named_without_saying_http(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"localhost:{wire.port}")
    async with _client("http://gateway.invalid") as client:
        await client.order.create(ORDER)
    assert wire.heard[0].line == "POST http://gateway.invalid/v1/orders HTTP/1.1"


async def test_a_proxy_is_not_used_for_what_the_environment_excepts(
    wire: Wire, client: Razorpay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "localhost:9")
    monkeypatch.setenv("NO_PROXY", "localhost")
    await client.order.create(ORDER)
    assert wire.heard[0].line == "POST /v1/orders HTTP/1.1"


@pytest.fixture
async def sealed() -> AsyncIterator[Wire]:
    """A gateway with a certificate that no authority has signed."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    async with listening(tls) as opened:
        yield opened


async def test_a_certificate_is_believed_when_the_environment_names_it(
    sealed: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    async with _client(f"https://localhost:{sealed.port}") as client:
        assert await client.order.create(ORDER) == {"entity": "order"}


@pytest.mark.parametrize(("host", "trusted"), [("localhost", certifi.where()), ("127.0.0.1", str(CERTIFICATE))])
async def test_a_certificate_of_nobody_or_for_another_name_is_not_believed(
    sealed: Wire, monkeypatch: pytest.MonkeyPatch, host: str, trusted: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", trusted)
    async with _client(f"https://{host}:{sealed.port}") as client:
        with pytest.raises(Unavailable, match="ClientConnectorCertificateError from /v1/orders"):
            await client.order.create(ORDER)
    assert sealed.heard == []


def test_without_a_word_of_the_environment_certifis_authorities_are_believed() -> None:
    bundled = ssl.create_default_context(cafile=certifi.where())
    assert outside.trust().get_ca_certs() == bundled.get_ca_certs()  # no gateway here has such a certificate
