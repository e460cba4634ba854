"""Looks at the shop from where people are: through its address, and whatever stands in front of it."""

import json
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from checkout_app.core.outside import trust
from checkout_app.core.settings import settings
from checkout_app.server.doctor.verdicts import Verdict, green, red, yellow

_PATIENCE: Final = ClientTimeout(total=5)
_LONGEST: Final = 10_000
"""Bytes that are read of whatever answers there."""
_SOCKET: Final = "/_event/?EIO=4&transport=websocket&token=doctor"


async def door() -> Verdict:
    """Look whether the shop's address leads to a shop like this one, websockets included."""
    url = settings().public_url
    async with ClientSession(connector=TCPConnector(ssl=trust()), timeout=_PATIENCE, trust_env=True) as http:
        wrong = await _what_is_wrong(http, url)
        if wrong and await _what_is_wrong(http, settings().own_url):
            return yellow(f"The shop is not running here, so {url} can't be tried. Start it, and look again.")
        if wrong:
            return red(f"{url} does not lead to this shop: {wrong}. Look at its proxy, its name and its certificate.")
        if not await _lets_websockets_through(http, url):
            return yellow(f"{url} leads here, but no websocket comes through: pages are slower. Look at its proxy.")
    return green(f"{url} leads here, websockets included.")


async def _what_is_wrong(http: ClientSession, url: str) -> str:
    """Say what keeps an address from leading to a shop; nothing when it does."""
    try:
        async with http.get(f"{url}/api/health", allow_redirects=False) as answer:
            said = await answer.content.read(_LONGEST)
    except (ClientError, TimeoutError, OSError) as error:
        return str(error) or "no answer in time"
    return "" if _is_ours(said) else f"something else answers, with HTTP {answer.status}"


def _is_ours(said: bytes) -> bool:
    try:
        health: Any = json.loads(said)
    except ValueError:
        return False
    return isinstance(health, dict) and {"status", "alarms"} <= set(health)


async def _lets_websockets_through(http: ClientSession, url: str) -> bool:
    try:
        async with http.ws_connect(f"{url}{_SOCKET}", headers={"Origin": url}):
            return True
    except (ClientError, TimeoutError, OSError):
        return False
