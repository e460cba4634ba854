"""Deliveries owed to webhook endpoints, and the endpoints themselves: rows that outlive the process."""

import json
import time
from dataclasses import dataclass
from typing import Any, Final

from razorpay_sandbox.core import ids
from razorpay_sandbox.state.gateway import Gateway

CONFIGURED: Final = "SandboxWebhook"  # fourteen characters without a prefix, like every webhook id
_COLUMNS: Final = "id, account, url, secret, events, active, created_at, updated_at, disabled_at, alert_email"


@dataclass(slots=True)
class Endpoint:
    """Where events go. ``account`` None hears every account; ``events`` None hears every event."""

    id: str
    account: str | None
    url: str
    secret: str
    events: list[str] | None
    active: bool
    created_at: int
    updated_at: int
    disabled_at: int | None
    alert_email: str | None = None

    def hears(self, account: str, name: str) -> bool:
        """Say whether an event is for this endpoint."""
        mine = self.account in (None, account)
        return self.active and bool(self.url) and mine and (self.events is None or name in self.events)


def endpoints(gateway: Gateway) -> list[Endpoint]:
    """List all endpoints, oldest first."""
    rows = gateway.store.rows(f"SELECT {_COLUMNS} FROM endpoints ORDER BY created_at, id")  # noqa: S608
    return [
        Endpoint(
            id=row[0],
            account=row[1],
            url=row[2],
            secret=row[3],
            events=json.loads(row[4]),
            active=bool(row[5]),
            created_at=row[6],
            updated_at=row[7],
            disabled_at=row[8],
            alert_email=row[9],
        )
        for row in rows
    ]


def configured(gateway: Gateway) -> Endpoint:
    """Return the endpoint that the sandbox was started with."""
    return next(each for each in endpoints(gateway) if each.id == CONFIGURED)


def keep(gateway: Gateway, endpoint: Endpoint) -> None:
    """Add or change an endpoint."""
    gateway.store.rows(
        f"INSERT OR REPLACE INTO endpoints ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        endpoint.id,
        endpoint.account,
        endpoint.url,
        endpoint.secret,
        json.dumps(endpoint.events),
        int(endpoint.active),
        endpoint.created_at,
        endpoint.updated_at,
        endpoint.disabled_at,
        endpoint.alert_email,
    )


def configure(gateway: Gateway, url: str | None, secret: str) -> Endpoint:
    """Set the endpoint that hears everything; no address keeps the one it had."""
    now = gateway.clock.now()
    earlier = next((each for each in endpoints(gateway) if each.id == CONFIGURED), None)
    endpoint = Endpoint(
        id=CONFIGURED,
        account=None,
        url=url if url is not None else (earlier.url if earlier else ""),
        secret=secret,
        events=earlier.events if earlier else None,
        active=True,
        created_at=earlier.created_at if earlier else now,
        updated_at=now,
        disabled_at=None,
    )
    keep(gateway, endpoint)
    return endpoint


def new_endpoint_id(gateway: Gateway) -> str:
    """Make an id for an endpoint: like event ids, it has no prefix."""
    return ids.bare(gateway.clock.precise())


def owe(gateway: Gateway, account: str, name: str, event_id: str) -> None:
    """Owe a delivery of an event to every endpoint that hears it, as often and as late as the policy has it."""
    for endpoint in endpoints(gateway):
        if not endpoint.hears(account, name):
            continue
        for _ in range(gateway.carrier.copies()):
            if gateway.carrier.is_dropped():
                _insert(gateway, event_id, endpoint, "dropped", due_at=None)
            else:
                wait = gateway.carrier.wait(_under_way(gateway, endpoint))
                _insert(gateway, event_id, endpoint, "pending", due_at=time.time() + wait)


def _under_way(gateway: Gateway, endpoint: Endpoint) -> int:
    sql = "SELECT count(*) FROM deliveries WHERE endpoint_id = ? AND due_at IS NOT NULL AND attempts = 0"
    count: int = gateway.store.rows(sql, endpoint.id)[0][0]
    return count


def _insert(gateway: Gateway, event_id: str, endpoint: Endpoint, status: str, due_at: float | None) -> None:
    """Add one delivery. Its times are real, not the sandbox's: receivers live in real time.

    It keeps the secret of its birth, so retries after a change of secret still carry the old signature.
    """
    gateway.store.rows(
        "INSERT INTO deliveries (event_id, endpoint_id, secret, status, attempts, born_at, due_at, answers)"
        " VALUES (?, ?, ?, ?, 0, ?, ?, '[]')",
        event_id,
        endpoint.id,
        endpoint.secret,
        status,
        time.time(),
        due_at,
    )


def replay(gateway: Gateway, wanted: dict[str, str]) -> int:
    """Send events again, all or those that match ``event_id``, ``event``, ``order_id`` and ``payment_id``."""
    rows = gateway.store.rows("SELECT id, account, name, body FROM events ORDER BY seq")
    count = 0
    with gateway.store.transaction():
        for event_id, account, name, body in rows:
            if wanted.get("event_id", event_id) != event_id or wanted.get("event", name) != name:
                continue
            if any(f'"{wanted[field]}"' not in body for field in ("order_id", "payment_id") if field in wanted):
                continue
            for endpoint in endpoints(gateway):
                if endpoint.hears(account, name):
                    _insert(gateway, event_id, endpoint, "pending", due_at=time.time())
                    count += 1
    gateway.wake()
    return count


def pull(gateway: Gateway, seconds: float) -> None:
    """Bring all pending deliveries forward: the sandbox's clock jumped ahead by so many seconds."""
    gateway.store.rows(
        "UPDATE deliveries SET due_at = due_at - ?, born_at = born_at - ? WHERE due_at IS NOT NULL", seconds, seconds
    )


def forget_endpoints(gateway: Gateway) -> None:
    """Remove the endpoints that were added and make the configured one active."""
    gateway.store.rows("DELETE FROM endpoints WHERE id <> ?", CONFIGURED)
    gateway.store.rows("UPDATE endpoints SET active = 1, disabled_at = NULL")


def pending(gateway: Gateway) -> int:
    """Count the deliveries that are still owed."""
    count: int = gateway.store.rows("SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL")[0][0]
    return count


def summary(gateway: Gateway, limit: int = 100) -> list[dict[str, Any]]:
    """List the latest deliveries with what was sent and what came back, newest first."""
    rows = gateway.store.rows(
        "SELECT d.seq, d.event_id, p.url, d.status, d.attempts, d.due_at, d.answers, e.name, e.account,"
        " e.created_at, e.body FROM deliveries d JOIN events e ON e.id = d.event_id"
        " LEFT JOIN endpoints p ON p.id = d.endpoint_id ORDER BY d.seq DESC LIMIT ?",
        limit,
    )
    names = ("id", "event_id", "url", "status", "attempts", "due_at", "answers", "event", "account")
    return [
        {**dict(zip(names, row[:9], strict=True)), "answers": json.loads(row[6]), "created_at": row[9], "body": row[10]}
        for row in rows
    ]
