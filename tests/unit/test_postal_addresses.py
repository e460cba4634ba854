"""An address is read as people type it, filled in from the PIN, and refused field by field where it can't be one."""

import indian_pincode
import pytest

from checkout_app.core.errors import InvalidInput
from checkout_app.delivery import address
from checkout_app.delivery.places import place_of, state_code
from checkout_app.seller.states import STATES
from tests.support.zones import ADDRESS, somewhere


def test_town_and_state_come_from_the_pin() -> None:
    found = somewhere()
    assert (found.town, found.state, found.phone) == ("Mysuru", "29", "+919876543210")
    near = "Near Devaraja Market"
    assert found.lines == ["Asha Rao", "12, Sayyaji Rao Road", near, "Mysuru 570001", "Karnataka"]


def test_what_somebody_says_of_the_town_goes_before_what_the_post_says() -> None:
    assert somewhere(town="Mysore").town == "Mysore"


@pytest.mark.parametrize("phone", ["9876543210", "09876543210", "+91 98765-43210", "91 (98765) 43210", "98765.43210"])
def test_a_phone_is_kept_in_one_way(phone: str) -> None:
    assert somewhere(phone=phone).phone == "+919876543210"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("phone", "", "The courier calls: give an Indian mobile number of ten digits."),
        ("phone", "5876543210", "The courier calls: give an Indian mobile number of ten digits."),
        ("phone", "+1 9876543210", "The courier calls: give an Indian mobile number of ten digits."),
        ("pin", " ", "Give its six digits."),
        ("pin", "570", address.NO_SUCH_PIN),
        ("pin", "999999", address.NO_SUCH_PIN),
        ("pin", "५७०००१", address.NO_SUCH_PIN),
        ("name", " ", "Say who takes the parcel."),
        ("line1", "", "Say house and street."),
        ("line1", "x" * 121, "Say house and street in at most 120 ordinary characters."),
        ("landmark", "\u202e", "Name what is near in at most 80 ordinary characters."),
        ("state", "27", "570001 is in Karnataka."),
        ("state", "Nowhere", "570001 is in Karnataka."),
    ],
)
def test_what_cant_be_right_is_said_of_its_field(field: str, typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        address.read({**ADDRESS, field: typed}, "address.")
    assert refused.value.fields == {f"address.{field}": sentence}


def test_of_two_states_one_has_to_be_said() -> None:
    two = {"pin": "605014", "town": "Puducherry"}
    with pytest.raises(InvalidInput) as refused:
        somewhere(**two)
    assert refused.value.fields == {"state": "605014 is in Puducherry or Tamil Nadu: say which."}
    assert somewhere(**two, state="tamil nadu").state == "33"
    assert somewhere(**two, state="34").destination == address.destination("605014", "Puducherry")


def test_where_the_post_names_several_districts_the_town_has_to_be_said() -> None:
    with pytest.raises(InvalidInput) as refused:
        somewhere(pin="605014", state="33")
    assert refused.value.fields == {"town": "Say the town."}


def test_what_an_order_keeps_of_an_address_is_all_of_it() -> None:
    found = somewhere(line2="First floor")
    assert address.PostalAddress.of(found.as_kept()) == found


def test_every_state_that_the_table_of_pins_has_is_one_of_gst() -> None:
    assert {state_code(name) for name in indian_pincode.list_states()} == set(STATES)


@pytest.mark.parametrize("pin", ["", "560001 ", "0560001", "५६०००१", "../etc", "5" * 1000])
def test_what_is_no_pin_is_nowhere(pin: str) -> None:
    assert place_of(pin) is None
