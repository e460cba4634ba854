"""How often somebody may try, as the setting says it: `login=10/minute, order=60/minute`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute, parse

DEFAULTS: Final[Mapping[str, RateLimitItem]] = MappingProxyType(
    {
        "login": RateLimitItemPerMinute(10),  # tries at one account, whoever makes them
        "enter": RateLimitItemPerMinute(300),  # sign-ins, sign-ups and guests from an address that thousands may share
        "order": RateLimitItemPerMinute(60),  # orders begun by one buyer, who may try again and again on a weak line
    }
)
"""What holds for what the setting does not name."""

_RATE: Final = re.compile(r"([^=]*)=\s*([0-9]{1,7})\s*/\s*(second|minute|hour|day)", re.ASCII)
_LONGEST: Final = 200
_SHOWN: Final = 20
"""Characters of what can't be understood that are said again."""


@lru_cache
def rates(given: str) -> Mapping[str, RateLimitItem]:
    """Return how often what may be tried; raises ValueError, in words, when the setting can't be meant so."""
    if len(given) > _LONGEST:
        raise ValueError(f"must have at most {_LONGEST} characters")
    named: dict[str, RateLimitItem] = {}
    for part in given.split(",") if given.strip() else ():
        name, rate = _rate(part.strip())
        if name in named:
            raise ValueError(f"must name {name} once")
        named[name] = rate
    return {**DEFAULTS, **named}


def _rate(part: str) -> tuple[str, RateLimitItem]:
    understood = _RATE.fullmatch(part)
    if understood is None:
        raise ValueError(f"must be like login=10/minute, order=100/hour, which {part[:_SHOWN]!r} is not")
    name, count, window = understood[1].strip(), int(understood[2]), understood[3]
    if name not in DEFAULTS:
        raise ValueError(f"must name {', '.join(DEFAULTS)}, and not {name[:_SHOWN]!r}")
    if count == 0:
        raise ValueError(f"must allow {name} at least once: nobody could, with 0")
    return name, parse(f"{count}/{window}")
