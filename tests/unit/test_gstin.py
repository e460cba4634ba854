"""What can be a number with GST, by its form, its State and its check digit."""

import pytest
from stdnum import luhn

from checkout_app.seller import gstin
from checkout_app.seller.states import STATES

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize("state", STATES)
def test_a_number_of_each_state_that_there_is_can_be_one_however_it_is_typed(state: str) -> None:
    number = _checked(f"{state}AAPFU0939F1Z")
    typed = f" {number[:2]} {number[2:12].lower()}-{number[12:]}\t"
    assert gstin.read(typed) == number
    assert gstin.state(number) == state


@pytest.mark.parametrize(
    "body", ["25AAPFU0939F1Z", "39AAPFU0939F1Z", "29AAPFU0939F0Z", "29AAPFU0939F1Y", "29AAPXU0939F1Z", "29AAPFU0000F1Z"]
)
def test_what_no_office_gives_out_can_be_none_whatever_its_check_digit_says(body: str) -> None:
    with pytest.raises(gstin.NoGstin):
        gstin.read(_checked(body))


@pytest.mark.parametrize("typed", ["", "29AAPFU0939F1ZS", "29AAPFU0939F1Z", "२९AAPFU0939F1ZR", "x" * 10_000, "\0"])
def test_what_is_mistyped_can_be_none(typed: str) -> None:
    with pytest.raises(gstin.NoGstin):
        gstin.read(typed)


def _checked(body: str) -> str:
    return body + luhn.calc_check_digit(body, ALPHABET)
