"""Keeps test calls and the console for this machine and whom the operator lets in, and from every other site's page."""

import hmac
import ipaddress
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from razorpay_sandbox.core.config import SandboxConfig
from razorpay_sandbox.core.errors import GatewayError

_HEADER: Final = "x-sandbox-token"
"""Not ``Authorization``: a merchant's client sends its key pair there with every call."""

_READING: Final = frozenset({"GET", "HEAD"})


def _is_loopback_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _is_loopback_name(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost") or _is_loopback_address(name)


def _name(host: str) -> str:
    """Read the name out of a Host header, without its port; what makes no sense is no name."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_from_here(request: Request) -> bool:
    """Say whether a request began on this machine: its peer is here, and so is everybody a proxy speaks for.

    One without a peer came over a Unix socket or from within this process, which nobody reaches from elsewhere.
    """
    forwarded = [name.strip() for line in request.headers.getlist("x-forwarded-for") for name in line.split(",")]
    peer = [request.client.host] if request.client else []
    return all(map(_is_loopback_address, [*forwarded, *peer]))


class Guard:
    """Decides who may see the console and do test calls.

    This machine may, under a name of its own. Another machine needs the token, or has to ask for a host that was
    allowed: then whoever reaches the sandbox under that name may.
    """

    def __init__(self, config: SandboxConfig) -> None:
        self._hosts = {name.lower() for name in config.allowed_hosts}
        self._token = config.token

    def check(self, request: Request) -> None:
        """Refuse a request of somebody who was not let in, and one that another site's page makes.

        The Host check defeats names that were re-pointed at 127.0.0.1; the Origin and Sec-Fetch-Site checks defeat
        scripts and forms. Following a link to a page that only shows something is allowed.
        """
        host = request.headers.get("host", "")
        name = _name(host)
        is_ours = _is_loopback_name(name) and _is_from_here(request)
        if not (is_ours or name in self._hosts or self._has_token(request)):
            raise GatewayError(
                "The sandbox's own pages answer on this machine only; --allow-host and --token let others in.",
                status=403,
            )
        origin = request.headers.get("origin")
        foreign = origin is not None and origin.partition("://")[2] != host
        site = request.headers.get("sec-fetch-site", "none")
        follows_link = request.method in _READING and request.headers.get("sec-fetch-mode") == "navigate"
        if foreign or (site not in ("none", "same-origin") and not follows_link):
            raise GatewayError("Another site may not drive the sandbox.", status=403)

    def _has_token(self, request: Request) -> bool:
        given = request.headers.get(_HEADER, "")
        return self._token is not None and hmac.compare_digest(given.encode(), self._token.encode())
