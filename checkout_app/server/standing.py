"""How the shop stands, in Prometheus' terms: what has to be asked of the database, asked seldom and not for long."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from checkout_app import __version__
from checkout_app.core import clock, due, migrations
from checkout_app.core.trouble import Trouble
from checkout_app.journal import issues
from checkout_app.payments import webhooks
from checkout_app.server import alarms
from checkout_app.server.now_and_then import NowAndThen

PACE: Final = 10.0
"""For how many seconds an answer counts, however many ask."""
PATIENCE: Final = 2.0
"""Seconds that it may take; what is not answered by then is left out."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database tells: how many rows wait by table, the oldest webhook, issues, and what offends by alarm."""

    waiting: Mapping[str, int]
    oldest_webhook: timedelta
    issues: int
    alarms: Mapping[str, int]


async def tell() -> bytes:
    """Write down how the shop stands; never fails."""
    version = {"version": __version__, "revision": await asyncio.to_thread(_revision)}
    return _written(await _now_and_then.answer(), version)


async def _ask() -> Standing | None:
    """Ask the database; None when it does not answer, which is told as well."""
    try:
        async with asyncio.timeout(PATIENCE):
            since = await webhooks.oldest_unhandled()
            found = Standing(
                waiting=await due.waiting(),
                oldest_webhook=clock.now() - since if since else timedelta(),
                issues=await issues.count_open(),
                alarms=Counter(violation.rule for violation in await alarms.found()),
            )
    except Exception as error:  # noqa: BLE001 - whatever it is, the rest can be told
        _trouble.met(error)
        return None
    _trouble.over()
    return found


def _written(known: Standing | None, version: Mapping[str, str]) -> bytes:
    registry = CollectorRegistry()
    Gauge("shop_build_info", "Version of the shop, and of its tables", version, registry=registry).labels(
        **version
    ).set(1)
    up = Gauge("shop_database_up", "Whether the database answered when it was asked last", registry=registry)
    up.set(known is not None)
    if known is None:
        return generate_latest(registry)
    oldest = Gauge("shop_webhook_oldest_seconds", "Age of the oldest webhook that is not handled", registry=registry)
    oldest.set(known.oldest_webhook.total_seconds())
    Gauge("shop_open_issues", "Issues that wait for a person", registry=registry).set(known.issues)
    waiting = Gauge("shop_due_rows", "Work that is due, a thousand rows at most", ["table"], registry=registry)
    for table, count in known.waiting.items():
        waiting.labels(table).set(count)
    ringing = Gauge("shop_alarms", "What offends against something that has to hold", ["alarm"], registry=registry)
    for alarm, count in known.alarms.items():
        ringing.labels(alarm).set(count)
    return generate_latest(registry)


@cache
def _revision() -> str:
    return migrations.newest()


_trouble = Trouble()
_now_and_then = NowAndThen(_ask, PACE)
