"""Checks of single fields that several calls share."""

import re
from collections.abc import Collection
from typing import Any, Final

from razorpay_sandbox.core import money
from razorpay_sandbox.core.errors import invalid, not_an_integer, required, unexpected_field

_MOST_NOTES: Final = 15
_LONGEST_NOTE_KEY: Final = 256
_LONGEST_NOTE: Final = 512
_LONGEST_RECEIPT: Final = 40
_DIGITS: Final = re.compile(r"[0-9]{1,18}")

Notes = dict[str, Any] | list[Any]


def known_fields(body: dict[str, Any], known: Collection[str]) -> None:
    """Refuse a field that a call of the sandbox's own does not take: it was misspelt, or hoped for."""
    for name in body:
        if name not in known:
            taken = f"known are {', '.join(known)}" if known else "there is none to give here"
            raise invalid(f"The field {name} is not known; {taken}.", name)


def integer(body: dict[str, Any], field: str) -> int:
    """Read a mandatory integer."""
    value = body.get(field)
    if value is None or value == "":
        raise required(field)
    if not isinstance(value, int) or isinstance(value, bool):
        raise not_an_integer(field)
    return value


def digits(body: dict[str, Any], field: str) -> int:
    """Read a mandatory integer that may also be written as text: what is asked for is a number without a point."""
    value = body.get(field)
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    return integer(body, field)


def at_least_the_minimum(amount: int, currency: str) -> None:
    """Refuse an amount too small to charge or refund."""
    least = money.least(currency)
    if amount < least:
        raise invalid(f"The amount must be at least {money.written(least, currency)}", "amount")
    if not money.ends_in_zero(amount, currency):
        raise invalid(f"The last digit of an amount in {currency} must be 0.", "amount")


def currency(body: dict[str, Any]) -> str:
    """Read a mandatory currency code in capitals."""
    value = body.get("currency")
    if value is None or value == "":
        raise required("currency")
    if not isinstance(value, str) or value not in money.CURRENCIES:
        raise invalid("currency: validation_failure: BAD_REQUEST_INVALID_CURRENCY.", "currency")
    return value


def receipt(body: dict[str, Any]) -> str | None:
    """Read an optional receipt of at most 40 ASCII characters."""
    value = body.get("receipt")
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise invalid("The receipt must be a string.", "receipt")
    if not value.isascii():
        raise invalid("The receipt: validation_failure: BAD_REQUEST_ENCODING_VALIDATION_FAILED.", "receipt")
    if len(value) > _LONGEST_RECEIPT:
        raise invalid(f"receipt: the length must be no more than {_LONGEST_RECEIPT}.", "receipt")
    return value


def notes(body: dict[str, Any]) -> Notes:
    """Read optional notes: at most 15 short pairs. None at all are an empty list, as the API writes them."""
    value = body.get("notes")
    if not value:
        return []
    if not isinstance(value, dict):
        raise invalid("Notes should be provided as a dictionary", "notes")
    if len(value) > _MOST_NOTES:
        raise invalid(f"Number of fields in notes should be less than or equal to {_MOST_NOTES}", "notes")
    for key, note in value.items():
        if isinstance(note, dict | list):
            raise invalid("Notes values themselves should not be an array", "notes")
        if len(key) > _LONGEST_NOTE_KEY or len(str(note)) > _LONGEST_NOTE:
            raise invalid(
                f"A note has a key of at most {_LONGEST_NOTE_KEY} and a value of at most {_LONGEST_NOTE} characters",
                "notes",
            )
    return value


def only_notes(body: dict[str, Any]) -> Notes:
    """Read the body of an update, which may change notes and nothing else."""
    for field in body:
        if field != "notes":
            raise unexpected_field(field)
    if "notes" not in body:
        raise required("notes")
    return notes(body)


def flag(body: dict[str, Any], field: str, *, default: bool) -> bool:
    """Read an optional boolean, which may also be written 0 or 1, as a number or, in old tutorials, as text."""
    value = body.get(field)
    if value is None:
        return default
    if value in (0, 1, "0", "1"):
        return value in (1, "1")
    raise invalid(f"The {field} field must be true or false.", field)
