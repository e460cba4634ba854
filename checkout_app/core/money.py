"""Money is a whole number of minor units and a currency; no float comes near it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision

_WHOLE = 10_000  # basis points

LARGEST_AMOUNT = 50_000_000
"""Minor units a single order may cost: Razorpay's usual limit of ₹5 lakh."""


@lru_cache(maxsize=4096)
def format_amount(amount: int, currency: str) -> str:
    """Write minor units as people read them: `format_amount(249900, "INR")` is `₹2,499.00`."""
    return format_currency(in_major_units(amount, currency), currency, locale="en_IN")


def in_major_units(amount: int, currency: str) -> Decimal:
    """Write minor units as programs read them: `in_major_units(249900, "INR")` is `2499.00`."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))


@lru_cache(maxsize=4096)
def format_price(amount: int, currency: str) -> str:
    """Write minor units as price tags do, without those where there are none: `₹2,499`, but `₹349.50`."""
    whole, rest = divmod(amount, 10 ** get_currency_precision(currency))
    if rest:
        return format_amount(amount, currency)
    return format_currency(whole, currency, format="¤#,##,##0", locale="en_IN", currency_digits=False)


def format_rate(rate: int) -> str:
    """Write basis points as people read them: `format_rate(25)` is `0.25 %`."""
    return f"{Decimal(rate).scaleb(-2).normalize():f} %"


@dataclass(frozen=True, slots=True)
class IncludedTax:
    """The tax inside an amount, by kind; minor units."""

    cgst: int
    sgst: int
    igst: int = 0

    @property
    def total(self) -> int:
        """All kinds together."""
        return self.cgst + self.sgst + self.igst


def included_tax(amount: int, rate: int, *, across: bool = False) -> IncludedTax:
    """Return the tax inside a tax-inclusive amount at a rate in basis points, rounded half up to the minor unit.

    All of it is the Union's to collect where a sale goes `across` a State's border. Within a State half is the Union's
    and half the State's, and an odd paisa is in the State's half.
    """
    tax = (2 * amount * rate + _WHOLE + rate) // (2 * (_WHOLE + rate))
    return IncludedTax(0, 0, tax) if across else IncludedTax(cgst=tax // 2, sgst=tax - tax // 2)


def part_of(amount: int, rate: int) -> int:
    """Return so many basis points of an amount, rounded half up to the minor unit."""
    return (2 * amount * rate + _WHOLE) // (2 * _WHOLE)


def spread(amount: int, values: Sequence[int]) -> list[int]:
    """Split an amount by values, to the last minor unit: what rounding leaves goes to the largest remainders.

    Of two alike the first has it. No part of an amount that is not more than the values is more than its own value.
    """
    whole = sum(values)
    parts = [amount * value // whole for value in values]
    by_remainder = sorted(range(len(values)), key=lambda place: -(amount * values[place] % whole))
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return parts
