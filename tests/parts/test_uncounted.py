"""A shop that has just opened asks a PostgreSQL that has not counted its rows, and nothing may cost more for that."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert, text
from sqlmodel import func, select

from benchmarks import shelf
from checkout_app.auth.models import Role, User
from checkout_app.catalog.service import WANTED
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentInfo
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.core.statements import POSTGRESQL, Statement
from checkout_app.orders import listing
from razorpay_sandbox.payments import attempts
from tests.support.databases import blocking_engine
from tests.support.inside import BUYER, Inside, put_on_shelf
from tests.support.shops import KEY_ID

_PAGES = 40
"""So many of its 8 KB are looked at for one of a hundred products; read once for each of them, it would be 400."""


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("inside")
def test_what_somebody_wants_is_looked_for_once() -> None:
    shelf.fill(settings().database_url)
    spelled, given = Statement[object](WANTED).written(POSTGRESQL).fill({"names": [shelf.id_of(7)]})
    values = ", ".join(f"'{value}'" for value in given)
    engine = blocking_engine(settings().database_url)
    with engine.connect() as connection:
        connection.execute(text("SET plan_cache_mode = force_generic_plan"))
        connection.exec_driver_sql(f"PREPARE wanted AS {spelled}".replace("%", "%%"))
        explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE wanted ({values})"
        [told] = connection.exec_driver_sql(explained).scalar_one()
    engine.dispose()
    assert told["Plan"]["Actual Rows"] == 1
    assert told["Plan"]["Shared Hit Blocks"] + told["Plan"]["Shared Read Blocks"] < _PAGES


_SALES = 10
"""More than the five for which PostgreSQL thinks anew about a statement before it settles on a plan."""
_BEFORE = 1_000
"""How many orders the same buyer has made and paid, and as many others have not paid."""
_ROWS = 60
"""So many are looked at for a sale, or for a page of a list, of all tables together."""
_AGAIN = (
    ("orders", "'id', 'O' || n, 'number', 'O' || n, 'idempotency_key', n"),
    ("order_lines", "'id', 'L' || n, 'order_id', 'O' || n"),
    ("gateway_orders", "'id', 'order_' || n, 'order_id', 'O' || n"),
    ("payments", "'id', 'pay_' || n, 'order_id', 'O' || n, 'gateway_order_id', 'order_' || n"),
    ("payment_allocations", "'order_id', 'O' || n, 'payment_id', 'pay_' || n"),
)
"""What of a row is another one's in each of a sale's tables."""
_UNPAID = (
    "'id', 'U' || n, 'number', 'U' || n, 'idempotency_key', n, 'buyer_id', 'OTHER', 'payment_status', 'unpaid', "
    "'ordered_from', 'there'"
)
"""What of an order is another one's that somebody else has not paid."""


@pytest.fixture
def books(inside: Inside) -> Iterator[Connection]:
    """The books of the shop, with somebody else in them, whose rows PostgreSQL does not count by itself meanwhile."""
    assert inside
    engine = blocking_engine(settings().database_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table, _ in _AGAIN:
            connection.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = false)"))
        connection.execute(insert(User).values(id="OTHER", email="ravi@example.in", role=Role.GUEST))
        yield connection
        for table, _ in _AGAIN:
            connection.execute(text(f"ALTER TABLE {table} RESET (autovacuum_enabled)"))
    engine.dispose()


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
@pytest.mark.parametrize("sold", [0, _BEFORE // 10, _BEFORE])
async def test_a_sale_looks_at_a_few_rows_however_many_there_were_when_it_was_thought_about(
    inside: Inside, books: Connection, sold: int
) -> None:
    product_id = await put_on_shelf(1 + 2 * _SALES)
    await _sell(inside, product_id)
    _copy(books, 1, sold)
    await database.dispose()  # and with the connection goes what was thought
    for _ in range(_SALES):
        await _sell(inside, product_id)
    _copy(books, sold + 1, _BEFORE)
    before = await _looked_at(books)
    for _ in range(_SALES):
        await _sell(inside, product_id)
    assert (await _looked_at(books) - before) / _SALES < _ROWS


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
async def test_a_page_of_orders_looks_at_a_few_rows_of_a_buyers_many(inside: Inside, books: Connection) -> None:
    await _sell(inside, await put_on_shelf(1))
    _copy(books, 1, _BEFORE)
    before = await _looked_at(books)
    for _ in range(_SALES):
        assert len((await listing.list_orders(BUYER)).items) == 20
    assert (await _looked_at(books) - before) / _SALES < _ROWS


def _copy(books: Connection, first: int, last: int) -> None:
    """Write a sale down again and again, and as many orders that nobody has paid."""
    for table, other in (*_AGAIN, ("orders", _UNPAID)):
        row = f"jsonb_populate_record(NULL::{table}, to_jsonb(it) || jsonb_build_object({other}))"
        copies = f"SELECT ({row}).* FROM (SELECT * FROM {table} LIMIT 1) it, generate_series({first}, {last}) n"  # noqa: S608 - our names
        books.execute(text(f"INSERT INTO {table} {copies}"))


async def _sell(inside: Inside, product_id: str) -> None:
    made = await checkout.create_order(BUYER, [Item(product_id)], address="203.0.113.7")
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    told = attempts.conclude(inside.gateway, attempt["id"], "success")
    info = PaymentInfo(made.razorpay_order_id, attempt["id"], told["razorpay_signature"])
    assert (await checkout.verify_payment(BUYER, info)).order.status == "paid"


async def _looked_at(books: Connection) -> int:
    """Count the rows that were ever looked at, by the shop's connection too, which is told to say so."""
    async with database.ask() as session:
        await session.exec(select(func.pg_stat_force_next_flush()))
    books.execute(text("SELECT pg_stat_force_next_flush()"))
    return int(books.execute(text("SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_user_tables")).scalar_one())
