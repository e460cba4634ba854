"""`gst` says how the seller stands to GST, as an operator gives it."""

from tests.commands.conftest import Place
from tests.support.processes import operate

GSTIN = "27AAPFU0939F1ZV"
SAID = f"Scheme: unregistered\nState: Maharashtra\nGSTIN: {GSTIN}\nHandicrafts: yes\n"


def test_where_the_seller_is_is_said_refused_and_taken_back(place: Place) -> None:
    nothing = "Scheme: unregistered\nState: not said, so no sale leaves it\nGSTIN: none\nHandicrafts: no\n"
    assert place.do("gst") == nothing
    assert place.do("gst", "--gstin", GSTIN, "--handicraft", "yes") == place.do("gst") == SAID
    done = operate(place.settings, "gst", "--state", "Kerala")
    assert (done.returncode, done.stdout) == (2, f"The GSTIN {GSTIN} is of Maharashtra.\n")
    assert place.do("gst") == SAID
    assert place.do("gst", "--gstin", "", "--state", "", "--handicraft", "no") == nothing
