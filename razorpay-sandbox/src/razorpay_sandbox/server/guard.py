"""Keeps test calls and the console for this machine: no other host's name, no other site's page."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from razorpay_sandbox.core.errors import GatewayError

_READING: Final = frozenset({"GET", "HEAD"})


def _is_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def check(request: Request) -> None:
    """Refuse a request that is not addressed to this machine or that another site's page makes.

    The Host check defeats names that were re-pointed at 127.0.0.1; the Origin and Sec-Fetch-Site checks defeat
    scripts and forms. Following a link to a page that only shows something is allowed.
    """
    host = request.headers.get("host", "")
    if not _is_loopback(host):
        raise GatewayError("The sandbox's own pages answer on this machine only.", status=403)
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != host
    site = request.headers.get("sec-fetch-site", "none")
    follows_link = request.method in _READING and request.headers.get("sec-fetch-mode") == "navigate"
    if foreign or (site not in ("none", "same-origin") and not follows_link):
        raise GatewayError("Another site may not drive the sandbox.", status=403)
