"""Which amounts Razorpay takes, by currency: asked before anything is held for an order that could never be paid.

Left out are three currencies of which Razorpay itself is not sure how many decimals they have, and those that are
written with other decimals here than there: nobody must see another figure than is charged.
"""

from collections.abc import Mapping
from typing import Final

from checkout_app.core.money import LARGEST_AMOUNT, format_amount


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


NO_DECIMALS: Final = _codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF")
THREE_DECIMALS: Final = _codes("BHD JOD KWD OMR TND")
"""The last of their decimals has to be 0."""
TWO_DECIMALS: Final = _codes(
    """AED AMD AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BZD CAD CHF CNY COP CRC CUP CVE CZK DKK DOP
    DZD EGP ETB EUR FJD GBP GHS GIP GMD GTQ GYD HKD HNL HRK HTG IDR ILS INR JMD KES KGS KHR KYD KZT LKR LRD LSL MAD
    MDL MKD MNT MOP MUR MVR MWK MXN MYR NAD NGN NIO NOK NPR NZD PEN PGK PHP PKR PLN QAR RON RUB SAR SCR SEK SGD SVC
    SZL THB TRY TTD TWD TZS UAH USD UYU UZS XCD ZAR ZMW"""
)
CURRENCIES: Final = NO_DECIMALS | TWO_DECIMALS | THREE_DECIMALS
LEAST: Final[Mapping[str, int]] = {
    **dict.fromkeys(_codes("USD EUR AUD CAD SGD CHF NZD JPY"), 50),
    **dict.fromkeys(_codes("AED MYR SAR QAR ILS PEN"), 10),
    **dict.fromkeys(_codes("SEK NOK"), 300),
    **dict.fromkeys(_codes("IDR COP CRC KHR MNT MWK TZS UZS"), 1000),
    "BDT": 168,
    "CNY": 14,
    "CZK": 46,
    "DKK": 250,
    "GBP": 30,
    "HKD": 400,
    "KES": 201,
    "LKR": 358,
    "MXN": 39,
    "NGN": 723,
    "NPR": 221,
    "PHP": 106,
    "PKR": 227,
    "RUB": 130,
    "THB": 64,
    "ZAR": 29,
}
"""The least that is taken, in minor units, where it is not 100."""
LEAST_ELSEWHERE: Final = 100


def least(currency: str) -> int:
    """Return the least that is taken, or sent back, in minor units."""
    return LEAST.get(currency, LEAST_ELSEWHERE)


def why_not(amount: int, currency: str) -> str:
    """Say why an amount can't be paid; empty when it can."""
    if currency not in CURRENCIES:
        return f"Nothing can be paid in {currency}."
    if amount < least(currency):
        return f"One order has to cost at least {format_amount(least(currency), currency)}."
    if amount > LARGEST_AMOUNT:
        return f"One order can cost at most {format_amount(LARGEST_AMOUNT, currency)}."
    if currency in THREE_DECIMALS and amount % 10:
        return f"An amount in {currency} has to end in 0, which {format_amount(amount, currency)} does not."
    return ""
