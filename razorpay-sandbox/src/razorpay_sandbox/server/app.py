"""The ASGI application: what belongs to the API, the checkout, the test calls and the console."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from email.utils import formatdate

import structlog
from starlette.requests import Request
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from razorpay_sandbox import checkout, console
from razorpay_sandbox.api import front, routing
from razorpay_sandbox.core.errors import GatewayError, server_trouble
from razorpay_sandbox.server import call_log, fault_middleware
from razorpay_sandbox.server.guard import Guard
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.test_api import routes

_log = structlog.stdlib.get_logger(__name__)

Running = Callable[[], AbstractAsyncContextManager[None]]


def inner_path(scope: Scope) -> str:
    """Return the path below the mount point, without a slash at its end: both spellings are served, none redirected."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).rstrip("/") or "/"


def _is_private(path: str) -> bool:
    """Say whether a path is the sandbox's own; those have no faults."""
    return path == "/" or path.startswith(("/_test/", "/console/"))


class SandboxApp:
    """Serves everything. Private pages are for those the guard lets in; every other unknown path is an API refusal."""

    def __init__(self, gateway: Gateway, running: Running) -> None:
        self._gateway = gateway
        self._running = running
        self._guard = Guard(gateway.config)
        self._public: list[Route] = checkout.routes(gateway)
        self._private: list[Route] = [*routes.routes(gateway), *console.routes(gateway)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            path = inner_path(scope)
            scope = {**scope, "path": scope.get("root_path", "") + path}
            await call_log.tell(path, self._serve_or_strike, scope, receive, send)

    async def _serve_or_strike(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = inner_path(scope)
        struck = [] if _is_private(path) else self._gateway.faults.strike(scope["method"], path)
        for rule in struck:
            _log.info("fault struck", kind=rule.kind, method=scope["method"], path=path)
        await fault_middleware.apply(struck, self._serve, scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = inner_path(scope)
        try:
            if routing.resolve(scope["method"], path) is None and await self._page(scope, receive, send):
                return
            response = await front.answer(self._gateway, Request(scope, receive), path)
        except GatewayError as error:
            response = front.refusal(error)
        except Exception:  # noqa: BLE001  # the outermost boundary: a client always gets the API's own 500
            _log.exception("call failed", method=scope["method"], path=path)
            response = front.refusal(server_trouble())
        response.headers["date"] = formatdate(self._gateway.clock.now(), usegmt=True)
        await response(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> bool:
        for route in (*self._public, *self._private):
            match, values = route.matches(scope)
            if match is Match.FULL:
                if route in self._private:
                    self._guard.check(Request(scope))
                await route.handle({**scope, **values}, receive, send)
                return True
        return False

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
