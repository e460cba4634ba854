"""Money is a whole number of minor units and a currency; no float comes near it."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

LARGEST_AMOUNT = 50_000_000
"""Minor units a single order may cost: Razorpay's usual limit of ₹5 lakh."""


def format_amount(amount: int, currency: str) -> str:
    """Write minor units as people read them: `format_amount(249900, "INR")` is `₹2,499.00`."""
    exponent = get_currency_precision(currency)
    return format_currency(Decimal(amount).scaleb(-exponent), currency, locale="en_IN")


def included_tax(amount: int, percent: int) -> int:
    """Return the tax inside a tax-inclusive amount, in minor units, rounded half up."""
    return (2 * amount * percent + 100 + percent) // (2 * (100 + percent))
