"""Files that somebody bought: who gets them, for as long as the money is the shop's, and so many times.

A line of an order gives the file that its product has now: who bought it before gets a better one too, by the same
link. Each time is an event of the order, which is counted; a bank that asks whether it was handed over can be told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import and_, bindparam, col, func, select

from checkout_app.auth.tokens import Identity
from checkout_app.catalog import files
from checkout_app.catalog.models import ProductFile
from checkout_app.core import database, signing
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import SHOP, Actor
from checkout_app.journal.models import Data, Event
from checkout_app.orders import looking, service
from checkout_app.orders.errors import DownloadsUsed, FileAway, FileClosed, FileNotFound, OrderNotFound
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import PAID, OrderEvent

MOST_DOWNLOADS: Final = 20
"""How often a line's file is handed over: on every device of a household, and not to a crowd."""
_LENGTH: Final = 32

_NEWEST: Final = (
    select(func.max(ProductFile.id))
    .where(col(ProductFile.product_id) == col(OrderLine.product_id))
    .correlate(OrderLine)
    .scalar_subquery()
)
_OF_ORDER: Final = Statement[tuple[str, ProductFile]](
    select(OrderLine.id, ProductFile)
    .join(ProductFile, and_(col(ProductFile.product_id) == col(OrderLine.product_id), col(ProductFile.id) == _NEWEST))
    .where(OrderLine.order_id == bindparam("order"))
    .order_by(col(OrderLine.position))
)


@dataclass(frozen=True, slots=True)
class Bought:
    """A file that a line of a paid order gives, and how many times more."""

    line_id: str
    file: ProductFile
    left: int


async def of_order(session: Session, order: Order, events: Sequence[Event]) -> Sequence[Bought]:
    """List the files that an order gives now; `events` are all of its own. None while it is not paid."""
    if not _is_paid(order, events):
        return ()
    found = await session.exec(_OF_ORDER, order=order.id)
    taken = [event.data["line_id"] for event in events if event.kind == OrderEvent.DOWNLOADED]
    return [Bought(line_id, file, max(MOST_DOWNLOADS - taken.count(line_id), 0)) for line_id, file in found]


async def look(order_id: str, line_id: str, buyer: Identity | None, key: str) -> ProductFile:
    """Return the file of a line for who may have it: the buyer, or whoever brings the key of its link.

    Raises OrderNotFound for everybody else, FileNotFound, FileClosed, DownloadsUsed and FileAway.
    """
    async with database.read() as session:
        order = await _find(session, order_id, line_id, buyer, key)
        return await _file_of(session, order, line_id)


async def take(order_id: str, line_id: str, buyer: Identity | None, key: str) -> ProductFile:
    """Hand the file of a line over once more; raises like `look`."""
    async with database.write() as session:
        await _find(session, order_id, line_id, buyer, key)
        [order] = await database.lock(session, Order, [order_id])
        file = await _file_of(session, order, line_id)
        told: Data = {"line_id": line_id, "file_id": file.id, "name": file.name, "by_link": buyer is None}
        await service.record(session, order, OrderEvent.DOWNLOADED, Actor.of(buyer) if buyer else SHOP, **told)
        return file


def link(order: Order, line_id: str) -> str:
    """Return the path of a line's file with the key that opens it, to be given to nobody but the buyer."""
    return f"{path(order, line_id)}?key={_signed(order, line_id, settings().link_secret)}"


def path(order: Order, line_id: str) -> str:
    """Return the path of a line's file, for its buyer."""
    return f"/api/orders/{order.id}/files/{line_id}"


async def _find(session: Session, order_id: str, line_id: str, buyer: Identity | None, key: str) -> Order:
    if buyer is not None:
        return await looking.get_order(session, order_id, buyer)
    order = await session.get(Order, order_id)
    if order is None or not _opens(order, line_id, key):
        raise OrderNotFound
    return order


async def _file_of(session: Session, order: Order, line_id: str) -> ProductFile:
    events = await service.timeline(session, order.id)
    if not _is_paid(order, events):
        raise FileClosed
    bought = await of_order(session, order, events)
    found = next((one for one in bought if one.line_id == line_id), None)
    if found is None:
        raise FileNotFound
    if not found.left:
        raise DownloadsUsed(f"It was downloaded {MOST_DOWNLOADS} times, as often as it can be. Write to the shop.")
    if not files.FOLDER.path_of(found.file.digest).is_file():
        raise FileAway
    return found.file


def _is_paid(order: Order, events: Iterable[Event]) -> bool:
    """Tell whether the shop has an order's money; of a test order that going live has closed there never was any."""
    return order.payment_status in PAID and all(event.kind != OrderEvent.TEST_CLOSED for event in events)


def _opens(order: Order, line_id: str, key: str) -> bool:
    """Tell whether a key opens a line's file. It ends when the buyer ends the links to the order."""
    return any(signing.same(_signed(order, line_id, secret), key) for secret in settings().link_secrets)


def _signed(order: Order, line_id: str, secret: str) -> str:
    key = signing.key_for(signing.Purpose.FILE_LINK, secret)
    what = f"{order.id} {line_id} {order.links_ended}"
    return f"{signing.id_of(key)}-{signing.sign(key, what.encode())[:_LENGTH]}"
