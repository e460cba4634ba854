"""`/metrics`: who may read it, that it says what happened, and that nothing makes it grow or fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import col, update
from starlette.responses import PlainTextResponse

from checkout_app import __version__
from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderEvent
from checkout_app.payments import sweep
from checkout_app.payments.checks import watch
from checkout_app.payments.models import WebhookEvent
from checkout_app.server import standing
from checkout_app.server.api import build_api
from checkout_app.server.assemble import in_front_of
from checkout_app.server.now_and_then import NowAndThen
from tests.conftest import ON_BOTH
from tests.support.figures import Figures, grown, read
from tests.support.histories import History
from tests.support.inside import Inside, put_on_shelf
from tests.support.statements import reading

TOKEN = "a-token-of-the-tests"
HERE = ("127.0.0.1", 50_000)
FAR = ("203.0.113.9", 50_000)
TOLD = {"received": 2, "received_again": 1, "handled": 2}
"""What is counted of two webhooks of which the first comes twice."""


@pytest.fixture(autouse=True)
def _asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_now_and_then", NowAndThen(standing._ask, 0.0))  # noqa: SLF001


@asynccontextmanager
async def _client(peer: tuple[str, int] = HERE, host: str = "localhost:3000") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(in_front_of(_nothing, build_api()), client=peer)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        yield client


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """Stand for Reflex and its pages."""
    await PlainTextResponse("Not Found", 404)(scope, receive, send)


async def _figures() -> Figures:
    async with _client() as client:
        return read((await client.get("/metrics")).raise_for_status().text)


async def _bought(inside: Inside) -> History:
    """Let something be bought in all it takes, and its webhook be handled."""
    history = History(inside)
    await history.begin(on_hand=3, twice=False)
    await history.live(("attempt", 0, "failure"), ("webhook", 0, ""), ("handle", 0, ""))
    await history.live(("attempt", 0, "success"), ("callback", 0, ""), ("webhook", 0, ""), ("handle", 0, ""))
    return history


async def test_prometheus_can_read_what_it_says(inside: Inside) -> None:
    assert inside
    async with _client() as client:
        answer = await client.get("/metrics")
        head = await client.head("/metrics")
    assert (answer.status_code, head.status_code) == (200, 200)
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    figures = read(answer.text)
    [build] = [name for name in figures if name.startswith("shop_build_info")]
    assert f"version={__version__}" in build
    assert {"shop_database_up", "shop_open_issues", "process_resident_memory_bytes"} <= set(figures)
    assert not [name for name in figures if name.partition("{")[0].endswith("_created")]


async def test_a_sale_is_counted_once_in_all_it_is(inside: Inside) -> None:
    before = await _figures()
    history = await _bought(inside)
    await history.live(("webhook", 0, ""), ("handle", 0, ""), ("poll", 0, ""), ("refund", 1, "part"))
    more = grown(before, await _figures())
    happened = ("created", "payment_failed", "paid", "refund", "partially_refunded")
    events = {name: value for name, value in more.items() if name.startswith("shop_events")}
    asked = {"shop_events_total{kind=asked,subject=refund}": 1}
    assert events == {f"shop_events_total{{kind={kind},subject=order}}": 1 for kind in happened} | asked
    webhooks = {name: value for name, value in more.items() if name.startswith("shop_webhooks")}
    assert webhooks == {f"shop_webhooks_total{{what={what}}}": n for what, n in TOLD.items()}
    assert more["shop_gateway_seconds_count{method=POST,outcome=ok,resource=orders}"] == 1
    assert more["shop_gateway_seconds_count{method=POST,outcome=ok,resource=payments}"] == 1
    assert more["shop_gateway_seconds_count{method=GET,outcome=ok,resource=payments}"] > 0


async def test_what_is_not_committed_has_not_happened(inside: Inside) -> None:
    history = await _bought(inside)
    before = await _figures()
    await _undo(history.order_id, whole=False)
    with pytest.raises(RuntimeError, match="undone"):
        await _undo(history.order_id, whole=True)
    assert not [name for name in grown(before, await _figures()) if "shop_events" in name]


async def _undo(order_id: str, *, whole: bool) -> None:
    """Write down that something happened, and undo that: in part, or all of the transaction."""
    async with database.write() as session:
        [order] = await database.lock(session, Order, [order_id])
        if whole:
            await _record_and_fail(session, order)
        with suppress(RuntimeError):
            async with session.savepoint():
                await _record_and_fail(session, order)


async def _record_and_fail(session: Session, order: Order) -> None:
    await orders.record(session, order, OrderEvent.RESTOCKED)
    raise RuntimeError("undone")


async def test_troubles_of_the_gateway_are_counted_by_what_they_are(inside: Inside) -> None:
    history = await _bought(inside)
    before = await _figures()
    inside.line.troubles = ["reset", "429", "400 Never."]
    await history.act(("poll", 0, ""))
    more = grown(before, await _figures())
    outcomes = {name: value for name, value in more.items() if name.startswith("shop_gateway_seconds_count")}
    prefix, rest = "shop_gateway_seconds_count{method=GET,outcome=", ",resource=orders}"
    assert outcomes == {f"{prefix}{kind}{rest}": 1 for kind in ("unavailable", "throttled", "refused")}


async def test_how_the_shop_stands_is_told_as_it_is_now(inside: Inside) -> None:
    await _bought(inside)
    await watch.look()
    await sweep.sweep_due()
    quiet = await _figures()
    assert (quiet["shop_open_issues"], quiet["shop_webhook_oldest_seconds"]) == (0, 0)
    assert not [name for name in quiet if name.startswith("shop_alarms")]
    ago = clock.now() - timedelta(hours=1)
    async with database.write() as session:
        await session.exec(text("UPDATE variants SET held = held + 1"))
        await session.exec(update(Round).values(due_at=clock.now()))
        session.add(WebhookEvent(id="evt", event="x", body="{}", digest="d", created_at=ago, due_at=ago))
    await watch.look()
    now = await _figures()
    assert now["shop_alarms{alarm=held stock adds up}"] == 1
    assert now["shop_due_rows{table=webhook_events}"] == 1
    assert 3600 <= now["shop_webhook_oldest_seconds"] < 3700
    assert abs(now["shop_round_done_timestamp_seconds{round=sweep}"] - clock.now().timestamp()) < 60


@ON_BOTH
async def test_a_transaction_is_a_connection_in_use_and_who_waits_for_it_is_counted(everywhere: Inside) -> None:
    assert everywhere
    before = await _figures()
    async with asyncio.TaskGroup() as group:
        for number in range(25):  # of 20 connections, or of one that writes
            group.create_task(_write(number))
    after = await _figures()
    assert before["shop_database_connections_in_use"] == after["shop_database_connections_in_use"]
    assert after["shop_database_wait_seconds_count"] - before["shop_database_wait_seconds_count"] >= 5
    async with database.write() as session:
        await session.exec(update(Round).values(attempts=0))
        assert (await _figures())["shop_database_connections_in_use"] == 1


async def _write(number: int) -> None:
    async with database.write() as session:
        await session.exec(update(Round).where(col(Round.id) == f"{number}").values(attempts=0))
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        ("", {}, 200),
        ("", {"Authorization": "Bearer whatever"}, 200),
        (TOKEN, {"Authorization": f"Bearer {TOKEN}"}, 200),
        (TOKEN, {}, 401),
        (TOKEN, {"Authorization": f"Bearer {TOKEN}x"}, 401),
        (TOKEN, {"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        (TOKEN, {"Authorization": TOKEN}, 401),
        (TOKEN, {"Authorization": "Bearer é"}, 401),
        (TOKEN, {"Authorization": "Bearer "}, 401),
    ],
)
async def test_with_a_token_who_has_it_may_read(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, token: str, given: dict[str, str], status: int
) -> None:
    assert inside
    monkeypatch.setattr(settings(), "metrics_token", token)
    async with _client() as client:
        answer = await client.get("/metrics", headers=httpx.Headers(given, encoding="utf-8"))
    assert answer.status_code == status
    if status == 401:
        assert (answer.headers["www-authenticate"], "shop_" in answer.text) == ("Bearer", False)


@pytest.mark.parametrize(
    ("peer", "host", "headers", "status"),
    [
        (HERE, "127.0.0.1:3000", {}, 200),
        (("::1", 50_000), "[::1]:3000", {}, 200),
        (("::ffff:127.0.0.1", 50_000), "localhost", {}, 200),
        (FAR, "localhost:3000", {}, 404),
        (FAR, "localhost:3000", {"X-Forwarded-For": "127.0.0.1"}, 404),
        (HERE, "localhost:3000", {"X-Forwarded-For": "203.0.113.9"}, 404),
        (HERE, "localhost:3000", {"X-Forwarded-For": "127.0.0.1"}, 404),
        (HERE, "localhost:3000", {"Forwarded": "for=203.0.113.9"}, 404),
        (HERE, "localhost:3000", {"Via": "1.1 proxy"}, 404),
        (HERE, "shop.example", {}, 404),
        (HERE, "localhost:3000", {"Host": "[nonsense"}, 404),
        (("::ffff:203.0.113.9", 50_000), "localhost", {}, 404),
        (("unix:", 0), "localhost", {}, 404),
    ],
)
async def test_without_a_token_this_machine_may_read_and_nobody_through_a_proxy_on_it(
    inside: Inside, peer: tuple[str, int], host: str, headers: dict[str, str], status: int
) -> None:
    assert inside
    async with _client(peer, host) as client:
        answer = await client.get("/metrics", headers=headers)
    assert (answer.status_code, "shop_" in answer.text) == (status, status == 200)


async def test_with_a_token_a_proxy_may_stand_between(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside
    monkeypatch.setattr(settings(), "metrics_token", TOKEN)
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"}
    async with _client(FAR, "shop.example") as client:
        assert (await client.get("/metrics", headers=headers)).status_code == 200
        assert (await client.post("/metrics", headers=headers)).status_code == 405


async def test_many_unknown_paths_add_no_more_than_a_few_lines(inside: Inside) -> None:
    history = await _bought(inside)
    product = await put_on_shelf(1, slug="other")
    before = await _figures()
    async with _client() as client:
        for number in range(400):
            path = ("/{}", "/{}.png", "/api/{}", "/api/orders/{}", "/sandbox/{}", "/_event/{}")[number % 6]
            await client.request(f"M{number}" if number % 7 else "GET", path.format(f"unknown-{number}"))
        await client.get(f"/api/products/{product}")
    after = await _figures()
    assert len(after) - len(before) < 250
    assert not [name for name in after if "unknown" in name or "M8" in name or product in name]
    assert after["shop_request_seconds_count{method=GET,route=/api/products/{id_or_slug},status=2xx}"] >= 1
    assert after["shop_request_seconds_count{method=GET,route=/api/orders/{order_id},status=4xx}"] >= 1
    assert after["shop_request_seconds_count{method=other,route=pages,status=4xx}"] >= 1
    assert history.order_id


async def test_however_many_ask_the_database_is_asked_once(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside
    monkeypatch.setattr(standing, "_now_and_then", NowAndThen(standing._ask, standing.PACE))  # noqa: SLF001
    async with _client() as client:
        with reading() as asked:
            await asyncio.gather(*(client.get("/metrics") for _ in range(20)))
    assert len([statement for statement in asked if "FROM issues" in statement]) == 1


async def test_without_its_database_the_rest_is_told(inside: Inside) -> None:
    await _bought(inside)
    async with database.write() as session:
        await session.exec(text("ALTER TABLE issues RENAME TO issues_away"))
    try:
        told = await _figures()
    finally:
        async with database.write() as session:
            await session.exec(text("ALTER TABLE issues_away RENAME TO issues"))
    assert (told["shop_database_up"], "shop_open_issues" in told) == (0, False)
    assert told["shop_events_total{kind=paid,subject=order}"] >= 1
    assert (await _figures())["shop_database_up"] == 1


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("inside")
async def test_a_database_that_does_not_answer_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await _figures())["shop_database_up"] == 1
    async with database.write() as session:
        await session.exec(text("LOCK TABLE issues IN ACCESS EXCLUSIVE MODE"))
        with monkeypatch.context() as impatient:
            impatient.setattr(standing, "PATIENCE", 0.2)
            assert (await _figures())["shop_database_up"] == 0
    assert "TimeoutError" in caplog.text, "it was given up, and not only refused in the end"
    assert (await _figures())["shop_database_up"] == 1
