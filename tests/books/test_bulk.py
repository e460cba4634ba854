"""A bulk-loaded shop is one that the shop itself could have written, and the gateway has its counterpart."""

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import col, func, select
from ulid import ULID

from checkout_app.core import clock, database
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.journal.models import Issue
from checkout_app.orders.models import Order, Stock
from checkout_app.orders.moves import OrderStatus
from checkout_app.orders.timeline import Reader
from checkout_app.payments.checks.alarms import WATCHED
from checkout_app.payments.checks.rules import check_rules
from checkout_app.payments.models import GatewayOrder, Payment, Refund, WebhookEvent
from checkout_app.payments.record import gather
from checkout_app.payments.webhooks import Envelope
from razorpay_sandbox import KeyPair, Sandbox, SandboxConfig
from razorpay_sandbox.core import ids
from razorpay_sandbox.state.store import Record, Store
from tests.conftest import DATABASES, new_database
from tests.support.bulk import fill_shop
from tests.support.bulk_gateway import fill_gateway
from tests.support.bulk_plan import REGULAR_EVERY
from tests.support.inside import Inside, running_inside, violations
from tests.support.shops import KEY_ID, KEY_SECRET, WEBHOOK_SECRET

ORDERS = 2000


@pytest.fixture(scope="module", params=DATABASES)
async def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    folder = tmp_path_factory.mktemp("filled")
    url = new_database(request.param, request, folder)
    async with running_inside(folder, url) as running:
        fill_shop(url, ORDERS)
        fill_gateway(running.gateway.store, url)
        yield running


@pytest.fixture
async def books(filled: Inside) -> AsyncIterator[Session]:
    """A look at the books of such a shop."""
    assert filled
    async with database.read() as session:
        yield session


async def test_its_books_are_right_and_the_gateway_says_the_same_to_the_paisa(filled: Inside, books: Session) -> None:
    assert await violations() == await check_rules(rules=WATCHED) == []
    assert len(filled.entities("order")) == (await books.exec(select(func.count(col(GatewayOrder.id))))).one()
    assert len(filled.entities("payment")) == (await books.exec(select(func.count(col(Payment.id))))).one()
    assert len(filled.entities("refund")) == (await books.exec(select(func.count(col(Refund.id))))).one()


async def test_every_row_belongs_to_one_that_is_there(filled: Inside) -> None:
    assert filled
    if settings().database_url.startswith("sqlite"):  # PostgreSQL has looked at each of them
        with database.blocking() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


async def test_it_has_orders_in_believable_proportions(books: Session) -> None:
    orders = (await books.exec(select(Order))).all()
    statuses = Counter(order.status for order in orders)
    assert len(orders) == ORDERS
    assert statuses[OrderStatus.PAID] > 0.8 * ORDERS
    assert min(statuses[status] for status in set(OrderStatus) - {OrderStatus.CONFIRMING}) > 0.01 * ORDERS
    assert Counter(order.stock for order in orders)[Stock.HELD] == statuses[OrderStatus.CREATED] == 36
    assert max(Counter(order.buyer_id for order in orders).values()) == ORDERS / REGULAR_EVERY
    assert sum(order.due_at is not None for order in orders) < 0.05 * ORDERS
    assert not [order for order in orders if order.due_at and order.due_at < clock.now()]
    age = [clock.now() - order.created_at for order in orders]
    assert max(age) > timedelta(days=3 * 365 - 2)
    assert timedelta() < min(age) < timedelta(minutes=5)
    waiting = (await books.exec(select(Issue).where(col(Issue.resolved_at).is_(None)))).all()
    assert 1 < len(waiting) < 20


async def test_its_ids_are_what_ids_look_like_and_those_of_orders_sort_by_time(books: Session) -> None:
    orders = (await books.exec(select(Order).order_by(col(Order.id)))).all()
    assert [order.created_at for order in orders] == sorted(order.created_at for order in orders)
    for order in orders:
        assert ULID.from_str(order.id).datetime == order.created_at.replace(
            microsecond=order.created_at.microsecond // 1000 * 1000
        )
    for table, prefix in ((GatewayOrder, "order"), (Payment, "pay")):
        assert all(ids.is_valid(key, prefix) for key in (await books.exec(select(table.id))).all())
    assert all(ids.is_valid(str(key), "rfnd") for key in (await books.exec(select(Refund.gateway_refund_id))).all())


async def test_every_orders_record_can_be_read(books: Session) -> None:
    told: Counter[str] = Counter()
    for order in (await books.exec(select(Order).limit(600))).all():
        record = await gather(books, order)
        assert sum(line.amount for line in record.lines) == order.amount
        assert sum(line.tax for line in record.lines) == order.tax
        told.update(entry.kind for entry in record.timeline(Reader.BUYER) if entry.message)
    everything = {"created", "paid", "payment_failed", "expired", "cancelled", "returning", "refund", "attention"}
    assert everything | {"refunded", "partially_refunded", "restocked"} <= set(told)


async def test_every_payment_was_told_of_by_a_webhook_that_is_handled(books: Session) -> None:
    events = (await books.exec(select(WebhookEvent))).all()
    payments = set((await books.exec(select(Payment.id))).all())
    assert {Envelope.model_validate_json(event.body).payment_id for event in events} == payments
    assert all(hashlib.sha256(event.body.encode()).hexdigest() == event.digest for event in events)
    assert all(event.handled_at and event.due_at is None for event in events)


def _shape(record: Record) -> str:
    """Return the fields of an entity, in their order, with what it hides and what is in them in turn."""

    def fields(value: Any) -> Any:
        return {name: fields(inner) for name, inner in value.items()} if isinstance(value, dict) else None

    return json.dumps([fields(record.entity), fields(record.hidden), record.parent is None, record.receipt is None])


@pytest.fixture
async def another(tmp_path: Path) -> AsyncIterator[tuple[Store, httpx.AsyncClient]]:
    """A gateway of which everything was asked by its API: its store and a client with the shop's key."""
    config = SandboxConfig(data=tmp_path, keys=(KeyPair(KEY_ID, KEY_SECRET),), webhook_secret=WEBHOOK_SECRET)
    sandbox = Sandbox(config)
    transport, auth = httpx.ASGITransport(sandbox.app), httpx.BasicAuth(KEY_ID, KEY_SECRET)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", auth=auth) as client:
        yield sandbox.gateway.store, client
    sandbox.gateway.store.close()


@pytest.mark.parametrize("method", ["card", "upi", "netbanking"])
async def test_the_gateway_has_what_it_would_have_written_itself(
    filled: Inside, another: tuple[Store, httpx.AsyncClient], method: str
) -> None:
    store, client = another
    body = {"amount": 50_000, "currency": "INR", "receipt": "R", "notes": {"order_id": "R", "quote": "Q"}}
    capture = {"capture": "automatic", "capture_options": {"automatic_expiry_period": 7200, "refund_speed": "normal"}}
    order = (await client.post("/v1/orders", json=body | {"payment": capture})).raise_for_status().json()
    pay = {"order_id": order["id"], "method": method}
    await client.post("/_test/pay", json=pay | {"outcome": "failure"})
    paid = (await client.post("/_test/pay", json=pay)).raise_for_status().json()["razorpay_payment_id"]
    refund = {"amount": 100, "receipt": "F", "notes": {"reason": "Sent back."}}
    (await client.post(f"/v1/payments/{paid}/refund", json=refund)).raise_for_status()
    bulk = filled.gateway.store
    failed, captured = store.everything("payment")
    of_method = [record for record in bulk.everything("payment") if record.entity["method"] == method]
    payments = {record.id for record in of_method}
    pairs = (
        (store.everything("order")[0], bulk.everything("order")[0]),
        (failed, next(record for record in of_method if record.entity["status"] == "failed")),
        (captured, next(record for record in of_method if record.entity["refund_status"] == "partial")),
        (store.everything("refund")[0], next(r for r in bulk.everything("refund") if r.parent in payments)),
    )
    for own, made in pairs:
        assert _shape(made) == _shape(own)
