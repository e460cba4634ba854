"""UPI links as codes to scan. Only payment links are drawn, so that nobody's text gets this gateway's face."""

import io
import re
from typing import Final
from urllib.parse import parse_qs

import segno

from razorpay_sandbox.checkout.assets import Asset
from razorpay_sandbox.core.errors import invalid

_START: Final = "upi://pay?"
_LONGEST: Final = 512
_PAYEE: Final = re.compile(r"[A-Za-z0-9._-]{2,256}@[A-Za-z][A-Za-z0-9]{1,63}")
_AMOUNT: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,3})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_INK: Final = "#0b1530"
_PAPER: Final = "#ffffff"


def _check(link: str) -> None:
    if len(link) > _LONGEST:
        raise invalid(f"The link may have at most {_LONGEST} characters.", "link")
    if not link.startswith(_START):
        raise invalid(f"The link must begin with {_START}", "link")
    fields = {name: values[0] for name, values in parse_qs(link.removeprefix(_START)).items()}
    for name, shape in (("pa", _PAYEE), ("am", _AMOUNT), ("cu", _CURRENCY)):
        if not shape.fullmatch(fields.get(name, "")):
            raise invalid(f"The link's {name} is missing or invalid.", "link")


def draw(link: str) -> Asset:
    """Draw the code of a UPI payment link; refuses other and overlong text."""
    _check(link)
    drawn = io.BytesIO()
    segno.make_qr(link, error="m").save(drawn, kind="svg", dark=_INK, light=_PAPER, omitsize=True)
    return Asset(drawn.getvalue(), "image/svg+xml")
