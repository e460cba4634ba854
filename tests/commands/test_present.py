"""`present` says how the shop presents itself, as an operator gives it."""

from tests.commands.conftest import Place
from tests.support.processes import operate


def test_how_the_shop_presents_itself_is_said_changed_and_taken_back(place: Place) -> None:
    before = place.do("present")
    assert before.startswith("Name: ")
    said = place.do("present", "--name", "Kāgaz", "--links", "Returns /returns")
    assert said == place.do("present")
    assert said.startswith("Name: Kāgaz\n")
    assert said.endswith("Link: Returns /returns\n")
    assert place.do("present", "--name", "", "--links", "") == before


def test_what_can_not_stand_on_a_page_is_refused_in_words(place: Place) -> None:
    done = operate(place.settings, "present", "--accent", "red")
    assert (done.returncode, done.stdout) == (2, "This is not a colour like #A8451F.\n")
