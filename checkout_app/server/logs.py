"""The log of a process: whoever writes a line, it goes to stderr, in one form, as JSON or as text."""

import json
import logging
import os
from collections.abc import MutableMapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import granian.log
import structlog
from sqlalchemy.engine import make_url
from structlog.contextvars import get_contextvars
from typing_extensions import override

from checkout_app.core.settings import Settings, settings
from checkout_app.server.log_bounds import BOUNDS, TraceOnce
from checkout_app.server.log_fence import Fence

_QUIET: Final = ("alembic", "httpx", "uvicorn.access", "socketio.server", "engineio.server")
"""Libraries that have nothing to tell unless something is wrong; for a request there is a line of our own.

The last two would bring handlers of their own, as long as nobody has said how much they are to tell.
"""
_ROOTS_OF_OTHERS: Final = ("reflex", "uvicorn", "uvicorn.access", "_granian", "granian.access")
"""Loggers that bring handlers of their own."""
_MARK_OF_REFLEX: Final = "REFLEX_MANAGED_LOGGING"
"""While this is in the environment, Reflex's command attaches its own handlers again and again."""

_UNSAID: Final = frozenset({"time", "level", "logger"})
"""What nobody says who writes a line."""
_FIRST: Final = ("request_id", "order_id")
_JSON: Final = json.JSONEncoder()
"""Made once; the fence leaves only texts and numbers."""

_Line = MutableMapping[str, Any]


def configure() -> None:
    """Take over the log of this process. Whoever starts one calls this before anything else."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(settings().log_format, secrets_of(settings())))
    handler.addFilter(BOUNDS)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # No line says in which place of which thread it was written, and to find that out takes longer than to write it.
    logging._srcfile = None  # noqa: SLF001 - the way that logging's own documentation gives
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.captureWarnings(capture=True)
    _take_over_libraries()
    use_standard_logging()


def use_standard_logging() -> None:
    """Let our own lines go the way of everybody's, through the standard library's loggers."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _hand_over,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def formatter(form: str, secrets: Sequence[str] = ()) -> logging.Formatter:
    """Return what writes a line in a form, `json` or `text`."""
    processors: list[Any] = [TraceOnce(), _Fenced(Fence(secrets))]
    if form == "text":
        plain = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, sort_keys=False, timestamp_key="time")
        return _Formatter([*processors, _indent, plain])
    return _Formatter([*processors, _as_json])


class _Ours(dict[str, Any]):
    """A line of our own, as it goes through the standard library's loggers."""


def _hand_over(_logger: object, _name: str, line: _Line) -> tuple[tuple[_Ours], dict[str, Any]]:
    return (_Ours(line),), {}


class _Formatter(logging.Formatter):
    """Writes every line in one form, whoever it comes from."""

    def __init__(self, processors: Sequence[Any]) -> None:
        super().__init__()
        self._processors = processors

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: Any = _begin(record)
        for process in self._processors:
            line = process(None, "", line)
        return str(line)


def _begin(record: logging.LogRecord) -> _Line:
    """Begin a line with what every line has; its order is the one in which it is read."""
    at = f"{_second(int(record.created))}.{int(record.msecs):03}Z"
    said = record.msg if isinstance(record.msg, _Ours) else _of_others(record)
    head = {"time": at, "level": record.levelname.lower(), "logger": record.name, "event": said["event"]}
    ids = {name: said[name] for name in _FIRST if name in said}
    line = head | ids | said | head
    if left_out := getattr(record, "left_out", 0):
        line["left_out"] = left_out
    return line


@lru_cache(1)
def _second(at: int) -> str:
    """Spell a second since 1970; many lines are of the same one."""
    return datetime.fromtimestamp(at, UTC).isoformat().removesuffix("+00:00")


def _of_others(record: logging.LogRecord) -> dict[str, Any]:
    return get_contextvars() | {"event": record.getMessage(), "exc_info": record.exc_info}


class _Fenced:
    """Lets nothing into a line but what the fence lets through."""

    def __init__(self, fence: Fence) -> None:
        self._fence = fence

    def __call__(self, _logger: object, _name: str, line: _Line) -> _Line:
        trace = line.pop("exception", None)
        fenced: _Line = {
            name: value if name in _UNSAID else self._fence.value(name, value) for name, value in line.items()
        }
        if trace is not None:
            fenced["exception"] = self._fence.trace(trace)
        return fenced


def _as_json(_logger: object, _name: str, line: _Line) -> str:
    return _JSON.encode(line)


def _indent(_logger: object, _name: str, line: _Line) -> _Line:
    """Indent a trace, so that nothing in it can pass for a line of its own."""
    if "exception" in line:
        line["exception"] = "\n".join(f"    {text}" for text in line["exception"].split("\n"))
    return line


def _take_over_libraries() -> None:
    """Let the libraries' lines come to our handler, and to it alone."""
    os.environ.pop(_MARK_OF_REFLEX, None)
    for name in _ROOTS_OF_OTHERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    granian.log.LOGGING_CONFIG["handlers"] = {}  # the server sets its handlers after this, and again in each worker
    granian.log.LOGGING_CONFIG["loggers"] = {"_granian": {"propagate": True}}


def secrets_of(shop: Settings) -> list[str]:
    """Name what must not stand in any line, wherever it comes from."""
    passwords = [make_url(url).password for url in (shop.database_url, shop.redis_url, shop.smtp_url) if url]
    secrets = [getattr(shop, name) for name in Settings.model_fields if "secret" in name]
    watching = (shop.metrics_token, shop.alert_webhook_url)
    return [str(secret) for secret in (*secrets, *watching, *passwords) if secret]
