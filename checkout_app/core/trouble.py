"""Trouble that lasts: told of when it begins, ever more rarely while it goes on, and when it is over."""

import structlog

log = structlog.stdlib.get_logger(__name__)


class Trouble:
    """Counts how often in a row something failed, and tells of the first time, the second, the fourth, the eighth."""

    def __init__(self) -> None:
        self._times = 0

    def met(self, error: Exception) -> None:
        """Count one more failure."""
        self._times += 1
        if self._times.bit_count() == 1:
            log.error("work failed and is tried again", times=self._times, exc_info=error)

    def over(self) -> None:
        """Begin anew: it did not fail."""
        if self._times:
            log.info("work goes on", failed_times=self._times)
        self._times = 0
