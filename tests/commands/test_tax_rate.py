"""`tax-rate` says by what a product is taxed, now or from a day on, as an operator gives it."""

from datetime import timedelta

from checkout_app.core import clock
from tests.commands.conftest import ON_SQLITE, Place
from tests.support.processes import operate

pytestmark = ON_SQLITE
CUPS = "kulhad-cups-set-of-six"


def test_a_rate_is_said_for_now_and_for_a_day_and_told(place: Place) -> None:
    place.do("demo")
    assert place.do("tax-rate", CUPS, "0.25") == f"{CUPS}: 0.25 % now\n"
    day = clock.now() + timedelta(days=30)
    said = f"{CUPS}: 0.25 % now, 40 % from {clock.format_date(day)} on\n"
    assert place.do("tax-rate", CUPS, "40", "--from", f"{clock.day_of(day)}") == said
    for arguments, words in (
        (("Infinity",), "at most two decimals"),
        (("5", "--from", "2020-01-01"), "A rate begins today or on a day to come"),
        (("--from", "2035-04-01"), "Say the rate that begins then."),
    ):
        done = operate(place.settings, "tax-rate", CUPS, *arguments)
        assert (done.returncode, words in done.stdout + done.stderr) == (2, True), done
    assert place.do("tax-rate", CUPS) == said
