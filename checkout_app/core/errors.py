"""The base of everything that can be refused. Each room has its own family of refusals in its `errors.py`.

Each class carries its HTTP status, a stable code for programs and a sentence for people. The API turns it into
`application/problem+json`, the pages into a message; nothing else translates errors.
"""

import secrets
from collections.abc import Mapping
from typing import ClassVar, Final

import structlog
from sqlalchemy.exc import OperationalError
from structlog.contextvars import get_contextvars

log = structlog.stdlib.get_logger(__name__)

OUTAGES: Final = "checkout_app.outages"
"""Our logger of what everybody meets while something is away: few of its lines are written."""
_outages = structlog.stdlib.get_logger(OUTAGES)


class ShopError(Exception):
    """Base of everything the shop refuses. `detail` says more about this one case."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    sentence: ClassVar[str] = "Something went wrong on our side."
    retry_after: int | None = None  # seconds

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.sentence)
        self.detail = detail or self.sentence


class InvalidInput(ShopError):
    """Input of the wrong shape; `fields` holds one sentence a field."""

    status = 422
    code = "invalid_input"
    sentence = "Some of the input can't be used."

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class RateLimited(ShopError):
    """Too many tries; `retry_after` seconds to wait."""

    status = 429
    code = "rate_limited"
    sentence = "Too many tries."

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many tries. Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class Unavailable(ShopError):
    """What the shop can't do without does not answer, or can't do it now; nothing is lost and trying again is safe."""

    status = 503
    code = "temporarily_unavailable"
    sentence = "The shop does not answer just now. Nothing is lost; try again in a moment."
    retry_after = 5


class InternalError(ShopError):
    """Something unforeseen; `reference` finds its trace in the log."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"Something went wrong on our side. Tell us this reference: {reference}.")
        self.reference = reference


def refusal(error: BaseException, where: str) -> ShopError:
    """Turn any error into what may be told of it.

    One that nobody foresaw is logged under a reference that its victim can tell us: the id of the request. That the
    database is away is for the log too, but no reference would help who has to wait.
    """
    if isinstance(error, ShopError):
        return error
    if isinstance(error, OperationalError):
        return unavailable("database does not answer", error, where)
    reference = get_contextvars().get("request_id") or secrets.token_hex(6)
    log.error("unforeseen error", request_id=reference, where=where, exc_info=error)
    return InternalError(reference)


def unavailable(what: str, error: BaseException, where: str) -> Unavailable:
    """Tell the log of an outage, and return what its victims are told."""
    _outages.error(what, where=where, exc_info=error)
    return Unavailable()
