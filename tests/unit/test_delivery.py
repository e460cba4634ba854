"""What sending costs is decided by one pure rule: the most exact zone, then what the parcel weighs or is worth."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_app.core.money import spread
from checkout_app.delivery.address import Destination
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.delivery.rules import Delivery, Parcel, Rate, Zone, charge_in_words, delivery_of
from tests.support.zones import CITY, HOME, ISLANDS, REST

ZONES = (HOME, CITY, REST, ISLANDS)
MYSURU, BENGALURU, MUMBAI, PORT_BLAIR = (
    Destination(pin, state) for pin, state in (("570001", "29"), ("560001", "29"), ("400001", "27"), ("744101", "35"))
)
PLACES = st.sampled_from([MYSURU, BENGALURU, MUMBAI, PORT_BLAIR, Destination("560100", "29")])
PARCELS = st.builds(Parcel, st.integers(0, 3_000), st.integers(0, 200_000))


@pytest.mark.parametrize(
    ("to", "parcel", "charge", "why"),
    [
        (MYSURU, Parcel(0, 48_000), 6_000, "570001 (Karnataka) is in the zone Home, by its State. It costs ₹60."),
        (MYSURU, Parcel(9_999, 99_899), 6_000, "It costs ₹60."),
        (MYSURU, Parcel(0, 99_900), 0, "From ₹999 on it costs nothing."),
        (
            BENGALURU,
            Parcel(500, 48_000),
            3_000,
            "by PINs that begin with 5600. Up to 500 g it costs ₹30.",
        ),
        (BENGALURU, Parcel(501, 48_000), 5_000, "Up to 2,000 g it costs ₹50."),
        (BENGALURU, Parcel(501, 500_000), 5_000, "Up to 2,000 g it costs ₹50."),
        (MUMBAI, Parcel(0, 100_000), 9_000, "the zone Rest, which is for all the rest. Up to ₹1,000 it costs ₹90."),
        (MUMBAI, Parcel(0, 100_001), 15_000, "Beyond ₹1,000 it costs ₹150."),
    ],
)
def test_a_parcel_costs_what_its_zone_says_and_is_told_why(
    to: Destination, parcel: Parcel, charge: int, why: str
) -> None:
    found = delivery_of(ZONES, to, parcel)
    assert (found.charge, why in found.why) == (charge, True), found.why


@pytest.mark.parametrize(
    ("zones", "to", "parcel", "why"),
    [
        (ZONES, PORT_BLAIR, Parcel(0, 1), "Nothing is sent to 744101 (Andaman and Nicobar Islands)."),
        (ZONES, BENGALURU, Parcel(2_001, 1), "No more than 2,000 g in one parcel is sent to 560001 (Karnataka)."),
        ((HOME,), MUMBAI, Parcel(0, 1), "Nothing is sent to 400001 (Maharashtra)."),
        (
            (replace(CITY, rates=(Rate(100, 1), Rate(200, 2), Rate(300, 3))),),
            BENGALURU,
            Parcel(301, 1),
            "No more than 300 g in one parcel is sent to 560001 (Karnataka).",
        ),
    ],
)
def test_what_is_not_sent_is_refused_beside_the_pin(
    zones: Sequence[Zone], to: Destination, parcel: Parcel, why: str
) -> None:
    with pytest.raises(NotDeliverable) as refused:
        delivery_of(zones, to, parcel)
    assert refused.value.fields == {"pin": why}


def test_it_takes_as_many_days_as_its_zone_says_whatever_it_costs() -> None:
    for parcel in (Parcel(0, 48_000), Parcel(0, 99_900)):
        found = delivery_of(ZONES, MYSURU, parcel)
        assert (found.days_from, found.days_to) == (2, 4)


def test_a_longer_beginning_of_a_pin_goes_before_a_shorter_one_and_any_before_a_state() -> None:
    by_pin = [Zone(pin, pin, pins=(pin,), rates=(Rate(None, len(pin)),)) for pin in ("5", "5600", "560001", "56")]
    zones = (HOME, *by_pin)
    assert delivery_of(zones, BENGALURU, Parcel(0, 0)).charge == 6
    assert delivery_of(zones, MYSURU, Parcel(0, 0)).charge == 1


@given(PARCELS, PLACES)
def test_a_shop_without_zones_sends_everywhere_for_nothing(parcel: Parcel, to: Destination) -> None:
    assert delivery_of((), to, parcel) == Delivery(0, "The shop has no zones: it sends everywhere for nothing.")


@given(PLACES, PARCELS)
def test_the_order_of_zones_decides_nothing(to: Destination, parcel: Parcel) -> None:
    assert len({_told(zones, to, parcel) for zones in permutations(ZONES)}) == 1


@given(PLACES, PARCELS, st.integers(0, 1_000))
def test_without_a_price_for_nothing_more_weight_never_costs_less(to: Destination, parcel: Parcel, more: int) -> None:
    heavier = Parcel(parcel.weight + more, parcel.value)
    less, much = (_told(ZONES, to, each) for each in (parcel, heavier))
    assert isinstance(much, str) or (isinstance(less, Delivery) and less.charge <= much.charge)


@given(st.integers(0, 10_000_000), st.lists(st.integers(0, 10_000_000), min_size=1, max_size=20).filter(any))
def test_a_charge_is_shared_out_to_the_last_paisa_and_by_what_each_line_is_worth(
    charge: int, values: list[int]
) -> None:
    shares = spread(charge, values)
    assert sum(shares) == charge
    assert all(
        abs(share * sum(values) - charge * value) < sum(values) for share, value in zip(shares, values, strict=True)
    )


def _told(zones: Sequence[Zone], to: Destination, parcel: Parcel) -> Delivery | str:
    try:
        return delivery_of(zones, to, parcel)
    except NotDeliverable as refused:
        return refused.detail


def test_a_charge_is_told_as_an_amount_and_nothing_as_free() -> None:
    assert [charge_in_words(charge, "INR") for charge in (0, 1, 6_000)] == ["Free", "₹0.01", "₹60.00"]
