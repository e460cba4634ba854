"""The database's own guarantees, on SQLite and PostgreSQL."""

import asyncio

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import func, select

from checkout_app.catalog.models import Variant
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.postgres import Postgres
from checkout_app.core.session import Session
from checkout_app.payments.models import WebhookEvent
from tests.conftest import ON_BOTH
from tests.support.inside import put_on_shelf
from tests.support.statements import reading

pytestmark = pytest.mark.usefixtures("inside")
on_postgresql = pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)


def _event(event_id: str, digest: str = "") -> WebhookEvent:
    return WebhookEvent(id=event_id, event="payment.captured", body="{}", digest=digest or event_id[:64])


async def _count() -> int:
    async with database.read() as session:
        return (await session.exec(select(func.count()).select_from(WebhookEvent))).one()


@ON_BOTH
async def test_of_twenty_inserts_of_one_key_at_once_exactly_one_is_new() -> None:
    async def insert() -> bool:
        async with database.write() as session:
            return await database.insert_new(session, _event("same"))

    news = await asyncio.gather(*[insert() for _ in range(20)])
    assert (sum(news), await _count()) == (1, 1)


@ON_BOTH
async def test_a_row_is_not_new_either_when_only_its_second_key_is_there() -> None:
    async with database.write() as session:
        assert await database.insert_new(session, _event("one", "digest"))
    async with database.write() as session:
        assert not await database.insert_new(session, _event("another", "digest"))
    assert await _count() == 1


@ON_BOTH
async def test_what_a_block_did_is_undone_when_it_raises() -> None:
    async def insert_and_fail() -> None:
        async with database.write() as session:
            await database.insert_new(session, _event("undone"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await insert_and_fail()
    assert await _count() == 0


async def _raise_the_price(product_id: str, *, locked: bool) -> None:
    async with database.write() as session:
        if locked:
            [variant] = await database.lock(session, Variant, [product_id])
        else:
            variant = await session.get_one(Variant, product_id)
        seen = variant.amount
        await asyncio.sleep(0)
        variant.amount = seen + 1


@ON_BOTH
async def test_a_lock_lets_no_update_get_lost() -> None:
    product_id = await put_on_shelf(1, amount=1000)
    await asyncio.gather(*[_raise_the_price(product_id, locked=True) for _ in range(20)])
    async with database.read() as session:
        assert (await session.get_one(Variant, product_id)).amount == 1020


@on_postgresql
async def test_control_without_the_lock_updates_get_lost() -> None:
    product_id = await put_on_shelf(1, amount=1000)
    await asyncio.gather(*[_raise_the_price(product_id, locked=False) for _ in range(20)])
    async with database.read() as session:
        assert (await session.get_one(Variant, product_id)).amount < 1020


@ON_BOTH
async def test_locked_rows_come_in_the_order_of_their_keys_and_unknown_ones_not_at_all() -> None:
    async with database.write() as session:
        for event_id in ("c", "a", "b"):
            await database.insert_new(session, _event(event_id))
    async with database.write() as session:
        rows = await database.lock(session, WebhookEvent, ["b", "unknown", "c", "a"])
    assert [row.id for row in rows] == ["a", "b", "c"]


@ON_BOTH
@pytest.mark.parametrize("text", ["nul \0 in it", "half \ud800 character"])
async def test_text_that_no_database_keeps_is_refused_as_input(text: str) -> None:
    with pytest.raises(InvalidInput):
        async with database.write() as session:
            await database.insert_new(session, _event(text))
    with pytest.raises(InvalidInput):
        async with database.read() as session:
            await session.get(WebhookEvent, text)
    assert await _count() == 0


@ON_BOTH
async def test_other_text_comes_back_as_it_was() -> None:
    text = "₹ नमस्ते \U0001f3fa \u2028"
    async with database.write() as session:
        await database.insert_new(session, _event(text))
    async with database.read() as session:
        assert (await session.get_one(WebhookEvent, text)).id == text


async def _stand(session: Session) -> tuple[int, int]:
    """Return what two statements, one after the other, say about one thing."""
    [first] = await session.exec(select(func.count()).select_from(WebhookEvent))
    async with database.write() as rival:
        await database.insert_new(rival, _event(f"event {first}"))
    [second] = await session.exec(select(func.count()).select_from(WebhookEvent))
    return first, second


@ON_BOTH
async def test_two_statements_of_one_reading_agree_whatever_is_written_between_them() -> None:
    async with database.read() as session:
        assert await _stand(session) == (0, 0)
    async with database.read() as session:
        assert await _stand(session) == (1, 1)


@on_postgresql
async def test_control_with_the_usual_isolation_of_postgresql_they_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Postgres, "reading", Postgres.writing)
    async with database.read() as session:
        assert await _stand(session) == (0, 1)


@on_postgresql
async def test_a_reading_can_write_nothing_on_postgresql() -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with database.read() as session:
            await database.insert_new(session, _event("written"))


@ON_BOTH
async def test_a_question_is_one_statement_with_no_transaction_around_it() -> None:
    with reading() as sent:
        async with database.ask() as session:
            assert (await session.exec(select(func.count()).select_from(WebhookEvent))).one() == 0
    assert len(sent) == 1


@ON_BOTH
async def test_a_question_has_no_second_statement() -> None:
    async with database.ask() as session:
        assert await session.get(WebhookEvent, "one") is None
        with pytest.raises(RuntimeError, match="several that must agree need read"):
            await session.get(WebhookEvent, "another")
