"""`/metrics`: what this process counted and how the shop stands, for a Prometheus that asks now and then.

Each process tells what it counted by itself; how the shop stands, all of them tell alike.
"""

import hmac
from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_app.core import database
from checkout_app.core.metrics import REGISTRY
from checkout_app.core.settings import settings
from checkout_app.server import standing
from checkout_app.server.problems import problem

PATH: Final = "/metrics"
_PASSED_ON: Final = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")
"""What a proxy adds to a request: the proxy is on this machine, and who asks it is not."""
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_IN_USE = Gauge("shop_database_connections_in_use", "Connections of this process in use", registry=REGISTRY)
_IN_USE.set_function(database.in_use)


def tell_metrics(app: ASGIApp) -> ASGIApp:
    """Answer the one path; pass everything else on."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["path"] == PATH
        await (await _answer(Request(scope)) if asked else app)(scope, receive, send)

    return serve


async def _answer(request: Request) -> Response:
    if settings().metrics_token and not _has_token(request):
        return problem(401, "unauthorized", "This needs METRICS_TOKEN.", headers={"WWW-Authenticate": "Bearer"})
    if not settings().metrics_token and not _is_from_here(request):
        return problem(404, "not_found", "Not Found")
    if request.method not in {"GET", "HEAD"}:
        return problem(405, "method_not_allowed", "Method Not Allowed", headers={"Allow": "GET, HEAD"})
    text = generate_latest(REGISTRY) + await standing.tell()
    return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})


def _has_token(request: Request) -> bool:
    expected = f"Bearer {settings().metrics_token}".encode()
    return hmac.compare_digest(request.headers.get("authorization", "").encode(), expected)


def _is_from_here(request: Request) -> bool:
    """Tell whether somebody on this machine asks, and not a proxy on it for somebody else.

    A proxy gives itself away by what it adds, or by the name it was asked for.
    """
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        named = urlsplit(f"//{request.headers.get('host', '')}").hostname
        peer = ip_address(request.client.host)
    except ValueError:
        return False
    mapped = peer.ipv4_mapped if isinstance(peer, IPv6Address) else None
    return named in _HERE and (mapped or peer).is_loopback
