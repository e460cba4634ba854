"""A shop with any number of orders, made by a few statements: three years in which people bought.

Every row is one that the shop itself writes. Most orders were paid and that was it, some of them after an attempt that
failed; a third has a second line. The others expired, were cancelled, paid twice or refunded; one in some hundreds is
disputed; a few dozen, the newest, are open while their units are held. `bulk_gateway` fills the gateway accordingly.
"""

import hashlib
import logging
import time
from typing import Any

from sqlalchemy import Connection, event, insert, text

from checkout_app.catalog.models import Product, Variant
from checkout_app.core import clock
from tests.support.bulk_money import Money
from tests.support.bulk_plan import GOODS, PRODUCTS, milliseconds, plan
from tests.support.bulk_rows import Sales
from tests.support.bulk_sql import POSTGRESQL, SQLITE
from tests.support.databases import blocking_engine

log = logging.getLogger(__name__)

TAX_RATES = (500, 1200, 1800, 0)


def fill_shop(database_url: str, orders: int, products: int = PRODUCTS) -> None:
    """Fill a migrated and empty database, which nobody has open, with so much, and let it count its rows."""
    engine, until = blocking_engine(database_url), clock.now()
    sql, now = SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL, milliseconds(until)
    if sql is SQLITE:
        event.listen(engine, "connect", _prepare)
    try:
        with engine.connect() as connection:
            _fill_shelves(connection, products)
            for statement in (GOODS, plan(sql, orders, products, until)):
                _run(connection, statement)
            for rows in (Sales(sql, orders, now), Money(sql, orders, now)):
                for statement in rows.statements():
                    _run(connection, statement)
            for statement in sql.at_the_end:
                _run(connection.execution_options(isolation_level="AUTOCOMMIT"), statement)
    finally:
        engine.dispose()


def _prepare(connection: Any, _record: object) -> None:
    """Let SQLite keep whole indexes in memory, wait for no disk, and know the digest that PostgreSQL knows."""
    for pragma in ("journal_mode = OFF", "cache_size = -1000000", "synchronous = OFF", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("sha256", 1, lambda given: hashlib.sha256(given.encode()).hexdigest())


def _fill_shelves(connection: Connection, number: int) -> None:
    products = [
        Product(
            slug=f"thing-{position}",
            position=position,
            name=f"Thing {position}",
            category=("Table", "Light", "Cloth", "Pantry")[position % 4],
            summary="One of many.",
            description="Clay.",
            image="thing.svg",
            image_alt="A thing.",
        )
        for position in range(number)
    ]
    variants = [
        Variant(
            product_id=product.id,
            position=position,
            sku=f"{product.slug}-{position}",
            amount=9_900 + product.position * 37 % 180 * 500 * position,
            tax_rate=TAX_RATES[product.position % len(TAX_RATES)],
            hsn="6912",
            on_hand=10_000,
        )
        for product in products
        for position in (1, 2)
    ]
    connection.execute(insert(Product), [product.model_dump() for product in products])
    connection.execute(insert(Variant), [variant.model_dump() for variant in variants])
    connection.commit()


def _run(connection: Connection, statement: str) -> None:
    began = time.monotonic()
    done = connection.execute(text(statement.replace(":", r"\:")))  # no colon in them names a parameter
    connection.commit()
    log.info("%8d rows, %5.1f s: %s", done.rowcount, time.monotonic() - began, " ".join(statement.split())[:40])
