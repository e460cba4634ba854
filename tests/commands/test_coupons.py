"""`coupon`, `end-coupon` and `coupons`, as an operator gives them."""

import re
from collections.abc import Sequence

from tests.commands.conftest import Place
from tests.support.processes import operate


def test_coupons_are_made_listed_and_ended(place: Place) -> None:
    made = place.do("coupon", "diwali", "--percent", "7.5", "--minimum", "50000", "--limit", "100", "--once")
    assert re.fullmatch(r"DIWALI  7.5 % off, from ₹500.00 on, since .*, once each, used 0 of 100 times\n", made)
    place.do("coupon", "parcel", "--free-delivery", "--starts", "2026-12-01T09:00", "--ends", "2027-01-01")
    place.do("coupon", "fifty", "--amount", "5000")
    diwali, fifty, parcel = place.do("coupons").splitlines()
    assert f"{diwali}\n" == made
    assert fifty.startswith("FIFTY  ₹50.00 off, since")
    times = "since 1 Dec 2026, 9:00 am, until 1 Jan 2027, 12:00 am"
    assert parcel == f"PARCEL  free delivery, {times}, used 0 times"
    assert " until " in place.do("end-coupon", "Diwali")


REFUSED: Sequence[tuple[Sequence[str], str]] = [
    (["coupon", "A B", "--percent", "101"], "A code has 3 to 24 letters, digits and hyphens. From 0.01 to 100 %."),
    (["end-coupon", "NOBODY"], "There is no coupon of this code."),
    (["coupon", "ABC", "--percent", "7.555"], "at most two decimals"),
    (["coupon", "ABC", "--percent", "10", "--ends", "soon"], "soon is no moment like"),
]


def test_what_can_be_no_coupon_is_refused_in_words(place: Place) -> None:
    for arguments, words in REFUSED:
        done = operate(place.settings, *arguments)
        assert (done.returncode, words in done.stdout + done.stderr) == (2, True), done
