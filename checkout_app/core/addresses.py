"""Addresses that settings name, found out before they are used, and those that calls come from."""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from typing import Final

from email_validator import EmailNotValidError, validate_email

Network = IPv4Network | IPv6Network

_LONGEST: Final = 5_000
"""Characters of the setting; the networks of the largest content delivery networks take about half of them."""
_SHOWN: Final = 40
"""Characters of what can't be understood that are said again."""
_HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that are the same for all the devices of one customer, who chooses the others."""
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - named, not listened on
"""Where this machine reaches what listens on every address."""


def listened_on(given: str) -> str:
    """Return an address to listen on; raises ValueError, in words, when it is none."""
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        raise ValueError(
            f"must be an address of this machine, 127.0.0.1 for itself alone or 0.0.0.0 for all, and not {_cut(given)}"
        ) from None


def reached_at(address: str) -> str:
    """Return the address at which this machine reaches what listens on one."""
    return _EVERYWHERE.get(address, address)


@lru_cache
def networks(given: str) -> Sequence[Network]:
    """Return the networks that are named, separated by commas; raises ValueError, in words."""
    if len(given) > _LONGEST:
        raise ValueError(f"must have at most {_LONGEST:,} characters")
    return [_network(part.strip()) for part in given.split(",")] if given else []


@lru_cache(4096)
def household_of(address: str) -> str:
    """Return what a caller is counted by: their address, or the /64 it is in; empty when it is none."""
    try:
        called_from = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(called_from, IPv6Address):
        return str(called_from.ipv4_mapped or IPv6Network((int(called_from), _HOUSEHOLD), strict=False))
    return address


def _network(named: str) -> Network:
    try:
        network = ipaddress.ip_network(named)
    except ValueError:
        raise ValueError(
            f"must be addresses or networks, like 127.0.0.1, 10.0.0.0/24, which {_cut(named)} is not"
        ) from None
    if network.prefixlen == 0:
        raise ValueError(f"must not be every address there is, as {named} is: then anybody could say to be anybody")
    return network


def _cut(text: str) -> str:
    return repr(text[:_SHOWN])


def mailbox(given: str) -> str:
    """Return the address of a mailbox; raises ValueError when it is none."""
    try:
        return validate_email(given, check_deliverability=False, test_environment=True, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise ValueError("must be an e-mail address, like shop@example.in") from None
