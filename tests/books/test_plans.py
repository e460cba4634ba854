"""What the shop asks of its books costs no more when it has sold much: nothing that grows is read whole.

A day is lived in a shop with many orders, and the database asked how it means to answer each statement of that day.
What looks at everything on purpose, once a day or when an operator asks, is no part of it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, Index
from sqlmodel import SQLModel

from tests.conftest import new_database
from tests.support.bulk import fill_shop
from tests.support.databases import blocking_engine, empty_sqlite
from tests.support.day import live_a_day
from tests.support.inside import running_inside
from tests.support.plans import STAYS_SMALL, Plans
from tests.support.statements import Asked, asking

SHOPS = [
    pytest.param((kind, orders), id=f"{kind}-{orders}", marks=[pytest.mark.nightly] if orders > 20_000 else [])
    for orders in (20_000, 1_000_000)
    for kind in ("sqlite", "postgresql")
]
STOOD_IN_FOR = frozenset(
    {
        *("ix_events_id_audited", "ix_issues_id_open", "ix_orders_buyer_id_id"),
        *(
            "ix_orders_id_refunded",
            "ix_orders_expires_at_unpaid",
            "ix_orders_buyer_id_unpaid",
            "ix_orders_ordered_from_unpaid",
        ),
    }
)
"""Indexes without which another one finds the same few rows, and has to sort or to sift them."""
INDEXES = [
    index
    for table in SQLModel.metadata.sorted_tables
    for index in sorted(table.indexes, key=lambda index: str(index.name))
    if not index.unique and table.name not in STAYS_SMALL and index.name not in STOOD_IN_FOR
]

_THE_REST = (
    (
        "INSERT INTO carts (created_at, id, user_id, version, updated_at)"
        " SELECT created_at, id, id, 1, created_at FROM users"
    ),
    (
        "INSERT INTO carts (created_at, id, browser, version, updated_at)"
        " SELECT created_at, 'B' || substr(id, 2), id, 1, created_at FROM users"
    ),
    (
        "INSERT INTO cart_lines (created_at, id, cart_id, variant_id, quantity, unit_amount, merged)"
        " SELECT created_at, id, id, (SELECT min(id) FROM variants), 1, 100, 0 FROM carts"
    ),
    "INSERT INTO addresses (created_at, id, user_id, address) SELECT created_at, id, id, '{}' FROM users",
    (
        "INSERT INTO coupons (created_at, code, kind, value, currency, minimum, starts_at, once, used)"
        " SELECT max(created_at), 'ANY', 'amount', 100, 'INR', 0, max(created_at), FALSE, 0 FROM orders"
    ),
    "INSERT INTO coupon_uses (created_at, id, coupon, order_id) SELECT created_at, id, 'ANY', id FROM orders",
    (
        "INSERT INTO quotes (created_at, id, asker, wanted, figures, currency, expires_at)"
        " SELECT created_at, id, buyer_id, '{}', '{}', 'INR', expires_at FROM orders"
    ),
    "UPDATE orders SET quote_id = id WHERE substr(number, 9, 1) = '7'",
    (
        "INSERT INTO refund_parts (created_at, id, refund_id, line_id, units, amount)"
        " SELECT refunds.created_at, refunds.id, refunds.id, order_lines.id, 0, 0"
        " FROM refunds JOIN order_lines ON order_lines.order_id = refunds.order_id AND position = 1"
    ),
    (
        "INSERT INTO shipments (created_at, id, order_id, came_back, carrier, tracking, restock, request_key,"
        " request_digest) SELECT created_at, id, id, FALSE, 'India Post', '', FALSE, 'key', '' FROM orders"
    ),
    (
        "INSERT INTO shipment_lines (created_at, id, shipment_id, line_id, units)"
        " SELECT created_at, id, order_id, id, quantity FROM order_lines"
    ),
)


@dataclass(frozen=True)
class Grown:
    """A shop with many orders, and what a day asks of it."""

    engine: Engine
    asked: Asked

    def read_whole(self, without: Index | None = None) -> list[str]:
        """Tell which statements would read something whole, perhaps after the loss of an index."""
        with self.engine.connect() as connection, connection.begin_nested() as attempt:
            plans = Plans(connection)
            if without is not None:
                without.drop(connection)
            found = [
                f"{how}: {statement}"
                for statement, parameters in self.asked.items()
                for how in plans.read_whole(statement, parameters)
            ]
            attempt.rollback()
        return found


@pytest.fixture(scope="module", params=SHOPS)
async def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grown]:
    kind, orders = request.param
    folder = tmp_path_factory.mktemp("grown")
    url = new_database(kind, request, folder)
    async with running_inside(folder, url) as inside:
        fill_shop(url, orders)
        engine = blocking_engine(url)
        _fill_the_rest(engine)
        with asking() as asked:
            await live_a_day(inside)
        yield Grown(engine, asked)
        engine.dispose()


def _fill_the_rest(engine: Engine) -> None:
    """Fill what would be empty: every payment is followed and told of, everybody has a cart and an address.

    Every order has had a coupon and went in a parcel, some were placed by a quote of many, each refund is of a line.
    """
    with engine.begin() as connection:
        for statement in _THE_REST:
            connection.exec_driver_sql(statement)
        for table in (
            *("carts", "cart_lines", "addresses", "coupon_uses", "quotes", "orders", "refund_parts"),
            *("shipments", "shipment_lines"),
        ):
            connection.exec_driver_sql(f"ANALYZE {table}")
        connection.exec_driver_sql(
            "INSERT INTO mails (created_at, id, event_id, kind, email, attempts, sent_at, failure)"
            " SELECT created_at, id, id, 'receipt', id || '@example.in', 1, created_at, '' FROM events"
            " WHERE kind = 'paid'"
        )
        connection.exec_driver_sql("ANALYZE mails")
        connection.exec_driver_sql(
            "INSERT INTO follow_ups (created_at, id, event_id, follower, attempts, done_at)"
            " SELECT created_at, id, id, 'mail', 1, created_at FROM events WHERE kind = 'paid'"
        )
        connection.exec_driver_sql("ANALYZE follow_ups")


def test_nothing_that_grows_is_read_whole(grown: Grown) -> None:
    assert len(grown.asked) > 90
    assert grown.read_whole() == []


def test_nor_is_it_by_an_sqlite_that_has_never_counted_its_rows(grown: Grown, tmp_path: Path) -> None:
    if grown.engine.dialect.name != "sqlite":
        return  # PostgreSQL does so by itself
    with grown.engine.connect() as connection:
        connection.exec_driver_sql(f"VACUUM INTO '{tmp_path / 'shop.db'}'")
    engine = blocking_engine(empty_sqlite(tmp_path))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE sqlite_stat1")
    engine.dispose()  # what it knew of its rows is forgotten with the connection
    assert Grown(engine, grown.asked).read_whole() == []
    engine.dispose()


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_control_without_any_one_index_something_is(grown: Grown, index: Index) -> None:
    assert grown.read_whole(without=index)
