"""The whole list, whatever is broken: looked through from top to bottom for a command, all at once for a page."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from inspect import isawaitable
from typing import Final

from checkout_app.core import database
from checkout_app.core.settings import SettingsError, settings
from checkout_app.merchant.live.findings import Finding, Light
from checkout_app.payments.gateway.client import gateway
from checkout_app.server import logs
from checkout_app.server.doctor import configured, front, machine, review, services
from checkout_app.server.doctor.verdicts import Check, Verdict, green, red, yellow
from checkout_app.server.log_fence import Fence

_NEEDS_NOTHING: Final[Sequence[tuple[str, Check]]] = ((".env", machine.env_file), ("packages", machine.packages))
_NEEDS_SETTINGS: Final[Sequence[tuple[str, Check]]] = (
    ("environment", configured.environment),
    ("address", configured.address),
    ("key", configured.key),
    ("secrets", configured.secrets),
    ("proxies", configured.proxies),
    ("folder", machine.data_folder),
    ("disk", machine.disk),
    ("database", services.books),
    ("identity", services.identity),
    ("backups", machine.backups),
    ("connections", services.connections),
    ("redis", services.redis),
    ("pages", machine.pages),
    ("gateway", services.gateway_answers),
    ("clock", services.clocks),
    ("webhooks", services.webhooks),
    ("mail", services.mail),
    ("parcels", services.parcels),
    ("seller", review.seller),
    ("grievance", review.grievance),
    ("policies", review.policies),
    ("prices", review.prices),
    ("invoice", review.invoice),
    ("door", front.door),
)
_LONGEST: Final = 20.0
"""Seconds that a look may take: each waits less by itself."""
_LONGEST_FOR_A_PAGE: Final = 4.0


async def doctor(tell: Callable[[str], None], *, as_json: bool) -> int:
    """Look at everything and tell of it, line by line or as JSON at the end; returns 1 when anything is red."""
    found = []
    async for finding in _look():
        found.append(finding)
        if not as_json:
            tell(f"{finding.light:<7} {finding.check:<12} {finding.message}")
    reds, yellows = (sum(finding.light is light for finding in found) for light in (Light.RED, Light.YELLOW))
    if as_json:
        tell(json.dumps({"ready": not reds, "findings": [finding._asdict() for finding in found]}, indent=1))
    else:
        tell(f"{reds} red, {yellows} yellow: {'not ready to go live' if reds else 'ready to go live'}")
    return 1 if reds else 0


async def look() -> Sequence[Finding]:
    """Look at everything at once, for a page: what takes longer than somebody waits for a page is said to."""
    fence = Fence(logs.secrets_of(settings()))
    return await asyncio.gather(
        *(_finding(name, check, fence, _LONGEST_FOR_A_PAGE) for name, check in (*_NEEDS_NOTHING, *_NEEDS_SETTINGS))
    )


async def _look() -> AsyncIterator[Finding]:
    for name, check in _NEEDS_NOTHING:
        yield Finding(name, *await _verdict(check, _LONGEST))
    try:
        secrets = logs.secrets_of(settings())
    except SettingsError as refused:
        words = " ".join(str(refused).split())
        yield Finding("settings", *red(f"{words}. What needs them is looked at when they can be used."))
        return
    yield Finding("settings", *green("All settings can be used."))
    fence = Fence(secrets)
    for name, check in _NEEDS_SETTINGS:
        yield await _finding(name, check, fence, _LONGEST)
    await gateway().aclose()
    await database.dispose()


async def _finding(name: str, check: Check, fence: Fence, longest: float) -> Finding:
    light, message = await _verdict(check, longest)
    return Finding(name, light, str(fence.value("message", message)))


async def _verdict(check: Check, longest: float) -> Verdict:
    """Look at one thing for so many seconds; what looks without awaiting anything does so in a thread."""
    try:
        async with asyncio.timeout(longest):
            found = await asyncio.to_thread(check)
            return await found if isawaitable(found) else found
    except TimeoutError:
        return yellow(f"This could not be looked at within {longest:g} seconds. Look again, or let `doctor` look.")
    except SystemExit as away:  # a sentence for whoever began the program: DatabaseAway, SettingsError
        return red(str(away))
    except Exception as error:  # noqa: BLE001 - what breaks one look says something, and must not hide the others
        return red(f"This can't be looked at: {type(error).__name__}: {error}")
