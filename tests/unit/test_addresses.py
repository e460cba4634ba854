"""Addresses: what settings name and can be listened on or believed is taken, and by what a caller is counted."""

import pytest

from checkout_app.core import addresses

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens


@pytest.mark.parametrize("given", ["127.0.0.1", EVERYWHERE, "10.0.0.5", "::", "::1", "fe80::1%eth0"])
def test_an_address_is_listened_on_as_it_is(given: str) -> None:
    assert addresses.listened_on(given) == given


@pytest.mark.parametrize(
    "given", ["", "localhost", "127.1", "127.0.0.1:3000", "10.0.0.0/8", "*", "\u0967.0.0.1", "9" * 10_000]
)
def test_what_is_no_address_is_refused_in_a_short_sentence(given: str) -> None:
    with pytest.raises(ValueError, match=r"^must be an address of this machine, ") as refused:
        addresses.listened_on(given)
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize(
    ("bind", "reached"),
    [(EVERYWHERE, "127.0.0.1"), ("::", "::1"), ("127.0.0.3", "127.0.0.3"), ("10.0.0.5", "10.0.0.5")],
)
def test_what_listens_everywhere_is_reached_on_this_machine(bind: str, reached: str) -> None:
    assert addresses.reached_at(bind) == reached


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("2001:db8:0:1::", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::5", "2001:db8:0:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", ""),
    ],
)
def test_all_addresses_that_one_customer_can_choose_are_counted_as_one(address: str, counted_as: str) -> None:
    assert addresses.household_of(address) == counted_as


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("", []),
        ("127.0.0.1, ::1", ["127.0.0.1/32", "::1/128"]),
        ("10.0.0.0/24,2001:db8::/48", ["10.0.0.0/24", "2001:db8::/48"]),
        (",".join(["10.0.0.0/24"] * 400), ["10.0.0.0/24"] * 400),
    ],
)
def test_addresses_and_networks_are_understood(given: str, named: list[str]) -> None:
    assert [str(network) for network in addresses.networks(given)] == named


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("caddy", "must be addresses or networks, like 127.0.0.1, 10.0.0.0/24, which 'caddy' is not"),
        ("*", "which '*' is not"),
        ("127.0.0.1,", "which '' is not"),
        ("127.0.0.1 ::1", "which '127.0.0.1 ::1' is not"),
        ("127.0.0.1:80", "which '127.0.0.1:80' is not"),
        ("10.0.0.5/24", "which '10.0.0.5/24' is not"),
        ("10.0.0.0/33", "which '10.0.0.0/33' is not"),
        ("x" * 4_000, f"which '{'x' * 40}' is not"),
        ("0.0.0.0/0", "must not be every address there is, as 0.0.0.0/0 is"),
        ("10.0.0.1, ::/0", "must not be every address there is, as ::/0 is"),
        ("10.0.0.1," * 1_000, "must have at most 5,000 characters"),
    ],
)
def test_what_cant_be_believed_is_refused_in_a_short_sentence(given: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"^must ") as refused:
        addresses.networks(given)
    assert words in str(refused.value)
    assert len(str(refused.value)) < 150
