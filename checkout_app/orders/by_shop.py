"""What the people of the shop do about an order that is somebody else's: note something, and give it up unpaid."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import bindparam, col, select

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Event, Subject
from checkout_app.orders import service
from checkout_app.orders.errors import OrderClosed, OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderEvent

LONGEST_NOTE: Final = 500
_NOTES: Final = Statement[Event](
    select(Event).where(
        Event.subject == Subject.ORDER,
        col(Event.subject_id).in_(bindparam("orders", expanding=True)),
        Event.kind == OrderEvent.NOTED,
    )
)


async def note(order_id: str, words: str, by: Actor) -> None:
    """Write something down about an order for the people of the shop; raises OrderNotFound, InvalidInput."""
    try:
        said = one_line(words, LONGEST_NOTE)
    except Unfit as unfit:
        raise InvalidInput({"note": f"Say it in at most {LONGEST_NOTE} ordinary characters."}) from unfit
    if not said:
        raise InvalidInput({"note": "Say what is to be remembered."})
    async with database.write() as session:
        order = await locked(session, order_id)
        await service.record(session, order, OrderEvent.NOTED, by, note=said)


async def forget_notes(session: Session, order_ids: Sequence[str]) -> None:
    """Forget what was noted about some orders; that something was stays."""
    for noted in await session.exec(_NOTES, orders=list(order_ids)) if order_ids else ():
        noted.data = {"note": ""}


async def cancel(order_id: str, by: Actor) -> None:
    """Give an unpaid order up; raises OrderNotFound, or OrderClosed once money may be on its way."""
    async with database.write() as session:
        order = await locked(session, order_id)
        if not await service.move(session, order, OrderEvent.CANCELLED, by, why="by_shop"):
            raise OrderClosed(order_id)
        await service.release_stock(session, order)


async def locked(session: Session, order_id: str) -> Order:
    """Return an order that nobody else moves until the transaction ends; raises OrderNotFound."""
    for order in await database.lock(session, Order, [order_id]):
        return order
    raise OrderNotFound
