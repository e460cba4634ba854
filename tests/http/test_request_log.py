"""A sale as the log of a real shop tells it: a line for each thing that was done, with the ids that find the others."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from checkout_app.server.log_bounds import MOST, REFUSALS
from tests.support.databases import empty_sqlite
from tests.support.processes import free_port
from tests.support.shops import KEY_SECRET, WEBHOOK_SECRET, Gateway, Shop, running_gateway, running_shop
from tests.support.waiting import until

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that writes its log as JSON and hears its gateway's webhooks."""
    folder, port = tmp_path_factory.mktemp("told"), free_port()
    hook = f"http://127.0.0.1:{port}/api/webhooks/razorpay"
    with (
        running_gateway(folder, webhook_url=hook) as gateway,
        running_shop(folder, gateway, empty_sqlite(folder), port=port, LOG_FORMAT="json") as shop,
    ):
        yield shop


def lines(shop: Shop) -> list[dict[str, Any]]:
    """Return the shop's log, without a line that is being written; every line of it is one JSON object."""
    whole, _, _ = shop.process.log.read_text().rpartition("\n")
    return [json.loads(line) for line in whole.splitlines()]


def told_of(shop: Shop, **like: Any) -> list[dict[str, Any]]:
    """Return the lines that say this."""
    return [line for line in lines(shop) if like.items() <= line.items()]


def heard(shop: Shop, **like: Any) -> list[dict[str, Any]]:
    """Return the lines that say this, once there are any: that of a request comes after its answer."""
    return until(lambda: told_of(shop, **like), f"a line that says {like}")


def buy(shop: Shop, gateway: Gateway) -> tuple[str, str]:
    """Buy something, and hear of it by webhooks afterwards; returns the order's id and the payment's."""
    gateway.set("webhooks", {"drop": True})  # one that came first would settle what the buyer hands over
    buyer = shop.buyer()
    order = {"items": [{"product_id": shop.product(), "quantity": 1}]}
    placed = buyer.post("/checkout/order", json=order, headers={"X-Request-Id": "placing-1"}).raise_for_status().json()
    paid = gateway.pay(placed["razorpay_order_id"]).raise_for_status().json()
    handed = {name: paid[name] for name in ("razorpay_order_id", "razorpay_payment_id", "razorpay_signature")}
    buyer.post("/checkout/payment", json=handed, headers={"X-Request-Id": "paying-1"}).raise_for_status()
    gateway.set("webhooks", {"drop": False})
    again = {"order_id": placed["razorpay_order_id"]}
    httpx.post(f"{gateway.url}/_test/webhooks/replay", json=again, timeout=30).raise_for_status()
    return placed["order_id"], paid["razorpay_payment_id"]


def test_a_sale_is_told_by_requests_services_and_work_with_the_same_ids(told: Shop) -> None:
    order_id, payment_id = buy(told, told.gateway)
    settled = {"event": "payment settled", "order_id": order_id, "payment_id": payment_id}
    assert heard(told, event="webhook handled", webhook="order.paid", order_id=order_id)
    assert heard(told, event="order placed", order_id=order_id, request_id="placing-1", level="info")
    [placing] = heard(told, event="request", order_id=order_id, request_id="placing-1")
    assert placing["gateway_order_id"].startswith("order_")
    assert heard(told, **settled, request_id="paying-1", status="captured", purpose="order")
    assert heard(told, **settled, work="webhooks", webhook="payment.captured")
    [request] = heard(told, event="request", request_id="paying-1")
    ms = request.pop("ms")
    assert (type(ms), TIME.fullmatch(request.pop("time")) is not None) == (int, True)
    assert request == {
        "level": "info",
        "logger": "checkout_app.server.request_log",
        "event": "request",
        "request_id": "paying-1",
        "order_id": order_id,
        "method": "POST",
        "path": "/api/checkout/payment",
        "status": 201,
    }


def test_every_line_says_when_how_grave_and_who(told: Shop) -> None:
    for line in lines(told):
        assert list(line)[:4] == ["time", "level", "logger", "event"]
        assert TIME.fullmatch(line["time"])


@pytest.mark.parametrize("given", ["two words", "x" * 65, "a;b", "", "\u00e9"])
def test_an_id_that_is_long_or_odd_is_replaced(told: Shop, given: str) -> None:
    answer = httpx.get(f"{told.url}/api/products", headers={b"X-Request-Id": given.encode()})
    request_id = answer.headers["X-Request-Id"]
    assert re.fullmatch("[0-9a-f]{12}", request_id)
    assert heard(told, event="request", request_id=request_id, path="/api/products")


def test_an_id_that_is_short_and_plain_is_kept_and_answered(told: Shop) -> None:
    answer = httpx.get(f"{told.url}/api/products/nothing", headers={"X-Request-Id": "Trace_1.a-b"})
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (404, "Trace_1.a-b")
    assert heard(told, request_id="Trace_1.a-b", status=404, path="/api/products/{id_or_slug}")


def test_a_path_is_told_without_its_query_and_without_what_a_terminal_obeys(told: Shop) -> None:
    httpx.get(f"{told.url}/api/orders/01M8?key=s3cret", headers={"X-Request-Id": "link"})
    httpx.get(f"{told.url}/api/%1b[2J%0aforged", headers={"X-Request-Id": "odd"})
    assert heard(told, request_id="link", path="/api/orders/{order_id}", order_id="01M8")
    assert heard(told, request_id="odd", path="/api/\\x1b[2J\\nforged")
    assert "s3cret" not in told.process.log.read_text()


def test_health_is_asked_without_a_line(told: Shop) -> None:
    httpx.get(f"{told.url}/api/health", headers={"X-Request-Id": "health"}).raise_for_status()
    httpx.get(f"{told.url}/api/products", headers={"X-Request-Id": "after"}).raise_for_status()
    assert heard(told, request_id="after")
    assert not told_of(told, request_id="health")


def test_what_nobody_foresaw_is_found_by_the_reference_that_is_shown(told: Shop) -> None:
    told.rows("ALTER TABLE variants RENAME TO elsewhere")
    try:
        answers = [httpx.get(f"{told.url}/api/products") for _ in range(3)]
    finally:
        told.rows("ALTER TABLE elsewhere RENAME TO variants")
    for answer in answers:
        assert (answer.status_code, answer.json()["reference"]) == (500, answer.headers["X-Request-Id"])
    ours = [heard(told, event="unforeseen error", request_id=answer.json()["reference"]) for answer in answers]
    assert [len(found) for found in ours] == [1, 1, 1]
    traced = ["exception" in found[0] for found in ours]
    assert traced == [True, False, False]
    assert not [line for line in lines(told) if line["level"] == "error" and line["logger"].startswith("uvicorn")]


def test_work_that_fails_for_long_is_told_ever_more_rarely_and_when_it_goes_on(told: Shop) -> None:
    told.rows("ALTER TABLE refunds RENAME TO elsewhere")
    try:
        heard(told, work="refunds", times=8)
    finally:
        told.rows("ALTER TABLE elsewhere RENAME TO refunds")
    [over] = heard(told, event="work goes on", work="refunds")
    failed = told_of(told, event="work failed and is tried again", work="refunds")
    assert [line["times"] for line in failed[:4]] == [1, 2, 4, 8]
    traced = [line["place"] for line in failed if "exception" in line]
    assert sorted(traced) == sorted({line["place"] for line in failed})
    assert over["failed_times"] >= 8


def test_no_secret_of_the_shop_is_in_its_log(told: Shop) -> None:
    text = told.process.log.read_text()
    assert KEY_SECRET not in text
    assert WEBHOOK_SECRET not in text
    assert "Bearer" not in text


def test_of_a_flood_of_requests_few_are_told_and_of_all_others_each(told: Shop) -> None:
    guess = {"email": "meera@example.in", "password": "not the password"}
    with httpx.Client(base_url=told.url, timeout=30) as client:
        answers = [client.post("/api/auth/login", json=guess).status_code for _ in range(10 + 2 * MOST)]
        client.get("/api/products", headers={"X-Request-Id": "after-all"})
    heard(told, request_id="after-all")
    lines = [len(told_of(told, path="/api/auth/login", status=status)) for status in (401, 429)]
    assert told_of(told, status=401, logger=REFUSALS) == told_of(told, status=401)  # which has a bound of its own
    assert (answers.count(401), answers.count(429), lines) == (10, 2 * MOST, [10, MOST])
