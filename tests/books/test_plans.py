"""What the shop asks of its books costs no more when it has sold much: nothing that grows is read whole.

A day is lived in a shop with many orders, every page of its back office opened, and the database asked how it means to
answer each statement of that. What looks at everything on purpose, once a day or when somebody asks, is no part of it.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, Index
from sqlmodel import SQLModel

from checkout_app.delivery import zones
from checkout_app.journal.actors import OPERATOR
from checkout_app.merchant.orders.chosen import MOST_CHOSEN
from checkout_app.seller.policies import service as policies
from tests.conftest import new_database
from tests.support.bulk import fill_shop
from tests.support.bulk_plan import PRODUCTS
from tests.support.bulk_rest import fill_the_rest
from tests.support.databases import blocking_engine, empty_sqlite
from tests.support.day import live_a_day
from tests.support.inside import running_inside
from tests.support.office import addresses, opened
from tests.support.plans import STAYS_SMALL, Plans
from tests.support.statements import Asked, asking
from tests.support.zones import HOME

MANY = 20_000
SHOPS = [
    pytest.param((kind, orders), id=f"{kind}-{orders}", marks=[pytest.mark.nightly] if orders > MANY else [])
    for orders in (MANY, 1_000_000)
    for kind in ("sqlite", "postgresql")
]
STOOD_IN_FOR = frozenset(
    {
        *("ix_events_id_audited", "ix_issues_id_open", "ix_orders_buyer_id_id"),
        *(
            "ix_orders_id_refunded",
            "ix_orders_expires_at_unpaid",
            "ix_orders_buyer_id_unpaid",
            "ix_orders_ordered_from",
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

_DOCTORS = "/merchant/shop/live"
"""The page on which the doctor looks at everything on purpose."""
_SOME = 10
"""How many orders are chosen in a shop in which PostgreSQL would read all parts of refunds for those of 50 payments."""
LARGEST: Mapping[str, int] = {
    "/merchant": 16,
    "/merchant/orders?view=all": 24,
    "/merchant/orders/{order_id}": 12,
    "/merchant/orders/together?ids={order_id}": 20,
    "/merchant/orders/slips?ids={order_id}": 16,
    "/merchant/orders/labels?ids={order_id}": 12,
    "/merchant/needs": 16,
    "/merchant/needs/webhooks": 16,
    "/merchant/needs/webhooks?payment={payment_id}": 4,
    "/merchant/needs/webhooks/{webhook_id}": 8,
    "/merchant/products": 28,
    "/merchant/products/new": 4,
    "/merchant/products/import": 4,
    "/merchant/products/{product_id}": 8,
    "/merchant/categories": 4,
    "/merchant/coupons": 28,
    "/merchant/delivery": 4,
    "/merchant/delivery/new": 4,
    "/merchant/delivery/{zone_id}": 4,
    "/merchant/shop": 4,
    "/merchant/shop/live": 16,
    "/merchant/shop/policies": 4,
    "/merchant/shop/policies/privacy": 8,
    "/merchant/shop/complaints": 28,
    "/merchant/people": 8,
    "/merchant/audit?group=money": 28,
}
"""Kilobytes that a page of the back office tells at most: lists a page of theirs, and others of 50 chosen orders."""


@dataclass(frozen=True)
class Grown:
    """A shop with many orders, and what a day asks of it; what the pages of its back office ask, and tell in bytes."""

    engine: Engine
    asked: Asked
    by_office: Asked
    told: Mapping[str, int]

    def read_whole(self, asked: Asked, without: Index | None = None) -> list[str]:
        """Tell which statements would read something whole, perhaps after the loss of an index."""
        with self.engine.connect() as connection, connection.begin_nested() as attempt:
            plans = Plans(connection)
            if without is not None:
                without.drop(connection)
            found = [
                f"{how}: {statement}"
                for statement, parameters in asked.items()
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
        fill_shop(url, orders, products=5_000 if orders > MANY else PRODUCTS)
        engine = blocking_engine(url)
        fill_the_rest(engine)
        with asking() as asked:
            await live_a_day(inside)
        await zones.put(HOME)
        await policies.answer({}, OPERATOR)
        with asking() as by_office:
            for page, at in addresses(engine, _SOME if orders == MANY else MOST_CHOSEN).items():
                if page != _DOCTORS:
                    await opened(at)
        told = {page: len((await opened(at)).data) for page, at in addresses(engine, MOST_CHOSEN).items()}
        yield Grown(engine, asked, by_office, told)
        engine.dispose()


def test_nothing_that_grows_is_read_whole(grown: Grown) -> None:
    assert (len(grown.asked) > 90, len(grown.by_office) > 40) == (True, True)
    assert grown.read_whole({**grown.by_office, **grown.asked}) == []


def test_no_page_of_the_back_office_grows_with_the_shop(grown: Grown) -> None:
    assert set(LARGEST) == set(grown.told)
    assert {page: told for page, told in grown.told.items() if told > 1024 * LARGEST[page]} == {}


def test_nor_is_it_by_an_sqlite_that_has_never_counted_its_rows(grown: Grown, tmp_path: Path) -> None:
    if grown.engine.dialect.name != "sqlite":
        return  # PostgreSQL does so by itself
    with grown.engine.connect() as connection:
        connection.exec_driver_sql(f"VACUUM INTO '{tmp_path / 'shop.db'}'")
    engine = blocking_engine(empty_sqlite(tmp_path))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE sqlite_stat1")
    engine.dispose()  # what it knew of its rows is forgotten with the connection
    assert replace(grown, engine=engine).read_whole({**grown.by_office, **grown.asked}) == []
    engine.dispose()


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_control_without_any_one_index_something_is(grown: Grown, index: Index) -> None:
    assert grown.read_whole(grown.asked, without=index)
