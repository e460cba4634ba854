"""A shop of revision 0002, with orders in every place an order can be in, is the same shop afterwards."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import col, select

from checkout_app.catalog.models import Product, Variant
from checkout_app.core import database
from checkout_app.core.rounds import Round
from checkout_app.core.session import Session
from checkout_app.journal.models import Event, Issue
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import Reader
from checkout_app.payments.checks.rules import check_rules
from checkout_app.payments.models import Dispute, PaymentAllocation, Refund, WebhookEvent
from checkout_app.payments.record import Record, gather
from checkout_app.payments.refunds import reason_of
from tests.conftest import new_database
from tests.migrations.filling import EXPECTED, FILLED, fill
from tests.migrations.test_migrations import _alembic
from tests.support.inside import running_inside

OLD: dict[str, list[dict[str, Any]]] = json.loads(FILLED.read_text(encoding="utf-8"))
ORDERS: list[dict[str, Any]] = json.loads(EXPECTED.read_text(encoding="utf-8"))["orders"]
TWINS = {order["id"] for order in ORDERS if order["label"].startswith("twin")}

MOVED = {
    ("created", "The payment did not go through; it can be tried again."): "reopened",
    ("expired", "Its items were sold to others meanwhile."): "sold_out",
    ("expired", "A refund did not reach the buyer."): "return_failed",
    ("cancelled", "A refund did not reach the buyer."): "return_failed",
    ("refunded", "Everything that was paid has been sent back."): "returned",
    ("paid", "₹0.00 of the payment has been refunded."): "refund_failed",
}
"""Entries that have a kind of their own now."""
RENAMED = {"gateway": "sweep"}
"""Rows that have another key now."""
SAID_ANEW = (
    ("₹0.00 of the payment has been refunded.", "A refund did not reach the buyer."),
    ("The payment came after the hold ended.", "The payment came after the hold ended, and the items were sold to"),
    ("The buyer's bank disputes this payment: created.", "The buyer's bank disputes this payment."),
    ("The buyer's bank disputes this payment: under review.", "The bank is looking at what the shop sent about"),
    ("The buyer's bank disputes this payment: action required.", "The bank wants to know more about"),
    ("The buyer's bank disputes this payment: lost.", "The bank decided the dispute about this payment for the buyer."),
    ("An attempt to pay did not go through.", "An attempt to pay did not go through. The bank did not say why."),
    ("Made in the Razorpay dashboard.", "The bank's agreement lapsed before the money was taken."),
)
"""How old sentences begin, and how the ones begin that are said instead."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Session]:
    """A look at the books of such a shop after the migration."""
    folder = tmp_path_factory.mktemp("carried")
    url = new_database(request.param, request, folder)
    _alembic(url, folder, "upgrade", "0002")
    fill(url)
    async with running_inside(folder, url), database.read() as looking:
        yield looking


async def _record(session: Session, order_id: str) -> Record:
    return await gather(session, await session.get_one(Order, order_id))


def _is_said(now: str, before: str) -> bool:
    """Tell whether a sentence is the old one, or the one that is said instead of it."""
    return now == before or any(old in before and new in now for old, new in SAID_ANEW)


@pytest.mark.usefixtures("session")
async def test_the_books_are_right() -> None:
    assert await check_rules() == []


@pytest.mark.parametrize("expected", ORDERS, ids=lambda order: order["label"])
async def test_an_order_is_what_it_was(session: Session, expected: dict[str, Any]) -> None:
    record = await _record(session, expected["id"])
    order = record.order
    assert (order.status, order.amount, order.stock) == (expected["status"], expected["amount"], expected["stock"])
    assert record.waits == (expected["attention"] is not None)
    if order.id not in TWINS:
        assert order.number == expected["number"]
    lines = [
        {
            "product_id": line.product_id,
            "quantity": line.quantity,
            "unit_amount": line.unit_amount,
            "amount": line.amount,
            "gst_percent": line.gst_percent,
            "hsn": line.hsn,
        }
        for line in record.lines
    ]
    assert lines == expected["lines"]
    assert order.tax == sum(line.tax for line in record.lines)
    paid = [(row.id, row.purpose, row.amount_refunded) for row in record.payments]
    assert paid == [(row["id"], row["purpose"], row["amount_refunded"]) for row in expected["payments"]]
    refunds = [(row.id, row.status, row.amount, row.restock) for row in record.refunds]
    assert refunds == [(row["id"], row["status"], row["amount"], False) for row in expected["refunds"]]
    for now, before in zip(record.refunds, expected["refunds"], strict=True):
        assert _is_said(reason_of(now), before["reason"])


@pytest.mark.parametrize("expected", ORDERS, ids=lambda order: order["label"])
async def test_an_orders_timeline_tells_the_same(session: Session, expected: dict[str, Any]) -> None:
    told = (await _record(session, expected["id"])).timeline(Reader.OTHER)
    for now, (kind, message) in zip(told, expected["timeline"], strict=True):
        assert now.kind in {MOVED.get((kind, message), kind), "dispute"}
        assert _is_said(now.message, message), (now.message, message)


async def test_every_variant_has_what_its_product_had(session: Session) -> None:
    variants = {row.product_id: row for row in (await session.exec(select(Variant))).all()}
    for old in OLD["products"]:
        variant = variants.pop(old["id"])
        assert (variant.sku, variant.amount, variant.currency) == (old["slug"], old["amount"], old["currency"])
        assert (variant.tax_rate, variant.hsn) == (old["gst_percent"] * 100, old["hsn"])
        assert (variant.on_hand, variant.held) == (old["on_hand"], old["held"])
    assert variants == {}
    assert len((await session.exec(select(Product))).all()) == len(OLD["products"])


async def test_of_two_orders_with_one_number_the_later_has_another(session: Session) -> None:
    orders = (await session.exec(select(Order).order_by(col(Order.created_at)))).all()
    assert len({order.number for order in orders}) == len(orders)
    first, second = sorted((order for order in orders if order.id in TWINS), key=lambda order: order.created_at)
    assert first.number == next(order["number"] for order in ORDERS if order["id"] == first.id) != second.number


async def test_what_is_due_is_due_when_it_was(session: Session) -> None:
    tables: tuple[tuple[str, Any, str], ...] = (
        ("orders", Order, "check_at"),
        ("refunds", Refund, "try_at"),
        ("sweeps", Round, "next_at"),
    )
    for name, table, before in tables:
        now = {row.id: row.due_at for row in (await session.exec(select(table))).all()}
        assert {key: due and due.isoformat() for key, due in now.items()} == {
            RENAMED.get(row["id"], row["id"]): row[before] and row[before].replace("Z", "+00:00") for row in OLD[name]
        }


async def test_one_body_is_one_event_and_what_was_handled_is_not_due(session: Session) -> None:
    kept = {row.id: row for row in (await session.exec(select(WebhookEvent))).all()}
    assert len({row.digest for row in kept.values()}) == len(kept) == len(OLD["webhook_events"])
    for old in OLD["webhook_events"]:
        assert (kept[old["id"]].due_at is None) == (old["handled_at"] is not None)


async def test_events_name_what_can_be_told_from_the_rows(session: Session) -> None:
    events = (await session.exec(select(Event))).all()
    assert len(events) == len(OLD["order_events"])
    paid = {event.subject_id: event.data for event in events if event.kind == "paid"}
    for allocation in (await session.exec(select(PaymentAllocation))).all():
        assert paid[allocation.order_id]["payment_id"] == allocation.payment_id
    refunds = [event.data for event in events if event.kind == "refund"]
    told = [str(data["refund_id"]) for data in refunds if "refund_id" in data]
    assert len(told) == len(set(told)) == len(refunds)
    assert {event.actor for event in events} == {"buyer", "merchant", "gateway", "shop"}


async def test_issues_name_what_they_are_about_and_a_persons_words_are_kept(session: Session) -> None:
    issues = (await session.exec(select(Issue))).all()
    about = {issue.kind: issue.about for issue in issues}
    assert about["wrong_amount"].startswith("pay_")
    assert about["dispute"].startswith("disp_")
    assert len(about["refund_failed"]) == len(about["refund_refused"]) == 26
    decided = {row["words"] for row in OLD["order_events"] if row["kind"] == "decided"}
    assert {issue.note for issue in issues if issue.resolved_at} == decided
    assert [issue.detail for issue in issues if issue.kind == "other"], "a sentence that nobody knows is kept"


async def test_a_dispute_is_what_webhooks_told_of_it(session: Session) -> None:
    disputes = (await session.exec(select(Dispute))).all()
    assert disputes
    assert all(dispute.stage and dispute.id.startswith("disp_") for dispute in disputes)
