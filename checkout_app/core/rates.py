"""How often somebody may try, and how much be left unpaid, as the setting says it: `login=10/minute, unpaid=10`."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from limits import (
    RateLimitItem,
    RateLimitItemPerDay,
    RateLimitItemPerHour,
    RateLimitItemPerMinute,
    RateLimitItemPerSecond,
    parse,
)

DEFAULTS: Final[Mapping[str, RateLimitItem]] = MappingProxyType(
    {
        "login": RateLimitItemPerMinute(10),  # tries at one account from one address
        "wrong": RateLimitItemPerDay(50),  # those of them that were wrong
        "account": RateLimitItemPerHour(100),  # wrong ones from everywhere: then a mailed code is wanted
        "passwords": RateLimitItemPerHour(100),  # wrong and new ones from an address, at any accounts: then likewise
        "enter": RateLimitItemPerMinute(300),  # sign-ins, sign-ups and guests from an address that thousands may share
        "taken": RateLimitItemPerHour(20),  # sign-ups from an address with what has an account: then no sign-up at all
        "mail": RateLimitItemPerHour(6),  # mails to one mailbox that one address, or one account, asks for
        "events": RateLimitItemPerSecond(10),  # what one page of a browser says
        "order": RateLimitItemPerMinute(20),  # orders begun from an address: each is made only to be paid
        "quote": RateLimitItemPerMinute(300),  # prices and places asked for from an address, which thousands may share
        "kept": RateLimitItemPerHour(300),  # of these, what is kept: what a quote over the API comes to is a row
        "cart": RateLimitItemPerMinute(300),  # carts that browsers begin from an address that thousands may share
        "complaint": RateLimitItemPerHour(6),  # complaints from an address: each has mails sent
        "link": RateLimitItemPerHour(20),  # how often a buyer ends the links to orders of theirs: each time is told
    }
)
"""What holds for what the setting does not name."""
MOST: Final[Mapping[str, int]] = MappingProxyType(
    {
        "requests": 64,  # under way from an address
        "tabs": 256,  # whose websocket is held open, from an address
        "unpaid": 10,  # orders from an address
    }
)
"""The same of what may be so many at a time."""

_RATE: Final = re.compile(r"([^=]*)=\s*([0-9]{1,7})\s*/\s*(second|minute|hour|day)", re.ASCII)
_COUNT: Final = re.compile(rf"({'|'.join(MOST)})\s*=\s*(?:off|([0-9]{{1,7}}))", re.ASCII)
_LONGEST: Final = 400
_SHOWN: Final = 20
"""Characters of what can't be understood that are said again."""


def check(given: str) -> None:
    """Refuse a setting that can't be meant so; raises ValueError, in words."""
    rates(given)
    _counts(given)


@lru_cache
def rates(given: str) -> Mapping[str, RateLimitItem]:
    """Return how often what may be tried; raises ValueError, in words, when the setting can't be meant so."""
    named = dict(_rate(part) for part in _parts(given) if not _COUNT.fullmatch(part))
    return {**DEFAULTS, **named}


def most(what: str, given: str) -> int | None:
    """Return how many of something may be at a time, None for any number; raises ValueError likewise."""
    return _counts(given)[what]


@lru_cache
def _counts(given: str) -> Mapping[str, int | None]:
    said = [found.groups() for part in _parts(given) if (found := _COUNT.fullmatch(part))]
    return {**MOST, **{name: _at_least_one(name, int(count)) if count else None for name, count in said}}


def _parts(given: str) -> Sequence[str]:
    """Take the setting apart; raises ValueError when something is named twice."""
    if len(given) > _LONGEST:
        raise ValueError(f"must have at most {_LONGEST} characters")
    parts = [part.strip() for part in given.split(",")] if given.strip() else []
    names = [part.partition("=")[0].strip() for part in parts]
    for place, name in enumerate(names):
        if name and name in names[:place]:
            raise ValueError(f"must name {name[:_SHOWN]} once")
    return parts


def _rate(part: str) -> tuple[str, RateLimitItem]:
    understood = _RATE.fullmatch(part)
    if understood is None:
        raise ValueError(f"must be like login=10/minute, order=100/hour, which {part[:_SHOWN]!r} is not")
    name, count, window = understood[1].strip(), int(understood[2]), understood[3]
    if name not in DEFAULTS:
        raise ValueError(f"must name {', '.join([*DEFAULTS, *MOST])}, and not {name[:_SHOWN]!r}")
    return name, parse(f"{_at_least_one(name, count)}/{window}")


def _at_least_one(name: str, count: int) -> int:
    if count == 0:
        raise ValueError(f"must allow {name} at least once: nobody could, with 0")
    return count
