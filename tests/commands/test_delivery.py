"""`zone`, `zones` and `delivery` say where the shop sends and why a price is what it is, as an operator asks."""

from tests.commands.conftest import Place
from tests.support.processes import operate

NONE = "The shop has no zones: it sends everywhere for nothing, and asks for no address.\n"
CHARGES = ("--charges", "500=6000,9000", "--free-from", "99900", "--days", "2-4")


def test_a_zone_is_made_explains_its_prices_and_is_removed(place: Place) -> None:
    assert place.do("zones") == NONE
    made = place.do("zone", "home", "--name", "Karnataka", "--states", "29", *CHARGES)
    said = "home  Karnataka: Karnataka; up to 500 g ₹60, ₹90, free from ₹999, 2 to 4 days\n"
    assert made == place.do("zones") == said
    why = place.do("delivery", "560001", "--weight", "501", "--value", "48000")
    assert why == "₹90.00. 560001 (Karnataka) is in the zone Karnataka, by its State. Beyond 500 g it costs ₹90.\n"
    nowhere = operate(place.settings, "delivery", "400001")
    assert (nowhere.returncode, nowhere.stdout) == (1, "Nothing is sent to 400001 (Maharashtra).\n")
    place.do("remove-zone", "home")
    assert place.do("zones") == NONE


def test_a_zone_that_leaves_a_doubt_is_refused_in_words(place: Place) -> None:
    done = operate(place.settings, "zone", "home", "--states", "29")
    assert (done.returncode, done.stdout) == (2, "From 1 to 12 rates: what is charged, and up to where.\n")
    done = operate(place.settings, "zone", "home", "--charges", "much")
    assert done.returncode == 2
    assert place.do("zones") == NONE
