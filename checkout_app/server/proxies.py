"""Who calls: the one place where what a proxy says of it is believed."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from checkout_app.core import addresses
from checkout_app.core.settings import settings


def behind_proxies(app: ASGIApp) -> ASGIApp:
    """Let requests come from whom the believed proxies say: the last address that is none of theirs.

    Nobody else is believed, so an address that is counted can't be made up.
    """
    believing: Any = ProxyHeadersMiddleware(app, list(_believed()))  # type: ignore[arg-type]  # uvicorn's own words for ASGI
    return believing  # type: ignore[no-any-return]


def _believed() -> Iterator[str]:
    """Name the networks as sockets do; one that listens for IPv6 too writes IPv4 addresses in another way."""
    for network in addresses.networks(settings().trusted_proxies):
        yield str(network)
        if isinstance(network, IPv4Network):
            yield f"::ffff:{network.network_address}/{96 + network.prefixlen}"
