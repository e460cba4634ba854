"""Request bodies: JSON, and forms with bracket keys as the PHP and Ruby SDKs send them."""

import json
import math
import re
from typing import Any, Final
from urllib.parse import parse_qsl

from razorpay_sandbox.core.errors import invalid

_INTEGERS: Final = {
    *("amount", "first_payment_min_amount", "payment_capture", "partial_payment", "unique_receipt"),
    *("automatic_expiry_period", "manual_expiry_period"),
}
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
_PART: Final = re.compile(r"\[([^\]]*)\]")
_DEEPEST: Final = 5


def read(content_type: str, raw: bytes) -> dict[str, Any]:
    """Read a body by its type; nothing at all is an empty body."""
    if not raw.strip():
        return {}
    if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        return from_form(raw)
    return from_json(raw)


def _not_json(constant: str) -> Any:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def json_value(raw: bytes) -> Any:
    """Read JSON as its standard knows it; raises ValueError.

    No half characters, no Infinity, and no NaN, which passes every limit because it compares false with all of them.
    """
    try:
        value = json.loads(raw.decode(), parse_constant=_not_json, parse_float=_finite)
    except RecursionError as deep:
        raise ValueError("This is nested too deeply.") from deep
    if b"\\ud" in raw.lower():
        json.dumps(value, ensure_ascii=False).encode()
    return value


def from_json(raw: bytes) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        body = json_value(raw)
    except ValueError:
        raise invalid("EOF.") from None
    if not isinstance(body, dict):
        raise invalid("The request body must be a JSON object.")
    return body


def _value(key: str, text: str) -> str | int:
    """Give numbers back their type: a form only knows text."""
    if key not in _INTEGERS:
        return text
    if text in ("true", "false"):
        return int(text == "true")
    return int(text) if _NUMBER.fullmatch(text) else text


def from_form(raw: bytes) -> dict[str, Any]:
    """Read ``a=1&notes[k]=v&list[]=x`` into nested objects and lists."""
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise invalid("EOF.") from None
    body: dict[str, Any] = {}
    for name, text in pairs:
        path = [name.partition("[")[0], *_PART.findall(name)][:_DEEPEST]
        _place(body, path, text)
    return body


def _place(body: dict[str, Any], path: list[str], text: str) -> None:
    *folders, last = path
    if last == "" and folders:
        *folders, last = folders
        spot = _folder(body, folders)
        earlier = spot.get(last)
        spot[last] = [*(earlier if isinstance(earlier, list) else []), text]
        return
    in_notes = "notes" in folders
    _folder(body, folders)[last] = text if in_notes else _value(last, text)


def _folder(body: dict[str, Any], folders: list[str]) -> dict[str, Any]:
    for name in folders:
        inner = body.get(name)
        if not isinstance(inner, dict):
            inner = body[name] = {}
        body = inner
    return body
