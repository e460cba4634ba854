"""Behind PgBouncer, which gives each transaction another connection: the same answers, and the same bounds."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, func, select, text

from checkout_app.auth import tokens
from checkout_app.auth.models import User
from checkout_app.auth.tokens import Claims
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database, postgres
from checkout_app.core.database import DatabaseAway
from checkout_app.orders.models import Order
from checkout_app.payments import settle
from tests.support.databases import empty_postgresql
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, running_inside, settings_for, violations
from tests.support.pgbouncer import PROGRAM, SERVERS, running_pgbouncer

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed: apt install pgbouncer")
_MANY = 5 * SERVERS


@pytest.fixture(scope="module")
def bounced(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database behind PgBouncer."""
    empty_postgresql(postgresql, "bounced")
    with running_pgbouncer(tmp_path_factory.mktemp("pgbouncer"), postgresql) as url:
        yield f"{url.removesuffix('postgres')}bounced"


@pytest.fixture(scope="module")
async def inside(bounced: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    """A shop on it, migrated through it."""
    async with running_inside(tmp_path_factory.mktemp("inside"), f"{bounced}?pgbouncer=true") as running:
        await running.clear()
        yield running


async def _signed_in() -> Claims:
    async with database.write() as session:
        return tokens.read(tokens.open_session(session, await session.get_one(User, BUYER.user_id)))


async def test_many_buyers_at_once_buy_through_few_connections(inside: Inside) -> None:
    product_id, buyer = await put_on_shelf(_MANY), await _signed_in()
    made = await asyncio.gather(*(checkout.create_order(buyer, [Item(product_id)], key=str(n)) for n in range(_MANY)))
    for order in made:
        history = History(inside, order.order.id, product_id, gateway_order_ids=[order.razorpay_order_id])
        await history.act(("attempt", 0, "success"))
    await asyncio.gather(*(settle.settle(payment["id"]) for payment in inside.entities("payment")))
    assert {order.status for order in await rows(Order)} == {"paid"}
    variant = await row(Variant, product_id)
    assert (variant.on_hand, variant.held) == (0, 0)
    assert await violations() == []


@pytest.mark.usefixtures("inside")
async def test_a_lock_and_a_statement_are_waited_for_no_longer_than_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 1)
    monkeypatch.setattr(postgres, "STATEMENT_SECONDS", 2)
    async with database.write() as holding:
        await holding.exec(text("LOCK TABLE orders"))
        with pytest.raises(OperationalError, match="lock timeout"):
            async with database.write() as waiting:
                await waiting.exec(text("LOCK TABLE orders"))
    with pytest.raises(OperationalError, match="statement timeout"):
        async with database.write() as session:
            await session.exec(select(func.pg_sleep(4)))


@pytest.mark.usefixtures("inside")
async def test_what_is_set_for_one_transaction_is_not_for_the_next() -> None:
    for _ in range(_MANY):
        async with database.write() as session:
            await session.exec(select(func.count()).select_from(Order))
    async with database.ask() as session:
        assert (await session.exec(select(func.current_setting("statement_timeout")))).one() == "0"


async def test_whoever_does_not_say_that_it_is_there_is_told_how_to(
    bounced: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask() -> None:
        with database.in_words(), database.blocking():
            pass

    with settings_for(monkeypatch, DATABASE_URL=bounced), pytest.raises(DatabaseAway, match="pgbouncer=true"):
        await asyncio.to_thread(ask)


@pytest.mark.usefixtures("inside")
async def test_control_with_prepared_statements_it_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = asyncpg.connect

    async def prepare(*given: object, **options: object) -> object:
        return await connect(*given, **{**options, "statement_cache_size": 100})

    monkeypatch.setattr(asyncpg, "connect", prepare)
    await database.dispose()

    async def ask(number: int) -> None:
        async with database.ask() as session:
            await session.exec(select(func.count()).select_from(Order).where(col(Order.amount) > number))

    async def ask_again_and_again() -> None:
        for _ in range(20):  # a busy machine may give each of them the connection that it had
            await asyncio.gather(*(ask(n % 3) for n in range(_MANY * 10)))

    with pytest.raises(Exception, match="prepared statement"):
        await ask_again_and_again()
    await database.dispose()
