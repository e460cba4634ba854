"""A page's events over plain HTTP, for networks that let no websocket through.

What is posted is one event, as the websocket would carry it. What comes back is what comes of it, a line each, as soon
as it comes and until all of it is done. So a page does everything without a websocket that it does with one. Unlike
with the requests that a websocket falls back to by itself, nothing is kept between two of them: any process of the shop
may answer the next one, each brings the cookies of its moment, and a tab that waits for nothing holds no connection.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from reflex import App
from reflex.state import StateUpdate
from reflex_base.constants import RouteVar, SocketEvent
from reflex_base.environment import auto_reload_cooldown, environment
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.event.processor.future import EventFuture
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_query_params, json_dumps

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.core.errors import InvalidInput
from checkout_app.server.page_loads import OPENING

router = APIRouter(prefix="/api", include_in_schema=False, **guard.open_to(Caller.ANYBODY))

_SILENCE: Final = 15.0
"""Seconds after which an empty line is sent: what stands between would take a longer silence for an end."""


class EventBody(BaseModel):
    """An event as a page sends it."""

    name: Annotated[str, Field(max_length=200)]
    payload: dict[str, Any] = {}
    router_data: dict[str, Any] = {}


class Posted(BaseModel):
    """An event, the tab that it happened in, and with the first one the state that the tab's pages were built with."""

    token: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
    event: EventBody
    state_schema: str | None = None


@router.post("/events")
async def take_event(body: Posted, request: Request) -> Response:
    """Carry out an event and answer with what comes of it, one `[name, data]` a line."""
    guard.require_own_page(request)
    if len(await request.body()) > environment.REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE.get():  # much of it is kept
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if body.event.name not in RegistrationContext.get().event_handlers:
        raise InvalidInput({"name": "There is no such event."})
    shop: App = request.app.state.shop
    told: asyncio.Queue[bytes | None] = asyncio.Queue()
    if body.state_schema is not None and (mismatch := _mismatch(shop, body.state_schema)):
        told.put_nowait(_line(SocketEvent.STATE_MISMATCH, mismatch))
    future = await _enqueue(shop, body, request, told)
    lines = _lines(shop, future, told, ends_with_tab=body.event.name in OPENING)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}  # a proxy passes each line on as it comes
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


async def _enqueue(shop: App, body: Posted, request: Request, told: asyncio.Queue[bytes | None]) -> EventFuture:
    """Hand an event to Reflex; what comes of it for the browser is put into `told`."""

    async def tell_changes(token: str, delta: Mapping[str, Mapping[str, Any]]) -> None:  # noqa: ARG001 - this tab's
        told.put_nowait(_line(SocketEvent.EVENT, StateUpdate(delta=delta)))

    async def tell_events(token: str, *events: Event) -> None:  # noqa: ARG001 - this tab's
        told.put_nowait(_line(SocketEvent.EVENT, StateUpdate(events=list(events))))

    root = shop.event_processor._root_context  # noqa: SLF001 - where Reflex keeps what all its events share
    if root is None:
        raise RuntimeError("Reflex takes no events yet.")
    context = EventContext(
        token=body.token,
        state_manager=root.state_manager,
        enqueue_impl=root.enqueue_impl,
        emit_delta_impl=tell_changes,
        emit_event_impl=tell_events,
    )
    event = Event(name=body.event.name, payload=body.event.payload, router_data=_router_data(shop, body, request))
    return await shop.event_processor.enqueue(body.token, event, context)


def _router_data(shop: App, body: Posted, request: Request) -> dict[str, Any]:
    """Say where a tab is and who asks, as Reflex says it of a websocket."""
    given = body.event.router_data
    path = shop.router(str(given.get(RouteVar.PATH, ""))) or "404"
    connection = shop.event_namespace._build_static_router_data("", {"asgi.scope": request.scope})  # type: ignore[union-attr]  # noqa: SLF001
    return {
        **given,
        **connection,
        RouteVar.QUERY: format_query_params(given),
        RouteVar.CLIENT_TOKEN: body.token,
        RouteVar.PATH: f"/{path.removeprefix('/')}",
    }


async def _lines(
    shop: App, future: EventFuture, told: asyncio.Queue[bytes | None], *, ends_with_tab: bool
) -> AsyncIterator[bytes]:
    """Pass on what is told until all is done that an event set off."""
    ending = asyncio.create_task(_end(shop, future, told))
    try:
        while True:
            try:
                line = await asyncio.wait_for(told.get(), _SILENCE)
            except TimeoutError:
                line = b"\n"
            if line is None:
                return
            yield line
    finally:
        ending.cancel()
        if ends_with_tab and not future.all_done():
            future.cancel()


async def _end(shop: App, future: EventFuture, told: asyncio.Queue[bytes | None]) -> None:
    """Put an end to what is told as soon as an event is over with what it set off, well or not."""
    try:
        await asyncio.gather(future.wait_all(), return_exceptions=True)  # what went wrong is told of below
        if excuse := shop.event_processor._tasks.get(future.txid):  # noqa: SLF001 - tells the visitor what went wrong
            await asyncio.wait([excuse])
    finally:
        told.put_nowait(None)


def _mismatch(shop: App, built_with: str) -> Mapping[str, Any] | None:
    """Say of a page that was built for another version what Reflex says of it; None of one that was not."""
    if shop._state is None or built_with == (ours := shop._state._to_frontend_schema()):  # noqa: SLF001
        return None
    return {"backend": ours, "reload_cooldown_ms": auto_reload_cooldown() // timedelta(milliseconds=1)}


def _line(name: str, data: Any) -> bytes:
    return f"{json_dumps([name, data])}\n".encode()
