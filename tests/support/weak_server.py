"""The shop's server with some of its guards switched off: the control runs of the proofs.

A proof that still holds here proves nothing. `WITHOUT` in the environment names the guards.
"""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Integer
from sqlmodel import SQLModel, bindparam, col, select, update

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from checkout_app.auth.tokens import Identity
from checkout_app.cart import found
from checkout_app.cart.found import Found
from checkout_app.cart.models import Cart
from checkout_app.cart.owner import Owner
from checkout_app.catalog import stock
from checkout_app.catalog.errors import OutOfStock
from checkout_app.catalog.models import Variant
from checkout_app.core import database, ids
from checkout_app.core.session import Session
from checkout_app.core.sqlite import SqliteWire
from checkout_app.core.statements import Statement
from checkout_app.orders import coupons
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import gateway_orders, reconcile, refunded, refunds, settle, sweep, webhooks
from checkout_app.payments.gateway import client
from checkout_app.payments.gateway.entities import OrderEntity, RefundEntity
from checkout_app.payments.models import Payment, Refund, WebhookEvent
from checkout_app.pricing.models import Coupon
from tests.support import api_server

SLOWNESS = api_server.PAUSE + 0.05
"""Seconds between looking, acting and committing where nothing keeps others away.

Longer than the jobs' pause, so a round always falls into it: the race is run every time.
"""


def lock() -> None:
    """Read rows without locking them, act slowly and commit slowly; on SQLite, begin transactions out of turn."""

    async def read_only(session: Session, table: type[SQLModel], keys: Sequence[str]) -> list[SQLModel]:
        key = next(iter(table.__table__.primary_key))  # type: ignore[attr-defined]
        query = select(table).where(col(key).in_(keys)).order_by(key)
        rows = list((await session.exec(query)).all())
        await asyncio.sleep(SLOWNESS)
        return rows

    write, end = database.write, SqliteWire.end

    async def out_of_turn(wire: SqliteWire) -> sqlite3.Connection:
        wire._connection, wire._long = wire._pool.reader(), True  # noqa: SLF001 - who waits for the file does so in a thread
        if wire._begin:  # noqa: SLF001
            wire._connection.execute("BEGIN")  # noqa: SLF001
        return wire._connection  # noqa: SLF001

    async def commit_at_once(wire: SqliteWire, *, well: bool) -> None:
        if wire._begin and wire._connection is not None:  # noqa: SLF001
            end_it = wire._connection.commit if well else wire._connection.rollback  # noqa: SLF001
            end_it()
            wire._begin = None  # noqa: SLF001
        await end(wire, well=well)

    @asynccontextmanager
    async def write_slowly() -> AsyncIterator[Session]:
        async with write() as session:
            yield session
            await session.flush()
            await asyncio.sleep(SLOWNESS)

    unlocked = settle._ORDER_OF._statement._clone()  # type: ignore[attr-defined]  # noqa: SLF001
    unlocked._for_update_arg = None  # noqa: SLF001
    merge = settle._merge  # noqa: SLF001

    async def merge_slowly(*what: Any) -> Payment:
        await asyncio.sleep(SLOWNESS)
        return await merge(*what)

    settle._ORDER_OF = Statement(unlocked)  # noqa: SLF001
    settle._merge = merge_slowly  # type: ignore[assignment]  # noqa: SLF001
    Order.guarded = ()  # or the database would keep what is lost from being written
    database.lock = read_only  # type: ignore[assignment]
    database.write = write_slowly
    SqliteWire._connected = out_of_turn  # type: ignore[method-assign, assignment]  # noqa: SLF001
    SqliteWire.end = commit_at_once  # type: ignore[method-assign, assignment]


def hold() -> None:
    """Look how many are left, then write the sum: two buyers see the same last unit."""
    place, seen = orders.place, ContextVar[dict[str, int]]("seen")
    the_sum = Statement[None](
        update(Variant).where(col(Variant.id) == bindparam("variant")).values(held=bindparam("sum", type_=Integer))
    )

    async def look_then_place(
        order: Order,
        lines: Sequence[OrderLine],
        buyer: Identity,
        instead_of: Sequence[str] = (),
        coupon: Coupon | None = None,
    ) -> tuple[Order, bool]:
        async with database.read() as session:
            variants = [await session.get_one(Variant, line.variant_id) for line in lines]
        for variant, line in zip(variants, lines, strict=True):
            if variant.available is not None and variant.available < line.quantity:
                raise OutOfStock(variant.sku, variant.available)
        await asyncio.sleep(SLOWNESS)
        seen.set({variant.id: variant.held for variant in variants})
        return await place(order, lines, buyer, instead_of, coupon)

    def write_the_sum(session: Session, given: Mapping[str, int], wanted: Mapping[str, int]) -> None:
        del given  # nobody has two orders where this runs
        for variant_id, quantity in wanted.items():
            session.change(Variant, the_sum, variant=variant_id, sum=seen.get()[variant_id] + quantity)

    orders.place, stock.exchange = look_then_place, write_the_sum


def version() -> None:
    """Look what is in a cart, and change it slowly, whatever has become of it since."""
    find = found.find

    async def find_slowly(session: Session, owner: Owner) -> Found:
        carts = await find(session, owner)
        await asyncio.sleep(SLOWNESS)
        return carts

    Cart.guarded = ()
    found.find = find_slowly


def coupon() -> None:
    """Look whether a coupon is left, then take it slowly, whoever has taken it since."""
    place = orders.place

    async def place_slowly(*what: Any) -> tuple[Order, bool]:
        await asyncio.sleep(SLOWNESS)
        return await place(*what)

    orders.place = place_slowly  # type: ignore[assignment]
    coupons._TAKE = coupons._TAKE_AGAIN  # type: ignore[misc]  # noqa: SLF001


def lease() -> None:
    """Let every copy of a request open the order at the gateway, and the first not be done before the next arrives."""
    create = gateway_orders._create  # noqa: SLF001

    async def always(order_id: str) -> bool:
        return bool(order_id)

    async def create_slowly(order: Order, lines: Sequence[OrderLine]) -> OrderEntity:
        await asyncio.sleep(SLOWNESS)
        return await create(order, lines)

    gateway_orders._take_lease = always  # noqa: SLF001
    gateway_orders._create = create_slowly  # noqa: SLF001


def receipt() -> None:
    """Create an order at the gateway again without looking whether it is there."""

    async def nothing(order_id: str) -> list[OrderEntity]:
        del order_id
        return []

    gateway_orders._find_by_receipt = nothing  # noqa: SLF001


async def ask_under_a_new_key(refund: Refund) -> bool:
    """Ask the gateway for a refund as if it had never been asked before."""
    body = {"amount": refund.amount, "receipt": ids.new_id()}
    await refunded.record(
        refund.payment_id, [RefundEntity.read(await client.gateway().payment.refund(refund.payment_id, body))]
    )
    return True


def refund_key() -> None:
    """Ask for every refund under a new key, and look away from what the gateway says of the first one.

    Looking at it is a second guard: news of the first refund that comes before the repetition makes that needless.
    """

    async def adopt_nothing(payment_id: str) -> None:
        del payment_id

    refunds._ask = ask_under_a_new_key  # noqa: SLF001
    refunded.adopt = adopt_nothing


def unique() -> None:
    """Keep a repeated webhook as one more."""
    insert = database.insert_new

    async def insert_always(session: Session, row: SQLModel) -> bool:
        if isinstance(row, WebhookEvent):
            row.id = row.digest = ids.new_id()
        return await insert(session, row)

    database.insert_new = insert_always


def digest() -> None:
    """Tell webhooks apart by their ids alone, which nobody has signed."""
    insert = database.insert_new

    async def insert_under_any_id(session: Session, row: SQLModel) -> bool:
        if isinstance(row, WebhookEvent):
            row.digest = ids.new_id()
        return await insert(session, row)

    database.insert_new = insert_under_any_id


def signature() -> None:
    """Believe every webhook."""

    def believe(body: bytes, signature: str) -> None:
        """Believe it."""

    webhooks.check_signature = believe


def asking() -> None:
    """Wait to be told: ask the gateway about nothing by ourselves."""

    async def ask_nothing(order_id: str) -> None:
        del order_id

    async def find_nothing(since: datetime) -> int:
        del since
        return 0

    reconcile.check_order = ask_nothing
    sweep._sweep = find_nothing  # noqa: SLF001


GUARDS: Mapping[str, Callable[[], None]] = {
    guard.__name__: guard
    for guard in (lock, hold, version, coupon, lease, receipt, refund_key, unique, digest, signature, asking)
}

if __name__ == "__main__":
    for name in os.environ["WITHOUT"].split():
        GUARDS[name]()
    api_server.serve()
