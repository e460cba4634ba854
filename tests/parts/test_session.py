"""What a session promises: rows that are themselves, changes written down together or not at all, no ceremony."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, Integer, bindparam, delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound
from sqlmodel import col, select

from checkout_app.catalog.models import Product, Variant
from checkout_app.core import clock, database, sqlite
from checkout_app.core.changes import Lost, Taken
from checkout_app.core.rounds import Round
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.payments.models import WebhookEvent
from tests.conftest import ON_BOTH
from tests.support.databases import blocking_engine
from tests.support.inside import put_on_shelf, row, rows, settings_for
from tests.support.statements import trips
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("inside")
on_postgresql = pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("everywhere", ["sqlite"], indirect=True)

_TAKE = Statement[None](
    update(Variant)
    .where(col(Variant.id) == bindparam("variant"), col(Variant.on_hand) >= bindparam("units", type_=Integer))
    .values(on_hand=col(Variant.on_hand) - bindparam("units", type_=Integer))
)


def _event(event_id: str) -> WebhookEvent:
    return WebhookEvent(id=event_id, event="payment.captured", body="{}", digest=event_id)


@ON_BOTH
async def test_a_row_is_the_same_object_however_it_is_found() -> None:
    product_id = await put_on_shelf(3)
    async with database.write() as session:
        variant = await session.get_one(Variant, product_id)
        variant.amount = 1
        [(_, found)] = (await session.exec(select(Product, Variant).join(Variant))).all()
        assert found is variant
        assert [locked is variant for locked in await database.lock(session, Variant, [product_id])] == [True]
    assert (await row(Variant, product_id)).amount == 1


async def test_a_row_holds_what_it_holds_and_its_table_names_the_columns() -> None:
    product_id = await put_on_shelf(3)
    held = await row(Variant, product_id)
    assert (held.amount, Variant.amount.key) == (vars(held)["amount"], "amount")  # type: ignore[attr-defined]
    del vars(held)["amount"]
    with pytest.raises(AttributeError, match="no amount"):
        _ = held.amount


@ON_BOTH
async def test_what_is_read_anew_is_what_the_database_has_by_then() -> None:
    product_id = await put_on_shelf(3)
    async with database.write() as session:
        variant = await session.get_one(Variant, product_id)
        await session.exec(update(Variant).values(amount=7))
        assert variant.amount == 48000
        await session.refresh(variant)
        assert variant.amount == 7


@ON_BOTH
async def test_a_value_that_is_forgotten_is_never_the_one_of_another_time() -> None:
    asked = Statement[Variant](select(Variant).where(col(Variant.sku) == bindparam("sku")))
    await put_on_shelf(3, slug="cups")
    async with database.read() as session:
        assert (await session.exec(asked, sku="cups")).one().on_hand == 3
        with pytest.raises(KeyError, match="sku"):
            await session.exec(asked)


@ON_BOTH
async def test_what_is_not_there_is_not_found() -> None:
    async with database.read() as session:
        assert await session.get(Variant, "nothing") is None
        with pytest.raises(NoResultFound):
            await session.get_one(Variant, "nothing")


@ON_BOTH
async def test_a_question_without_anything_to_look_for_finds_nothing() -> None:
    await put_on_shelf(3)
    async with database.write() as session:
        assert await database.lock(session, Variant, []) == []


@ON_BOTH
async def test_what_is_only_read_is_not_written_though_it_was_changed() -> None:
    product_id = await put_on_shelf(3)
    async with database.read() as session:
        (await session.get_one(Variant, product_id)).amount = 1
    assert (await row(Variant, product_id)).amount == 48000


@on_postgresql
async def test_however_much_is_changed_it_is_one_round_trip() -> None:
    product_id = await put_on_shelf(3)
    async with trips() as made, database.write() as session:
        session.add_all([_event("one"), _event("two")])
        session.change(Variant, _TAKE, variant=product_id, units=2)
        session.add_unless_known(Round(id="three", reached=clock.now()))
    assert len(made) == 1
    assert (len(await rows(WebhookEvent)), (await row(Variant, product_id)).on_hand) == (2, 1)
    async with trips() as made, database.write() as session:
        [variant] = await database.lock(session, Variant, [product_id])
        variant.amount = 5
        session.add(_event("four"))
    assert [statement.partition(" ")[0] for statement in made] == ["BEGIN", "SELECT", "WITH", "COMMIT"]


@ON_BOTH
async def test_a_change_that_finds_nothing_leaves_nothing_of_what_came_with_it() -> None:
    product_id = await put_on_shelf(3)

    async def take_too_much() -> None:
        async with database.write() as session:
            session.add(_event("one"))
            session.change(Variant, _TAKE, variant=product_id, units=4)

    with pytest.raises(Lost):
        await take_too_much()
    assert (await rows(WebhookEvent), (await row(Variant, product_id)).on_hand) == ([], 3)


@ON_BOTH
async def test_a_row_that_is_gone_can_not_be_changed() -> None:
    product_id = await put_on_shelf(3)

    async def change_what_is_gone() -> None:
        async with database.write() as session:
            variant = await session.get_one(Variant, product_id)
            await session.exec(delete(Variant))
            variant.amount = 1

    with pytest.raises(Lost):
        await change_what_is_gone()


@ON_BOTH
async def test_a_key_that_is_taken_leaves_nothing_of_what_came_with_it() -> None:
    async with database.write() as session:
        session.add(_event("one"))
    with pytest.raises(Taken):
        async with database.write() as session:
            session.add_all([_event("two"), _event("one")])
    assert [event.id for event in await rows(WebhookEvent)] == ["one"]


@ON_BOTH
async def test_a_rule_of_the_database_is_no_taken_key() -> None:
    product_id = await put_on_shelf(3)
    with pytest.raises(IntegrityError) as broken:
        async with database.write() as session:
            (await session.get_one(Variant, product_id)).held = 31337
    assert not isinstance(broken.value, Taken)
    assert "31337" not in str(broken.value), "values may be somebody's"


@ON_BOTH
async def test_a_row_that_is_there_already_is_left_as_it_is_and_the_rest_is_done() -> None:
    async with database.write() as session:
        session.add(_event("one"))
    async with database.write() as session:
        session.add_unless_known(WebhookEvent(id="one", event="other", body="{}", digest="other"))
        session.add(_event("two"))
    assert {event.id: event.event for event in await rows(WebhookEvent)} == dict.fromkeys(
        ("one", "two"), "payment.captured"
    )


@ON_BOTH
async def test_a_savepoint_undoes_what_came_in_it_in_the_rows_too() -> None:
    product_id = await put_on_shelf(3)
    async with database.write() as session:
        variant = await session.get_one(Variant, product_id)
        variant.amount = 1
        with suppress(Lost):
            async with session.savepoint():
                variant.amount = 2
                session.add(_event("one"))
                await session.flush()
                session.change(Variant, _TAKE, variant=product_id, units=4)
        assert variant.amount == 1
        session.add(_event("two"))
    assert ((await row(Variant, product_id)).amount, [event.id for event in await rows(WebhookEvent)]) == (1, ["two"])


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    """Another way to the same database."""
    made = blocking_engine(settings().database_url)
    yield made
    made.dispose()


def _connections(engine: Engine) -> int:
    with engine.connect() as connection:
        [(count,)] = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"  # and not the server's own, which tidies up when it likes
        ).all()
    return int(count)


def _end_connections(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@on_postgresql
@pytest.mark.parametrize("opened", [database.ask, database.read, database.write])
async def test_a_server_that_was_restarted_is_found_again_without_an_error(engine: Engine, opened: object) -> None:
    product_id = await put_on_shelf(3)
    _end_connections(engine)
    async with opened() as session:  # type: ignore[operator]
        assert (await session.get_one(Variant, product_id)).on_hand == 3


@on_postgresql
async def test_what_may_have_been_done_is_not_done_again(engine: Engine) -> None:
    await put_on_shelf(3)

    async def lose_the_server() -> None:
        async with database.write() as session:
            await session.exec(select(Variant))
            _end_connections(engine)
            session.add(_event("one"))

    with pytest.raises(DBAPIError):
        await lose_the_server()
    assert await rows(WebhookEvent) == []


@on_postgresql
async def test_no_more_connections_are_opened_than_there_is_room_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.dispose()
    with settings_for(monkeypatch, DATABASE_POOL="3"):
        await asyncio.gather(*(put_on_shelf(1, slug=f"cups-{number}") for number in range(12)))
        until(lambda: _connections(engine) <= 3, "those of before to be closed")
        await asyncio.gather(*(put_on_shelf(1, slug=f"more-{number}") for number in range(12)))
        assert _connections(engine) == 3
        await database.dispose()


@ON_BOTH
async def test_who_is_given_up_while_writing_leaves_no_trace_and_holds_up_nobody() -> None:
    begun = asyncio.Event()

    async def write_for_ever() -> None:
        async with database.write() as session:
            await database.insert_new(session, _event("one"))
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_for_ever())
    await begun.wait()
    waiting = asyncio.create_task(put_on_shelf(1))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await waiting
    assert (await rows(WebhookEvent), len(await rows(Variant))) == ([], 1)


@on_sqlite
async def test_writers_wait_for_another_process_and_for_nothing_else(tmp_path: Path) -> None:
    assert tmp_path
    other = sqlite3.connect(str(settings().database_url.removeprefix("sqlite:///")), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(put_on_shelf(1))
    await asyncio.sleep(3 * sqlite._PAUSE)  # noqa: SLF001
    assert (waiting.done(), await rows(Variant)) == (False, [])
    other.execute("COMMIT")
    other.close()
    await waiting
    assert len(await rows(Variant)) == 1


@on_sqlite
async def test_an_endless_reader_lets_others_go_on() -> None:
    done = False

    async def write() -> None:
        nonlocal done
        await put_on_shelf(1)
        done = True

    task = asyncio.create_task(write())
    while not done:
        assert len(await rows(Variant)) <= 1
    await task
