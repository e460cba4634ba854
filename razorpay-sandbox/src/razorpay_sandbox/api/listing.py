"""Collections: paging, time windows and expansions, in the spellings of both official SDKs."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.core.errors import invalid, not_an_integer
from razorpay_sandbox.state.store import Entity, Record

_EARLIEST: Final = 946_684_800
_LATEST: Final = 4_765_046_400
_MOST: Final = 100
_FARTHEST: Final = 10**9


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is asked for; ``since`` and ``until`` are inclusive."""

    count: int
    skip: int
    since: int
    until: int

    def cut(self, records: Iterable[Record]) -> list[Record]:
        """Take the page out of all that match."""
        skip = min(self.skip, _FARTHEST)
        return list(islice(records, skip, skip + self.count))


def number(request: ApiRequest, name: str, default: int) -> int:
    """Read an integer from the query."""
    text = request.wanted(name)
    if text is None:
        return default
    if not text.removeprefix("-").isdecimal() or not text.isascii():
        raise not_an_integer(name)
    return int(text)


def _moment(request: ApiRequest, name: str, default: int) -> int:
    """Read a time; the Node SDK writes dates with fractions of a second."""
    text = request.wanted(name) or ""
    whole, point, fraction = text.partition(".")
    if point and whole.isdecimal() and fraction.isdecimal() and text.isascii():
        return int(whole)
    return number(request, name, default)


def check_moment(name: str, moment: int) -> None:
    """Refuse a time that Razorpay does not know."""
    if not _EARLIEST <= moment <= _LATEST:
        raise invalid(f"{name} must be between {_EARLIEST} and {_LATEST}", name)


def window(request: ApiRequest, most: int = _MOST) -> Window:
    """Read count, skip, from and to."""
    count = number(request, "count", 10)
    if count > most:
        raise invalid(f"The count may not be greater than {most}.", "count")
    if count < 1:
        raise invalid("The count must be at least 1.", "count")
    skip = number(request, "skip", 0)
    if skip < 0:
        raise invalid("The skip must be at least 0.", "skip")
    bounds = {"from": _moment(request, "from", _EARLIEST), "to": _moment(request, "to", _LATEST)}
    for name, moment in bounds.items():
        check_moment(name, moment)
    return Window(count, skip, bounds["from"], bounds["to"])


def expansions(request: ApiRequest) -> set[str]:
    """Read what to expand: ``expand[]``, ``expand[0]`` and node's ``expand[expand]`` alike."""
    wanted: set[str] = set()
    for key, values in request.query.items():
        if key == "expand" or key.startswith("expand["):
            wanted.update(values)
    return wanted - {""}


def collection(items: list[Any]) -> Entity:
    """Wrap items the way every list is answered; ``count`` is the number of these items, not of all."""
    return {"entity": "collection", "count": len(items), "items": items}
