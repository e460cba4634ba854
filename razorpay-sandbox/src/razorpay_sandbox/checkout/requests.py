"""What the frame sends, read with care: known fields of the right kind, and never a whole card number."""

import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from razorpay_sandbox.api.forms import json_value
from razorpay_sandbox.api.front import read_body
from razorpay_sandbox.core import validation
from razorpay_sandbox.core.errors import invalid, not_an_integer
from razorpay_sandbox.payments.attempts import OUTCOMES, AttemptRequest, Card, Outcome

_DIGITS: Final = re.compile(r"[0-9]{1,15}")
_LAST4: Final = re.compile(r"[0-9]{4}")
_LONG_DIGITS: Final = re.compile(r"[0-9](?:[ -]?[0-9]){11,}")
_LONGEST_TEXT: Final = 512


def check_amount(query: Mapping[str, str]) -> None:
    """Refuse an amount that checkout cannot ask for; a page may leave it to the order."""
    if "amount" not in query:
        return
    if not _DIGITS.fullmatch(query["amount"]):
        raise not_an_integer("amount")
    validation.at_least_the_minimum(int(query["amount"]), query.get("currency", "INR"))


async def json_object(request: Request) -> dict[str, Any]:
    """Read a JSON object. Only the JSON media type is taken: other pages cannot send it without being asked first."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise invalid("The request must be JSON.")
    try:
        body = json_value(await read_body(request))
    except ValueError as error:
        raise invalid("The request must be JSON.") from error
    if not isinstance(body, dict):
        raise invalid("The request must be JSON.")
    return body


def text(body: dict[str, Any], name: str) -> str | None:
    """Read an optional text; blank counts as absent."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise invalid(f"The {name} is invalid.", name)
    return value


def _card(body: dict[str, Any]) -> Card:
    given = body.get("card")
    if not isinstance(given, dict):
        raise invalid("The card field is required.", "card")
    last4 = text(given, "last4") or ""
    name = text(given, "name") or ""
    if not _LAST4.fullmatch(last4) or _LONG_DIGITS.search(name):
        raise invalid("The card is invalid.", "card")
    return Card(
        last4=last4,
        network=text(given, "network") or "Unknown",
        name=name,
        type=text(given, "type") or "unknown",
        issuer=text(given, "issuer"),
        international=given.get("international") is True,
    )


def attempt(body: dict[str, Any]) -> AttemptRequest:
    """Turn what the frame sent into an attempt."""
    method = text(body, "method") or ""
    amount = body.get("amount")
    notes = body.get("notes")
    return AttemptRequest(
        order_id=text(body, "order_id"),
        amount=amount,
        currency=text(body, "currency") or "INR",
        method=method,
        card=_card(body) if method == "card" else Card(),
        vpa=text(body, "vpa"),
        bank=text(body, "bank"),
        wallet=text(body, "wallet"),
        email=text(body, "email"),
        contact=text(body, "contact"),
        notes=notes if isinstance(notes, dict) else {},
        description=text(body, "description"),
    )


def outcome(body: dict[str, Any]) -> Outcome:
    """Read what the buyer or the test bank decided."""
    for known in OUTCOMES:
        if body.get("outcome") == known:
            return known
    raise invalid(f"The outcome must be one of {', '.join(OUTCOMES)}.", "outcome")
