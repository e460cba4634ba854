"""Currencies, least amounts and fees. Amounts are integers in the smallest unit throughout."""

from typing import Final


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ZERO_DECIMALS: Final = _codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF")
_THREE_DECIMALS: Final = _codes("BHD IQD JOD KWD OMR TND")
_TWO_DECIMALS: Final = _codes(
    """AED ALL AMD AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BZD CAD CHF CNY COP CRC CUP CVE CZK DKK DOP
    DZD EGP ETB EUR FJD GBP GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK LKR LRD
    LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PEN PGK PHP PKR PLN QAR RON RSD
    RUB SAR SCR SEK SGD SLL SOS SVC SZL THB TRY TTD TWD TZS UAH USD UYU UZS XCD YER ZAR ZMW"""
)
CURRENCIES: Final = _ZERO_DECIMALS | _TWO_DECIMALS | _THREE_DECIMALS

_LEAST: Final = {
    **dict.fromkeys(_codes("USD EUR AUD CAD SGD CHF NZD JPY"), 50),
    **dict.fromkeys(_codes("AED MYR SAR QAR ILS PEN"), 10),
    **dict.fromkeys(_codes("SEK NOK"), 300),
    **dict.fromkeys(_codes("IDR COP CRC KHR LAK MMK MNT MWK SLL SOS TZS UZS"), 1000),
    "GBP": 30,
    "HKD": 400,
    "DKK": 250,
    "HUF": 555,
    "MXN": 39,
    "ZAR": 29,
    "THB": 64,
    "PHP": 106,
    "NPR": 221,
    "LKR": 358,
    "BDT": 168,
    "PKR": 227,
    "CNY": 14,
    "CZK": 46,
    "KES": 201,
    "NGN": 723,
    "RUB": 130,
}
_LEAST_ELSEWHERE: Final = 100

_TAX_FREE_CARD_LIMIT: Final = 200_000  # Indian GST is not charged on the fee of small card payments


def exponent(currency: str) -> int:
    """Tell how many decimals a currency is written with."""
    if currency in _ZERO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def least(currency: str) -> int:
    """Tell the smallest amount that can be charged."""
    return _LEAST.get(currency, _LEAST_ELSEWHERE)


def written(amount: int, currency: str) -> str:
    """Write an amount the way error messages do: ``INR 1.00``."""
    places = exponent(currency)
    if not places:
        return f"{currency} {amount}"
    whole, fraction = divmod(amount, 10**places)
    return f"{currency} {whole}.{fraction:0{places}d}"


def ends_in_zero(amount: int, currency: str) -> bool:
    """Say whether an amount keeps the rule that the last of three decimals is 0."""
    return currency not in _THREE_DECIMALS or amount % 10 == 0


def _percent(amount: int, rate: int) -> int:
    """Take a whole percentage, half a unit rounded up."""
    return (amount * rate + 50) // 100


def fee_and_tax(amount: int, method: str) -> tuple[int, int]:
    """Work out what a captured payment costs: (fee including tax, the tax in it).

    Two per cent, and 18 % GST on it except on card payments of at most ₹2,000.
    """
    return _fee(amount, tax_free=method == "card" and amount <= _TAX_FREE_CARD_LIMIT)


def fee_of_customer(amount: int) -> tuple[int, int]:
    """Work out what a customer who bears the fee pays on top of an amount: (fee including tax, the tax in it).

    It is taxed whatever the method, because checkout shows the sum before a method is chosen.
    """
    return _fee(amount, tax_free=False)


def _fee(amount: int, *, tax_free: bool) -> tuple[int, int]:
    base = _percent(amount, 2)
    tax = 0 if tax_free else _percent(base, 18)
    return base + tax, tax
