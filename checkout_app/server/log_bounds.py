"""Bounds of the log: neither strangers nor an outage may fill a disk with it."""

import logging
import sys
import time
import traceback
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, Final

from typing_extensions import override

from checkout_app.core.errors import OUTAGES

MOST: Final = 30
"""Lines a minute from each logger that strangers can make write."""
_MINUTE: Final = 60.0
_TOLD_AGAIN: Final = 3600.0
"""Seconds until the trace of one error is told again."""
_ROOT: Final = Path(__file__).resolve().parents[2]
_SHARED: Final = _ROOT / "checkout_app" / "core"
_OURS: Final = ("checkout_app.", "razorpay_sandbox.")
FROM_VISITORS: Final = "checkout_app.server.event_errors"
"""Our logger whose lines are made by what browsers send."""
FLOODS: Final = "checkout_app.server.floods"
"""Our logger of requests that were refused because they are too many, too slow or too large."""
REFUSALS: Final = "checkout_app.server.refusals"
"""Our logger of requests that were refused for any other reason."""
_FEW: Final = {FROM_VISITORS: MOST, FLOODS: MOST, REFUSALS: 300, OUTAGES: 10}
"""Our loggers that write few lines, and how many a minute. An hour in which nobody can be served takes 300 KB so."""


class FewFromOutside(logging.Filter):
    """Lets few lines a minute pass: of each library, of what browsers report, of floods and outages, and of refusals.

    The next one tells how many did not pass.

    A library writes a line for every odd message on a websocket, and anybody may open one. Everybody meets an outage.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._began: dict[str, float] = {}
        self._lines: dict[str, int] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a line is written."""
        name = record.name
        most = _FEW.get(name) if name.startswith(_OURS) else MOST
        if most is None:
            return True
        now = self._clock()
        if self._is_over(name, now):
            record.left_out = max(self._lines.get(name, 0) - most, 0)
            self._began[name], self._lines[name] = now, 0
        self._lines[name] += 1
        return self._lines[name] <= most

    def leaves_out(self, name: str) -> bool:
        """Say whether a line of one of our loggers of few would be left out, which counts as if it was.

        To make a line takes longer than to answer some of what it tells of.
        """
        if self._lines.get(name, 0) < _FEW[name] or self._is_over(name, self._clock()):
            return False
        self._lines[name] += 1
        return True

    def _is_over(self, name: str, now: float) -> bool:
        return now - self._began.get(name, -_MINUTE) >= _MINUTE


BOUNDS: Final = FewFromOutside()
"""Those of this process."""


class TraceOnce:
    """Turns an exception into its name, its words and where it was; its trace comes once an hour.

    In an outage the same error is met by every request and all the work, hundreds of times a minute.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: dict[tuple[type[BaseException], str], float] = {}

    def __call__(self, _logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Rewrite a line that has an exception."""
        error = _error(line.pop("exc_info", None))
        if error is None:
            return line
        line["error"], line["place"] = f"{type(error).__name__}: {error}", _place(error)
        now, known = self._clock(), (type(error), line["place"])
        if now - self._told.get(known, -_TOLD_AGAIN) >= _TOLD_AGAIN:
            self._told[known] = now
            line["exception"] = "".join(traceback.format_exception(error)).rstrip()
        return line


def _error(given: object) -> BaseException | None:
    """Find the exception in what loggers are given for it."""
    if isinstance(given, BaseException):
        return given
    found = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given else None
    return found if isinstance(found, BaseException) else None


def _place(error: BaseException) -> str:
    """Name the last line of a room that an error came through, or of our own, or else the one on which it was raised.

    What all rooms go through, such as a session of the database, says little about what went wrong.
    """
    lines = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(error.__traceback__)]
    ours = [line for line in lines if Path(line[0]).is_relative_to(_ROOT) and "site-packages" not in line[0]]
    rooms = [line for line in ours if not Path(line[0]).is_relative_to(_SHARED)]
    return ":".join(map(str, (rooms or ours or lines or [("", 0)])[-1]))
