"""The gateway client against the real sandbox and its faults: typed errors, reads repeated, effects never."""

import json
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from checkout_app.payments.gateway import client as razorpay_client
from checkout_app.payments.gateway import line
from checkout_app.payments.gateway.client import Razorpay
from checkout_app.payments.gateway.errors import (
    Conflict,
    Misconfigured,
    NotFound,
    RazorpayError,
    Refused,
    Throttled,
    Unavailable,
)
from checkout_app.payments.gateway.line import Answer
from tests.support.shops import KEY_ID, KEY_SECRET, Gateway

ORDER = {"amount": 48000, "currency": "INR", "receipt": "R"}


@pytest.fixture
def kind() -> str:
    """The fault of a test that has one."""
    return ""


@pytest.fixture
async def client(gateway: Gateway, monkeypatch: pytest.MonkeyPatch, kind: str) -> AsyncIterator[Razorpay]:
    if kind == "hang":  # nothing else has to be waited for to the end
        monkeypatch.setattr(line, "READ_SECONDS", 1.0)
    monkeypatch.setattr(razorpay_client, "_PAUSE_SECONDS", 0.01)
    made = Razorpay(KEY_ID, KEY_SECRET, gateway.url)
    yield made
    await made.aclose()


@pytest.fixture
def faulty(gateway: Gateway) -> Iterator[Gateway]:
    yield gateway
    gateway.set("faults", [])


def _hits(gateway: Gateway) -> int:
    answer = gateway.process.url + "/_test/faults"
    rules: list[dict[str, int]] = httpx.get(answer).json()["rules"]
    return sum(rule["hits"] for rule in rules)


FAULTS: dict[str, type[RazorpayError]] = {
    "401": Misconfigured,
    "429": Throttled,
    "500": Unavailable,
    "502": Unavailable,
    "empty": Unavailable,
    "reset": Unavailable,
    "reply_lost": Unavailable,
    "hang": Unavailable,
}


@pytest.mark.parametrize("kind", FAULTS)
async def test_an_effect_is_asked_for_once_whatever_the_fault(client: Razorpay, faulty: Gateway, kind: str) -> None:
    faulty.set("faults", [{"kind": kind, "path": "/v1/*", "retry_after": 0}])
    with pytest.raises(FAULTS[kind]) as caught:
        await client.order.create(ORDER)
    assert type(caught.value) is FAULTS[kind]
    assert _hits(faulty) == 1


@pytest.mark.parametrize("kind", FAULTS)
async def test_a_read_is_tried_three_times_unless_the_keys_are_wrong(
    client: Razorpay, faulty: Gateway, kind: str
) -> None:
    faulty.set("faults", [{"kind": kind, "path": "/v1/*", "retry_after": 0}])
    with pytest.raises(FAULTS[kind]):
        await client.order.all({"count": 1})
    assert _hits(faulty) == (1 if kind == "401" else razorpay_client.READ_TRIES)


@pytest.mark.parametrize("kind", [kind for kind in FAULTS if kind != "401"])
async def test_a_read_outlives_two_faults_in_a_row(client: Razorpay, faulty: Gateway, kind: str) -> None:
    faulty.set("faults", [{"kind": kind, "path": "/v1/*", "count": 2, "retry_after": 0}])
    assert (await client.order.all({"count": 1}))["entity"] == "collection"


async def test_a_gateway_that_wants_a_long_pause_is_not_asked_again(client: Razorpay, faulty: Gateway) -> None:
    faulty.set("faults", [{"kind": "429", "path": "/v1/*", "retry_after": 60}])
    with pytest.raises(Throttled) as caught:
        await client.order.all({"count": 1})
    assert (_hits(faulty), caught.value.retry_after) == (1, 60)


async def test_an_unknown_id_and_a_malformed_one_are_told_apart_from_an_outage(client: Razorpay) -> None:
    with pytest.raises(NotFound):
        await client.payment.fetch("pay_AAAAAAAAAAAAAA")
    with pytest.raises(Refused) as caught:
        await client.payment.fetch("nonsense")
    assert caught.value.status == 400
    assert caught.value.code == "BAD_REQUEST_ERROR"


async def test_a_refusal_keeps_what_the_gateway_said(client: Razorpay) -> None:
    with pytest.raises(Refused) as caught:
        await client.order.create(ORDER | {"amount": 1})
    assert caught.value.field == "amount"
    assert str(caught.value)


@pytest.mark.parametrize(
    ("description", "said"),
    [("No \0 way.\n", "No  way."), (7, "7"), (None, "HTTP 400"), ("", "HTTP 400"), (["x"], "['x']")],
    ids=repr,
)
def test_a_refusal_says_what_can_be_printed_of_what_the_gateway_said(description: object, said: str) -> None:
    said_so = json.dumps({"error": {"code": "BAD_REQUEST_ERROR", "description": description}})
    with pytest.raises(Refused) as caught:
        razorpay_client._understood(Answer(400, {}, said_so.encode()))  # noqa: SLF001 - the one place where answers become errors
    assert str(caught.value) == said


async def test_wrong_keys_are_an_operators_business(gateway: Gateway) -> None:
    stranger = Razorpay(KEY_ID, "wrong", gateway.url)
    with pytest.raises(Misconfigured):
        await stranger.order.all({"count": 1})
    await stranger.aclose()


async def test_nobody_listens_is_unavailable() -> None:
    lonely = Razorpay(KEY_ID, KEY_SECRET, "http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        await lonely.order.all({"count": 1})
    await lonely.aclose()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, b"<html>Not Found</html>", Unavailable),
        (404, b'{"message": "no Route matched"}', Unavailable),
        (400, b'{"error": {"description": "The id provided does not exist"}}', NotFound),
        (400, b'{"error": "text"}', Unavailable),
        (200, b"[]", Unavailable),
        (200, b"null", Unavailable),
        (200, b"\xff", Unavailable),
        pytest.param(200, b"[" + b"9" * 5000 + b"]", Unavailable, id="a number without end"),
        pytest.param(200, b"[" * 100_000, Unavailable, id="lists without end"),
        (302, b"{}", Unavailable),
        (409, b"{}", Conflict),
        (503, b"{}", Unavailable),
    ],
)
def test_an_answer_is_believed_only_when_it_is_one(status: int, body: bytes, kind: type[RazorpayError]) -> None:
    with pytest.raises(kind) as caught:
        razorpay_client._understood(Answer(status, {}, body))  # noqa: SLF001 - the one place where answers become errors
    assert type(caught.value) is kind
