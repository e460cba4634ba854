"""What can go wrong between shop and Razorpay. No buyer ever meets one of these: `payments.errors` is what they see.

RazorpayError
  Refused            the gateway understood and said no (4xx)
    NotFound         it does not know this id
    Conflict         the same request is running, or ran with another body (409)
  Unavailable        no trustworthy answer: whether it took effect is unknown
    Garbled          it answered something else than what was asked for
    Throttled        it wants us to slow down (429)
    Misconfigured    it does not accept our keys (401): an operator's business, never the buyer's
"""

from typing import Any


class RazorpayError(Exception):
    """Base of what can go wrong at the gateway; keeps what the SDK's own errors throw away."""

    def __init__(self, description: str, *, status: int = 0, error: dict[str, Any] | None = None) -> None:
        super().__init__("".join(filter(str.isprintable, description)))  # it is logged, kept and shown
        self.status = status
        error = error or {}
        self.code: str = str(error.get("code") or "")
        self.field: str = str(error.get("field") or "")
        self.reason: str = str(error.get("reason") or "")


class Refused(RazorpayError):
    """The gateway understood the request and said no."""


class NotFound(Refused):
    """The gateway does not know this id, or our key may not see it."""


class Conflict(Refused):
    """An idempotency key is in use: the same request is running, or ran with another body."""


class Unavailable(RazorpayError):
    """No trustworthy answer. What was asked may or may not have happened."""


class Garbled(Unavailable):
    """A success that is not what was asked for; asking again hardly helps."""


class Throttled(Unavailable):
    """The gateway wants us to slow down, for `retry_after` seconds."""

    retry_after: int = 1


class Misconfigured(Unavailable):
    """The gateway does not accept our keys."""
