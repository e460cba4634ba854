"""The shop in this process with other keys than those it began with."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import pytest

from checkout_app.core.settings import settings
from checkout_app.payments.gateway import client
from checkout_app.payments.gateway.line import Answer, Line, Request
from tests.support.inside import Inside, settings_for
from tests.support.shops import KEY_ID, KEY_SECRET, OTHER_KEY_ID, OTHER_KEY_SECRET


class Pair(NamedTuple):
    """A key and its secret."""

    id: str
    secret: str


FIRST: Final = Pair(KEY_ID, KEY_SECRET)
"""What the shop begins with."""
STRANGE: Final = Pair(OTHER_KEY_ID, OTHER_KEY_SECRET)
"""The key of another account."""
LIVE: Final = Pair("rzp_live_AAAAAAAAAAAAAA", OTHER_KEY_SECRET)
"""A key of live mode, which knows nothing of test mode; the sandbox, which takes none, takes it for the strange one."""


def regenerated(inside: Inside, *, grace: float = 86_400) -> Pair:
    """Let the shopkeeper make another key in the dashboard; the one before works for so many seconds more."""
    gateway = inside.gateway
    made = gateway.keys.regenerate(KEY_ID, gateway.clock.precise(), grace)
    return Pair(made.id, made.secret)


@contextmanager
def shop_with(inside: Inside, present: Pair, previous: Pair | None = None) -> Iterator[None]:
    """Let the shop have been started with these keys, for the length of a block."""
    before = previous or Pair("", "")
    values = {
        "RAZORPAY_KEY_ID": present.id,
        "RAZORPAY_KEY_SECRET": present.secret,
        "RAZORPAY_KEY_ID_PREVIOUS": before.id,
        "RAZORPAY_KEY_SECRET_PREVIOUS": before.secret,
    }
    if present is LIVE:  # which is for production, where nothing is made up
        values |= {"ENVIRONMENT": "production", "RAZORPAY_API_URL": ""}
        kept = ("public_url", "jwt_secret", "link_secret", "shop_id")
        values |= {name.upper(): getattr(settings(), name) for name in kept}
        values["RAZORPAY_WEBHOOK_SECRET"] = settings().razorpay_webhook_secret
    inner = inside.line.inner
    with pytest.MonkeyPatch.context() as patch, settings_for(patch, **values):
        inside.line.inner = _AsStrange(inner) if present is LIVE else inner
        client.gateway.cache_clear()
        try:
            yield
        finally:
            inside.line.inner = inner
            client.gateway.cache_clear()


class _AsStrange:
    """A line on which the live key passes for that of the strange account."""

    def __init__(self, inner: Line) -> None:
        self._inner = inner

    async def carry(self, request: Request) -> Answer:
        keys = b64encode(":".join(STRANGE).encode()).decode()
        return await self._inner.carry(request._replace(headers={**request.headers, "Authorization": f"Basic {keys}"}))

    async def aclose(self) -> None:
        await self._inner.aclose()
