"""What somebody says of a product before it is one: each thing by a rule, and all that is wrong told at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypedDict, cast

from checkout_app.core.money import LARGEST_AMOUNT, format_amount
from checkout_app.core.text import Unfit, one_line

LONGEST_NAME: Final = 120
LONGEST_CATEGORY: Final = 40
LONGEST_SUMMARY: Final = 200
LONGEST_DESCRIPTION: Final = 4_000
MOST_DETAILS: Final = 20
LONGEST_TERM: Final = 40
LONGEST_DETAIL: Final = 300
MOST_PICTURES: Final = 8
LONGEST_ALT: Final = 300
LONGEST_SKU: Final = 80
LONGEST_BACK_IN: Final = 40
SMALLEST_AMOUNT: Final = 100
"""Minor units: Razorpay takes no less than ₹1."""
MOST_UNITS: Final = 1_000_000
HEAVIEST: Final = 1_000_000
"""Grams: a tonne."""
GST_RATES: Final = (0, 25, 150, 300, 500, 1_800, 4_000)
"""What goods are taxed by since September 2025, in basis points. What has another rate may keep it."""

_HSN: Final = re.compile(r"[0-9]{4}|[0-9]{6}|[0-9]{8}")
_SKU: Final = re.compile(rf"[!-~]{{1,{LONGEST_SKU}}}")


class Draft(TypedDict, total=False):
    """What is said of a product, with the one variant that it has; what is not said stays, or is what it usually is.

    Amounts are minor units, rates basis points, weights grams. No `stock` is what never runs out.
    """

    name: str
    category: str
    summary: str
    description: str
    details: list[dict[str, str]]
    """Rows of a `term` and a `text`, such as the country of origin."""
    pictures: list[dict[str, str]]
    """Photographs by their `id`, with what each shows, `alt`; the first stands for the product."""
    amount: int
    tax_rate: int
    hsn: str
    weight: int | None
    sku: str
    stock: int | None
    digital: bool
    on_sale: bool
    back_in: str | None


def fit(draft: Draft) -> tuple[Draft, dict[str, str]]:
    """Return what may be kept of a draft, and by its field what is wrong with the rest."""
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field, said in draft.items():
        try:
            kept[field] = _RULES[field](said)
        except Unfit as unfit:
            wrong[field] = str(unfit)
    return cast("Draft", kept), wrong


def _line(longest: int, *, needed: str = "") -> Callable[[str], str]:
    """Take a line; where one is `needed`, that says so."""

    def rule(said: str) -> str:
        try:
            text = one_line(said, longest)
        except Unfit:
            raise Unfit(f"Use at most {longest} ordinary characters.") from None
        if needed and not text:
            raise Unfit(needed)
        return text

    return rule


def _back_in(said: str | None) -> str | None:
    return _line(LONGEST_BACK_IN)(said or "") or None


def _paragraphs(said: str) -> str:
    """Take words in lines of their own, without what is empty at their ends."""
    if len(said) > 2 * LONGEST_DESCRIPTION:
        raise Unfit(f"Use at most {LONGEST_DESCRIPTION} characters.")
    text = "\n".join(_line(LONGEST_DESCRIPTION)(line) for line in said.splitlines()).strip()
    if len(text) > LONGEST_DESCRIPTION:
        raise Unfit(f"Use at most {LONGEST_DESCRIPTION} characters.")
    return text


def _details(said: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    if len(said) > MOST_DETAILS:
        raise Unfit(f"There are at most {MOST_DETAILS} details.")
    needed = "A detail is what it is called, a colon, and what there is to say: Country of origin: India."
    term, text = _line(LONGEST_TERM, needed=needed), _line(LONGEST_DETAIL, needed=needed)
    return [{"term": term(each["term"]), "text": text(each["text"])} for each in said]


def _pictures(said: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    if len(said) > MOST_PICTURES:
        raise Unfit(f"There are at most {MOST_PICTURES} pictures.")
    return [{"id": each["id"], "alt": _line(LONGEST_ALT)(each.get("alt", ""))} for each in said]


def _amount(said: int) -> int:
    if not SMALLEST_AMOUNT <= said <= LARGEST_AMOUNT:
        least, most = (format_amount(amount, "INR") for amount in (SMALLEST_AMOUNT, LARGEST_AMOUNT))
        raise Unfit(f"A price is from {least} to {most}.")
    return said


def _hsn(said: str) -> str:
    code = said.replace(" ", "")
    if code and not _HSN.fullmatch(code):
        raise Unfit("An HSN or SAC code has 4, 6 or 8 digits.")
    return code


def _sku(said: str) -> str:
    if not _SKU.fullmatch(sku := said.strip()):
        raise Unfit(f"A SKU has up to {LONGEST_SKU} letters, digits and signs, without a space.")
    return sku


def _whole(least: int, most: int, what: str) -> Callable[[int | None], int | None]:
    def rule(said: int | None) -> int | None:
        if said is not None and not least <= said <= most:
            raise Unfit(f"{what} from {least} to {most:,}.")
        return said

    return rule


def _as_said(said: Any) -> Any:
    return said


_RULES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "name": _line(LONGEST_NAME, needed="Say what it is called."),
    "category": _line(LONGEST_CATEGORY, needed="Say among what it is found."),
    "summary": _line(LONGEST_SUMMARY),
    "description": _paragraphs,
    "details": _details,
    "pictures": _pictures,
    "amount": _amount,
    "tax_rate": _as_said,  # which depends on what it is now
    "hsn": _hsn,
    "weight": _whole(1, HEAVIEST, "Grams,"),
    "sku": _sku,
    "stock": _whole(0, MOST_UNITS, "Units,"),
    "digital": _as_said,
    "on_sale": _as_said,
    "back_in": _back_in,
}
