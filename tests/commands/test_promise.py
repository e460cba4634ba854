"""`promise` says what buyers are promised, as an operator gives it."""

from tests.commands.conftest import Place
from tests.support.processes import operate

NOTHING = "Shipping: nothing is promised\nReturns: nothing is promised\n"


def test_what_is_promised_is_said_changed_and_taken_back(place: Place) -> None:
    assert place.do("promise") == NOTHING
    said = place.do("promise", "--shipping", "Sent on Mondays.")
    assert said == place.do("promise") == "Shipping: Sent on Mondays.\nReturns: nothing is promised\n"
    assert place.do("promise", "--shipping", "") == NOTHING


def test_a_promise_that_is_too_long_is_refused_in_words(place: Place) -> None:
    done = operate(place.settings, "promise", "--returns", "x" * 201)
    assert (done.returncode, done.stdout) == (2, "A promise has at most 200 ordinary characters.\n")
    assert place.do("promise") == NOTHING
