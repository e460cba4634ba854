"""Time passes for a shop: everything it has written down happened that much longer ago.

Moving the shop's rows back is the same as moving its clock ahead, and needs no clock in the product that can be moved.
"""

from datetime import timedelta

from sqlalchemy import Column, DateTime, Engine, Table, func, text, update
from sqlmodel import SQLModel, col, select

from checkout_app.auth.models import User
from checkout_app.catalog.models import Product
from checkout_app.core import clock
from checkout_app.core.rounds import Round
from checkout_app.orders.models import Order
from checkout_app.payments.models import Refund, WebhookEvent
from tests.support.shops import Shop
from tests.support.waiting import until

ROOMS = (User, Product)  # importing them makes all tables known


def pass_time(engine: Engine, by: timedelta) -> None:
    """Let so much time pass; sessions of buyers do not age."""
    for table in SQLModel.metadata.sorted_tables:
        moments = [] if table.name in {"sessions", "users"} else _moments(table)
        if not moments:
            continue
        with engine.begin() as connection:  # one table at a time: two at once could lock each other out with the shop
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))
            connection.execute(update(table).values({column.name: _earlier(engine, column, by) for column in moments}))


def _moments(table: Table) -> list[Column[object]]:
    return [column for column in table.columns if isinstance(getattr(column.type, "impl", column.type), DateTime)]


def _earlier(engine: Engine, column: Column[object], by: timedelta) -> object:
    if engine.dialect.name == "postgresql":
        return column - by
    # SQLite keeps text with microseconds and calculates to the millisecond.
    return func.strftime("%Y-%m-%d %H:%M:%f000", column, f"-{by.total_seconds()} seconds")


def advance(shop: Shop, minutes: int) -> None:
    """Let time pass minute by minute, and let the shop do in each what is due in it."""
    for _ in range(minutes):
        pass_time(shop.engine, timedelta(minutes=1))
        until(lambda: _is_at_rest(shop), "the shop to do what is due")


def _is_at_rest(shop: Shop) -> bool:
    """Tell whether nothing is due and nothing at work; what was at work may have made something due."""
    return not _is_anything_due(shop) and not shop.busy and not _is_anything_due(shop)


def _is_anything_due(shop: Shop) -> bool:
    now = clock.now()
    queries = [select(table.due_at).where(col(table.due_at) <= now) for table in (Order, Refund, Round, WebhookEvent)]
    with shop.engine.begin() as connection:
        return any(connection.execute(query).first() for query in queries)
