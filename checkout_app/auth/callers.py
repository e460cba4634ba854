"""Who may call what: the words in which every route and every handler of a page says for whom it is there."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from checkout_app.auth.models import Role


class Caller(StrEnum):
    """For whom a route or a handler is there. It lets them in and no more: whose an order is, the services say."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    LINK_HOLDER = "signed in, or with an order's signed link"
    ACCOUNT = "signed in with an account"
    AT_THE_DOOR = "people of the shop, before they have shown their second factor"
    SHOP = "people of the shop"
    SHIPPERS = "people of the shop who send its parcels"
    OWNER = "owner of the shop"
    GATEWAY = "with the gateway's signature"

    @property
    def roles(self) -> frozenset[Role]:
        """Which roles may call."""
        return _ROLES[self]

    def admits(self, role: Role | None) -> bool:
        """Tell whether somebody of a role may call, or a stranger, who has nothing else to show."""
        return self is Caller.ANYBODY if role is None else role in self.roles


_ROLES: Final[Mapping[Caller, frozenset[Role]]] = {
    Caller.ANYBODY: frozenset(Role),
    Caller.SIGNED_IN: frozenset(Role),
    Caller.LINK_HOLDER: frozenset(Role),
    Caller.ACCOUNT: frozenset(Role) - {Role.GUEST},
    Caller.AT_THE_DOOR: frozenset({Role.OWNER, Role.SHIPPER, Role.VIEWER}),
    Caller.SHOP: frozenset({Role.OWNER, Role.SHIPPER, Role.VIEWER}),
    Caller.SHIPPERS: frozenset({Role.OWNER, Role.SHIPPER}),
    Caller.OWNER: frozenset({Role.OWNER}),
    Caller.GATEWAY: frozenset(),
}
