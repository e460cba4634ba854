"""The log of the sandbox that runs on its own: every line in one form on stderr, as JSON or as text.

Inside another program its lines go where that program's structlog sends them.
"""

import logging
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from structlog.stdlib import ProcessorFormatter

FORMS: Final = ("text", "json")
_LONGEST: Final = 1000
_LONGEST_TRACE: Final = 8000

_Line = MutableMapping[str, Any]


def configure(form: str) -> None:
    """Take over the log of this process, in one of the forms."""
    rendered: list[Any] = [structlog.processors.JSONRenderer()]
    if form == "text":
        plain = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, sort_keys=False, timestamp_key="time")
        rendered = [_indent, plain]
    handler = logging.StreamHandler()
    handler.setFormatter(
        ProcessorFormatter(processors=[_begin, structlog.processors.format_exc_info, _clean, *rendered])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _begin(_logger: object, _name: str, line: _Line) -> _Line:
    """Begin a line with what every line has."""
    record: logging.LogRecord = line.pop("_record")
    del line["_from_structlog"]
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    head = {"time": at, "level": record.levelname.lower(), "logger": record.name, "event": line.pop("event")}
    return head | dict(line)


def _clean(_logger: object, _name: str, line: _Line) -> _Line:
    """Spell out what a terminal obeys, and cut what nobody reads: paths are whatever a caller sends."""
    trace = line.pop("exception", None)
    cleaned: _Line = {name: _cleaned_value(value) for name, value in line.items()}
    if trace is not None:
        cleaned["exception"] = "\n".join(map(_escaped, trace[-_LONGEST_TRACE:].split("\n")))
    return cleaned


def _cleaned_value(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return _escaped(str(value)[:_LONGEST])


def _escaped(text: str) -> str:
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _indent(_logger: object, _name: str, line: _Line) -> _Line:
    """Indent a trace, so that nothing in it can pass for a line of its own."""
    if "exception" in line:
        line["exception"] = "\n".join(f"    {text}" for text in line["exception"].split("\n"))
    return line
