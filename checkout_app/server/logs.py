"""Keep secrets out of the log: Reflex writes whole events there, with the visitor's headers in them."""

import logging
import re

from typing_extensions import override

_LOGGERS = (
    "reflex_base.event.processor.event_processor",
    "reflex_base.event.processor.base_state_processor",
    "reflex.app",
    "granian.access",
    "uvicorn.access",
)
_LONGEST = 4000
_SECRET = re.compile(
    r"""(?ix)
    (?P<name>
        ['"]? \b (?: cookie | set-cookie | authorization | token | access_token | ticket | password ) ['"]? \s* [:=] \s*
    )
    (?: '[^']*' | "[^"]*" | [^\s&'",}]+ )
    """
)


class RedactSecrets(logging.Filter):
    """Blank out cookies, authorizations and tokens in a record, and cut what is too long to read."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message; it is always kept."""
        record.msg, record.args = redact(record.getMessage()), ()
        return True


def redact(text: str) -> str:
    """Return `text` with the values of secret fields blanked out, at most 4,000 characters of it."""
    return _SECRET.sub(r"\g<name>[redacted]", text)[:_LONGEST]


def redact_secrets() -> None:
    """Watch the loggers that may see a visitor's headers."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(RedactSecrets())
