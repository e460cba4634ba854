"""How much one address may hold of the server at once, and how much its pages may say.

A server takes 1,024 requests at a time (Granian's backpressure); websockets are not among them. So nobody may hold all
of them: unless it is told otherwise an address has a sixteenth, and a quarter as many websockets. Telephone companies
let some hundreds of customers share an address; of those, few are in one shop at the same moment. Who is refused a
websocket can still buy: a page then posts its events. Nor may several addresses hold all requests together: none has
more than are left free, so some are left however many take what they can.

What a page says is counted too, because each event is work: no hand clicks ten times a second. All pages of an address
may say twice as much as one: as much as a hundred people do who are buying. With twice as much, four addresses kept
half a processor busy, and with ten times as much all of it.

Who is refused again and again waits a second for each refusal, and holds one of their places meanwhile. So an address
makes the server refuse so often a second as it has places, whatever it tries, and what succeeds takes no longer.
"""

import asyncio
import time
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Final, Self

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_app.core import addresses
from checkout_app.core.rates import most, rates
from checkout_app.core.settings import settings
from checkout_app.server.api import API_PATH
from checkout_app.server.problems import problem

_PLACES: Final = 1024
"""Requests that a server takes at a time."""
_EVENTS: Final = f"{API_PATH}events"
_IN_ONE_GO: Final = 5
"""Seconds' worth of events that may come at once, such as what a page sends as it opens."""
_TOGETHER: Final = 2
"""How many pages' worth of events all pages of an address may send."""
_OPENING: Final = 3
"""As how many events it counts to open a websocket, or to post an event: its tab may be a new one each time."""
_REFUSED_A_SECOND: Final = 5
"""How often a second an address may be refused without waiting: people mistype, and some share an address."""
_WAIT: Final = 1.0
"""Seconds that everyone beyond these waits."""
_REFUSES: Final = 4
"""Hundreds of the status of what is refused."""
_MINUTE: Final = 60.0
_TOO_MUCH: Final = 1008
"""The code of a websocket that is closed because of what it says: policy violation."""
_REFUSED: Final = problem(
    HTTPStatus.TOO_MANY_REQUESTS,
    "rate_limited",
    "Too much at once from your address. Try again in a moment.",
    headers={"Retry-After": "1", "Connection": "close"},  # or who goes on sending what was refused would hold it
)
"""Made once, for a flood of them."""


class Allowance:
    """So many seconds' worth is allowed at once, and each is allowed again after its time, in seconds."""

    __slots__ = ("_each", "_free_at", "_most")

    def __init__(self, each: float, most: float = _IN_ONE_GO) -> None:
        self._each = each
        self._most = most
        self._free_at = 0.0
        """Until when all that was taken counts."""

    @classmethod
    def of_events(cls, pages: int = 1) -> Self:
        """Allow what so many pages may say."""
        limit = rates(settings().rate_limits)["events"]
        return cls(limit.get_expiry() / limit.amount / pages, max(limit.get_expiry(), _IN_ONE_GO))

    def take(self, now: float, units: int = 1) -> bool:
        """Take so many at once, if there are so many."""
        taken_until = max(self._free_at, now) + units * self._each
        if taken_until - now > self._most + self._each / 2:  # there is no half of one, but there is rounding
            return False
        self._free_at = taken_until
        return True

    def is_full(self, now: float) -> bool:
        """Tell whether nothing that was taken counts any more."""
        return self._free_at <= now


class _Household:
    """What one address holds, may still say, and is refused without waiting."""

    __slots__ = ("allowance", "held", "refusals")

    def __init__(self) -> None:
        self.held: MutableMapping[str, int] = {"requests": 0, "tabs": 0}
        self.allowance = Allowance.of_events(_TOGETHER)
        self.refusals = Allowance(1 / _REFUSED_A_SECOND)

    def opens(self) -> bool:
        """Take what it counts to open a tab, if that is left."""
        return self.allowance.take(time.monotonic(), _OPENING)

    def slowing(self, send: Send) -> Send:
        """Let who is refused too often wait for it."""

        async def send_slowly(message: Message) -> None:
            refuses = message["type"] == "http.response.start" and message["status"] // 100 == _REFUSES
            if refuses and not self.refusals.take(time.monotonic()):
                await asyncio.sleep(_WAIT)
            await send(message)

        return send_slowly


class Crowds:
    """Counts for everything that it is put around; whoever calls has to be known by then."""

    def __init__(self, places: int = _PLACES) -> None:
        self._free = places
        self._households: dict[str, _Household] = {}
        self._tidied_at = 0.0

    def around(self, app: ASGIApp) -> ASGIApp:
        """Let no address hold too much of an app, or say too much to it."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                await self._request(app, scope, receive, send)
            elif scope["type"] == "websocket":
                await self._websocket(app, scope, receive, send)
            else:
                await app(scope, receive, send)

        return counted

    async def _request(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        household, allowed = self._household(scope), most("requests", settings().rate_limits)
        if allowed is not None:
            if household.held["requests"] >= min(allowed, self._free):
                await _REFUSED(scope, receive, send)  # at once: who waited would hold a place
                return
            send = household.slowing(send)
        is_event = scope["method"] == "POST" and scope["path"] == _EVENTS
        household.held["requests"] += 1
        self._free -= 1
        try:
            await (_REFUSED if is_event and not household.opens() else app)(scope, receive, send)
        finally:
            household.held["requests"] -= 1
            self._free += 1

    async def _websocket(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        household = self._household(scope)
        allowed = most("tabs", settings().rate_limits)
        if (allowed is not None and household.held["tabs"] >= allowed) or not household.opens():
            await receive()  # that it would connect
            await send({"type": "websocket.close", "code": _TOO_MUCH})
            return
        own, is_open = Allowance.of_events(), True

        async def heard() -> Message:
            nonlocal is_open
            message = await receive()
            now = time.monotonic()
            if message["type"] != "websocket.receive" or (own.take(now) and household.allowance.take(now)):
                return message
            is_open = False
            await send({"type": "websocket.close", "code": _TOO_MUCH})
            return {"type": "websocket.disconnect", "code": _TOO_MUCH}

        async def said(message: Message) -> None:
            if is_open:
                await send(message)

        household.held["tabs"] += 1
        try:
            await app(scope, heard, said)
        finally:
            household.held["tabs"] -= 1

    def _household(self, scope: Scope) -> _Household:
        client = scope.get("client")
        self._tidy(time.monotonic())
        address = addresses.household_of(client[0]) if client else ""
        if (known := self._households.get(address)) is None:
            known = self._households[address] = _Household()
        return known

    def _tidy(self, now: float) -> None:
        """Forget once a minute who holds nothing and has not said much."""
        if now - self._tidied_at < _MINUTE:
            return
        self._tidied_at = now
        households = self._households.items()
        self._households = {
            address: one for address, one in households if any(one.held.values()) or not one.allowance.is_full(now)
        }
