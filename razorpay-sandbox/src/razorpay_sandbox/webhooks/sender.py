"""Sends webhooks over HTTP and climbs the retry ladder when nobody says 2xx within five seconds."""

import asyncio
import functools
import hashlib
import hmac
import time
from typing import Any, Final

import httpx
import structlog
from starlette.concurrency import run_in_threadpool

from razorpay_sandbox.core.naming import order_named_in
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import compact
from razorpay_sandbox.webhooks import deliveries

_log = structlog.stdlib.get_logger(__name__)

# Seconds after the event at which deliveries were observed: sixteen in a day, then the endpoint is disabled.
LADDER: Final = (0, 0.23, 6, 19, 40, 84, 162, 324, 648, 1296, 2580, 5040, 10_260, 20_520, 41_040, 82_080)
WINDOW: Final = 86_400
_WITHOUT_QUICK_RETRY: Final = ("payment.failed", "refund.created")
_PATIENCE: Final = 5.0
_KEPT_ANSWER: Final = 2000
_AT_ONCE: Final = 16

Row = tuple[Any, ...]


def sign(secret: str, body: bytes) -> str:
    """Sign the exact bytes that are sent."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def next_try(born_at: float, now: float, name: str, factor: float) -> float:
    """Find the next rung; those that passed while nobody could send are skipped. After the last comes the end."""
    for rung in LADDER[1:]:
        moment = born_at + rung * factor
        if moment > now and not (rung == LADDER[1] and name in _WITHOUT_QUICK_RETRY):
            return moment
    return max(born_at + WINDOW * factor, now)


class Sender:
    """Delivers what is due. A delivery that is cut off is still owed and starts again."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._client = httpx.AsyncClient(timeout=_PATIENCE, trust_env=False, limits=httpx.Limits(max_connections=64))

    async def close(self) -> None:
        """Stop in the middle of whatever is being sent."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    def _free_hands(self) -> int:
        """Count what may be sent beside the rest. What is to arrive swapped goes out one after another."""
        hands = 1 if self._gateway.carrier.policy.reorder else _AT_ONCE
        return max(hands - len(self._under_way), 0)

    async def next_due(self) -> float | None:
        """Tell when to look again, in real time; None when all hands are busy or nothing else is owed."""
        if not self._free_hands():
            return None
        owed = await run_in_threadpool(self._pending, time.time() + WINDOW)
        return float(owed[0][-1]) if owed else None

    def _pending(self, until: float) -> list[Row]:
        rows = self._gateway.store.rows(
            "SELECT d.seq, e.id, e.name, e.body, p.id, p.url, p.active, d.secret, d.born_at, d.attempts, d.due_at"
            " FROM deliveries d JOIN events e ON e.id = d.event_id JOIN endpoints p ON p.id = d.endpoint_id"
            " WHERE d.due_at <= ? ORDER BY d.due_at, d.seq LIMIT 100",
            until,
        )
        return [row for row in rows if row[0] not in self._under_way]

    async def send_due(self) -> None:
        """Start sending everything that is due, oldest first, a few at once."""
        due = await run_in_threadpool(self._pending, time.time())
        for row in due[: self._free_hands()]:
            task = asyncio.create_task(self._send(row))
            self._under_way[row[0]] = task
            task.add_done_callback(functools.partial(self._done, row[0]))

    def _done(self, seq: int, _task: asyncio.Task[None]) -> None:
        self._under_way.pop(seq, None)
        self._gateway.wake()

    async def _send(self, row: Row) -> None:
        seq, event_id, name, body, endpoint_id, url, active, secret, born_at, attempts, _ = row
        factor = self._gateway.carrier.policy.factor
        if not active:
            await run_in_threadpool(self._finish, seq, "stopped")
            return
        if attempts and time.time() >= born_at + WINDOW * factor:
            await run_in_threadpool(self._give_up, seq, endpoint_id)
            return
        answer = await self._post(url, event_id, secret, body.encode())
        delivered = answer["status"] is not None and 200 <= answer["status"] < 300  # noqa: PLR2004  # any 2xx
        due_at = None if delivered else next_try(born_at, time.time(), name, factor)
        await run_in_threadpool(
            self._gateway.store.rows,
            "UPDATE deliveries SET status = ?, attempts = attempts + 1, due_at = ?,"
            " answers = json_insert(answers, '$[#]', json(?)) WHERE seq = ?",
            "delivered" if delivered else "pending",
            due_at,
            compact(answer),
            seq,
        )
        told = "webhook delivered" if delivered else "webhook not taken"
        named = {"event_id": event_id, "name": name, "attempt": attempts + 1, **order_named_in(body)}
        _log.info(told, status=answer["status"], **named)

    async def _post(self, url: str, event_id: str, secret: str, body: bytes) -> dict[str, Any]:
        """Post one event and describe what came back."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Razorpay-Webhook/v1",
            "Accept-Encoding": "gzip",
            "x-razorpay-event-id": event_id,
            "request-id": event_id,
        }
        if secret:
            headers["X-Razorpay-Signature"] = sign(secret, body)
        started = time.time()
        status: int | None = None
        try:
            async with asyncio.timeout(_PATIENCE):
                response = await self._client.post(url, content=body, headers=headers)
                status, text = response.status_code, response.text[:_KEPT_ANSWER]
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            text = f"{type(error).__name__}: {error}".rstrip(": ")
        return {"at": started, "status": status, "seconds": round(time.time() - started, 3), "answer": text}

    def _finish(self, seq: int, status: str) -> None:
        self._gateway.store.rows("UPDATE deliveries SET status = ?, due_at = NULL WHERE seq = ?", status, seq)

    def _give_up(self, seq: int, endpoint_id: str) -> None:
        """Disable an endpoint: nobody answered for a whole day."""
        self._finish(seq, "failed")
        for endpoint in deliveries.endpoints(self._gateway):
            if endpoint.id == endpoint_id:
                endpoint.active = False
                endpoint.disabled_at = self._gateway.clock.now()
                deliveries.keep(self._gateway, endpoint)
