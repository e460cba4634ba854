"""A buyer's own orders over HTTP."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.guard import LinkKey
from checkout_app.auth.tokens import Claims, Identity
from checkout_app.buyer.bodies import FromRow, OrderBody, OrderSummary, body_of
from checkout_app.buyer.order.status import OrderStatusBody, order_status
from checkout_app.catalog.files import CHUNK, FOLDER, KINDS
from checkout_app.core import database, ids
from checkout_app.core.described import TOO_MANY, Answers
from checkout_app.core.head import ONLY_HEAD
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.fulfilment import parcels
from checkout_app.orders import files, links, listing, looking, service
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import Reader
from checkout_app.payments import service as payments
from checkout_app.payments.record import gather

router = APIRouter(prefix="/api/orders", tags=["orders"])

_OR_BY_LINK: Final[dict[str, Any]] = {"security": [{}]}
"""In the API's description: beside the token, what needs none."""
_A_FILE: Final[Answers] = {
    200: {"description": "The file.", "content": {kind.media_type: {} for kind in KINDS.values()}}
}
_Asking = Annotated[Identity | None, Depends(guard.link_holder)]
_ASK_SECONDS = 1.5
"""How long the gateway may take before the books answer alone: whoever waits for their money is told within two."""


class LinkBody(BaseModel):
    """The address at which whoever knows it sees an order, without signing in."""

    link: str


class OrderPage(FromRow):
    """Some orders, and the cursor of the next ones."""

    items: list[OrderSummary]
    next_cursor: str | None


@router.get("", **guard.open_to(Caller.SIGNED_IN))
async def list_orders(
    buyer: Annotated[Claims, Depends(guard.claims)],
    cursor: Annotated[str | None, Query(max_length=ids.ID_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> OrderPage:
    """List one's own orders, newest first."""
    return OrderPage.model_validate(await listing.list_orders(buyer, cursor=cursor, limit=limit))


@router.get("/{order_id}", **guard.open_to(Caller.LINK_HOLDER), openapi_extra=_OR_BY_LINK)
async def get_order(order_id: str, asking: _Asking, key: LinkKey = None) -> OrderBody:
    """Show one of one's own orders, or the one that a signed link's key opens."""
    async with database.read() as session:
        record = await gather(session, await _find(session, order_id, asking, key))
        bought = await files.of_order(session, record.order, record.events)
        sent = await parcels.of_order(session, order_id)
    return body_of(record, _reader(key), bought, sent)


@router.get("/{order_id}/status", **guard.open_to(Caller.LINK_HOLDER), openapi_extra=_OR_BY_LINK)
async def get_status(order_id: str, asking: _Asking, key: LinkKey = None) -> OrderStatusBody:
    """Say where an order's money is, asking the gateway first as long as that can change."""
    async with database.read() as session:
        order = await _find(session, order_id, asking, key)
        known = order_status(await gather(session, order), _reader(key))
    if known.final:
        return known
    asked = False
    with contextlib.suppress(TimeoutError):  # then the books say what they know
        async with asyncio.timeout(_ASK_SECONDS):
            asked = await payments.ask_gateway(order.id)
    async with database.read() as session:
        order = await session.get_one(Order, order.id)
        return order_status(await gather(session, order, asked=asked), _reader(key))


@router.post("/{order_id}/link", status_code=201, **guard.open_to(Caller.SIGNED_IN, TOO_MANY))
async def renew_link(order_id: str, buyer: Annotated[Identity, Depends(guard.signed_in)]) -> LinkBody:
    """End every link to one of one's own orders, those in mails too, and make a new one."""
    return LinkBody(link=settings().public_url + links.page(await service.end_links(order_id, buyer)))


@router.get(
    "/{order_id}/files/{line_id}",
    **guard.open_to(Caller.LINK_HOLDER, _A_FILE),
    openapi_extra=_OR_BY_LINK,
    response_class=StreamingResponse,
)
async def download(order_id: str, line_id: str, request: Request, asking: _Asking, key: LinkKey = None) -> Response:
    """Hand over the file of a line of a paid order, to its buyer or by the file's own link, so many times."""
    if request.scope.get(ONLY_HEAD):
        file = await files.look(order_id, line_id, asking, key or "")
    else:
        file = await files.take(order_id, line_id, asking, key or "")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Length": str(file.size),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if request.scope.get(ONLY_HEAD):
        return Response(media_type=file.media_type, headers=headers)
    return StreamingResponse(_content(FOLDER.path_of(file.digest)), media_type=file.media_type, headers=headers)


def _content(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            yield part


async def _find(session: Session, order_id: str, asking: Identity | None, key: str | None) -> Order:
    if asking is None:
        return await looking.get_order_by_link(session, order_id, key or "")
    return await looking.get_order(session, order_id, asking)


def _reader(key: str | None) -> Reader:
    return Reader.BUYER if key is None else Reader.OTHER
