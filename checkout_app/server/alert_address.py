"""The address that alerts go to: one signed POST each, of which nobody but the alert waits for the end.

What it answers is not read, beyond whether it took the alert, and where it points to is not followed. The address may
hold a secret, so nothing that is logged or raised here names it.
"""

import asyncio
from http import HTTPStatus
from typing import Final

import aiohttp

from checkout_app.core import due, signing
from checkout_app.core.outside import proxy_for, trust
from checkout_app.core.settings import settings

SECONDS: Final = 5.0
"""How long it may take from looking up the name to the first line of the answer."""
SIGNATURE: Final = "X-Alert-Signature"


async def post(body: bytes) -> None:
    """Send a body that is JSON, once; raises Outage when the address does not take it."""
    headers = {"Content-Type": "application/json", SIGNATURE: sign(body)}
    url = settings().alert_webhook_url
    try:
        async with (
            asyncio.timeout(SECONDS),
            _session(url) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            status = answer.status
    except (OSError, aiohttp.ClientError) as error:
        raise due.Outage(f"the alert address does not answer: {type(error).__name__}") from None
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise due.Outage(f"the alert address answers {status}")


def sign(body: bytes) -> str:
    """Return the signature of a body: HMAC-SHA256 under ALERT_WEBHOOK_SECRET, as hexadecimal digits."""
    return signing.sign(settings().alert_webhook_secret.encode(), body)


def _session(url: str) -> aiohttp.ClientSession:
    """Open a session for one request: alerts are seldom, and nothing is kept open for them."""
    connector = aiohttp.TCPConnector(ssl=trust(), force_close=True)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), proxy=proxy_for(url))
