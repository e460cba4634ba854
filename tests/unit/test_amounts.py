"""Amounts that Razorpay takes: by their currency, from the least to the most, and written as they are charged."""

import pytest
from babel.numbers import get_currency_precision

from checkout_app.core.money import LARGEST_AMOUNT
from checkout_app.payments.gateway import amounts
from razorpay_sandbox.core import money


@pytest.mark.parametrize(
    ("amount", "currency", "why"),
    [
        (99, "INR", "One order has to cost at least ₹1.00."),
        (100, "INR", ""),
        (LARGEST_AMOUNT, "INR", ""),
        (LARGEST_AMOUNT + 1, "INR", "One order can cost at most ₹5,00,000.00."),
        (49, "USD", "One order has to cost at least $0.50."),
        (50, "USD", ""),
        (99991, "KWD", "An amount in KWD has to end in 0, which KWD99.991 does not."),
        (99980, "KWD", ""),
        (99, "VND", "One order has to cost at least ₫100."),
        (1000, "XXX", "Nothing can be paid in XXX."),
        (1000, "inr", "Nothing can be paid in inr."),
        (1000, "LAK", "Nothing can be paid in LAK."),
    ],
)
def test_why_an_amount_cant_be_paid_is_said_in_a_sentence(amount: int, currency: str, why: str) -> None:
    assert amounts.why_not(amount, currency) == why


def test_every_currency_is_written_with_as_many_decimals_as_it_is_charged_with() -> None:
    decimals = {0: amounts.NO_DECIMALS, 2: amounts.TWO_DECIMALS, 3: amounts.THREE_DECIMALS}
    for number, currencies in decimals.items():
        for currency in currencies:
            assert (get_currency_precision(currency), money.exponent(currency)) == (number, number), currency


def test_the_sandbox_takes_as_little_of_each_currency_and_no_less() -> None:
    assert {currency: amounts.LEAST.get(currency, amounts.LEAST_ELSEWHERE) for currency in amounts.CURRENCIES} == {
        currency: money.least(currency) for currency in amounts.CURRENCIES
    }
