"""Attack a shop in every way there is here, all at once, from a handful of addresses, for so many seconds.

Run as `python -m benchmarks.attackers URL SECONDS`, a process of its own: writes to the standard output, as JSON, how
often each attack was answered how. Who attacks a shop brings machines of their own: so each attack is paced, and all of
them give way to the shop, with which they share one here.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from benchmarks import attacks, floods
from benchmarks.attacks import Target

HOLDERS: Final = tuple(f"203.0.113.{number}" for number in range(1, 5))
TALKERS: Final = tuple(f"203.0.113.{number}" for number in range(5, 9))
"""From where they come: who holds all that an address may is refused whatever else they try."""
_SCOUT: Final = "203.0.113.9"
_PATIENCE = 30.0
"""Seconds until a request is given up."""
_MARCH = 5.0
"""Seconds in which all of them arrive."""
_GIVE_WAY = 19
"""How much nicer they are than the shop to who wants a processor."""

Tally = Mapping[str, Counter[str]]
Strike = Callable[[Target, str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Attack:
    """A strike that so many repeat, each after a pause of so many seconds, from some addresses."""

    strike: Strike
    by: int
    pause: float
    addresses: Sequence[str] = TALKERS


ATTACKS: Final[Mapping[str, Attack]] = {
    "bodies that never end": Attack(floods.leave_body_unfinished, 1100, 10, HOLDERS),
    "headers that never end": Attack(floods.leave_head_unfinished, 20, 1),
    "bodies that are too large": Attack(floods.send_large_body, 4, 1),
    "open pages, as many as may be": Attack(floods.hold_tab, 1100, 10, HOLDERS),
    "messages that are too large": Attack(floods.send_large_messages, 8, 1),
    "events without a pause": Attack(floods.flood_events, 8, 1),
    "events in tabs that are new each time": Attack(floods.post_event, 8, 0.05),
    "guessed passwords": Attack(attacks.guess_password, 16, 0.5),
    "guessed codes": Attack(attacks.guess_code, 4, 1),
    "sign-ups": Attack(attacks.sign_up, 8, 1),
    "orders that are never paid": Attack(attacks.grab, 8, 1),
    "forged sign-ins": Attack(attacks.forge_token, 4, 0.2),
    "forged webhooks": Attack(attacks.forge_webhook, 4, 0.2),
    "forged payments": Attack(attacks.forge_payment, 4, 0.2),
    "odd paths and methods": Attack(attacks.ask_oddly, 8, 0.2),
    "lies for the log": Attack(floods.flood_log, 4, 1),
}


async def attack(url: str, seconds: float) -> Tally:
    """Attack a shop for so many seconds; returns how often each attack was answered how."""
    tally = {name: Counter[str]() for name in ATTACKS}
    async with ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(total=_PATIENCE)) as session:
        target = await attacks.prepare(Target(url, session), _SCOUT)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for name, one in ATTACKS.items():
                    for number in range(one.by):
                        group.create_task(_again(one, number, target, tally[name]))
    return tally


async def _again(one: Attack, number: int, target: Target, tally: Counter[str]) -> None:
    """Strike again and again, as one of those who do."""
    address = one.addresses[number % len(one.addresses)]
    await asyncio.sleep(_MARCH * number / one.by)
    while True:
        try:
            answered = await one.strike(target, address)
        except (ClientError, OSError, TimeoutError) as error:
            answered = type(error).__name__
        tally[answered] += 1
        await asyncio.sleep(one.pause)


def main() -> None:
    """Attack what the arguments say."""
    os.nice(_GIVE_WAY)
    print(json.dumps(asyncio.run(attack(sys.argv[1], float(sys.argv[2])))))


if __name__ == "__main__":
    main()
