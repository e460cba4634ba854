"""`keep` says for how long what nobody needs any more is kept, as an operator gives it."""

from tests.commands.conftest import Place
from tests.support.processes import operate


def test_how_long_something_is_kept_is_said_changed_and_refused_in_words(place: Place) -> None:
    said = place.do("keep", "--guests", "10")
    assert said == (
        "Who was signed in: 365 days\n"
        "Guests who ordered nothing: 10 days\n"
        "The gateway's messages, word by word: 180 days\n"
    )
    done = operate(place.settings, "keep", "--messages", "1")
    assert (done.returncode, done.stdout) == (2, "From 7 to 3650 days.\n")
    assert place.do("keep") == said
