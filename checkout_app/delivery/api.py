"""Delivery over HTTP: what there is to know of a PIN, for anybody, and the address book of an account."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import limits
from checkout_app.core.described import TOO_MANY
from checkout_app.core.errors import InvalidInput
from checkout_app.delivery import address, book, rules, zones
from checkout_app.delivery.address import NO_SUCH_PIN, Destination, PostalAddress
from checkout_app.delivery.models import Address
from checkout_app.delivery.places import place_of
from checkout_app.seller.states import STATES

router = APIRouter(prefix="/api/delivery", tags=["delivery"])
own_addresses = APIRouter(prefix="/api/addresses", tags=["accounts"], **guard.open_to(Caller.ACCOUNT))

_Text = Annotated[str, Field(max_length=200)]
_Owner = Annotated[Identity, Depends(guard.account)]


class StateBody(BaseModel):
    """A State that a PIN is in, by the code of GST, and what is said of sending there.

    `days_from` and `days_to` are null where nobody has said how long it takes, `free_from` where nothing makes it free.
    """

    code: str
    name: str
    deliverable: bool
    days_from: int | None
    days_to: int | None
    free_from: int | None


class DeliveryBody(BaseModel):
    """Where a PIN is: `town` is empty where it lies in several districts, and of several States one has to be said."""

    pin: str
    town: str
    states: list[StateBody]
    deliverable: bool


class AddressBody(BaseModel):
    """A postal address in India. Town and State may be left out where the PIN says them; a State by name or code."""

    model_config = ConfigDict(strict=True)

    name: _Text
    phone: _Text
    pin: _Text
    line1: _Text
    line2: _Text | None = None
    landmark: _Text | None = None
    town: _Text | None = None
    state: _Text | None = None

    def checked(self, prefix: str = "") -> PostalAddress:
        """Return it if it can be one; raises InvalidInput."""
        return address.read(self.model_dump(exclude_none=True), prefix)


@dataclass(frozen=True, slots=True)
class PostalAddressBody(PostalAddress):
    """A postal address as it was kept: `state` is the code of GST, `state_name` what it is called."""

    state_name: str

    @classmethod
    @override
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Describe one."""
        return cls(**kept, state_name=STATES[kept["state"]])


@dataclass(frozen=True, slots=True)
class KeptAddressBody(PostalAddressBody):
    """An address in somebody's book."""

    id: str

    @classmethod
    def of_row(cls, row: Address) -> Self:
        """Describe one."""
        return cls(**asdict(PostalAddressBody.of(row.address)), id=row.id)


@router.get("/{pin}", **guard.open_to(Caller.ANYBODY, TOO_MANY))
async def look_up(pin: str, request: Request) -> DeliveryBody:
    """Tell where a PIN is, and whether anything is sent there."""
    place = place_of(pin)
    if place is None:
        raise InvalidInput({"pin": NO_SUCH_PIN})
    await limits.hit("quote", guard.household_of(request))
    known = await zones.zones()
    states = [_state(known, Destination(pin, code)) for code in place.states]
    return DeliveryBody(pin=pin, town=place.town, states=states, deliverable=any(state.deliverable for state in states))


def _state(known: tuple[rules.Zone, ...], to: Destination) -> StateBody:
    zone = rules.serves(known, to)
    return StateBody(
        code=to.state,
        name=STATES[to.state],
        deliverable=zone is not None or not known,
        days_from=(zone.days_from or None) if zone else None,
        days_to=(zone.days_to or None) if zone else None,
        free_from=zone.free_from if zone else None,
    )


@own_addresses.get("")
async def list_addresses(owner: _Owner) -> list[KeptAddressBody]:
    """List the addresses in one's book, the newest first, which is the default one."""
    return [KeptAddressBody.of_row(row) for row in await book.addresses(owner.user_id)]


@own_addresses.post("", status_code=201)
async def keep_address(body: AddressBody, owner: _Owner) -> KeptAddressBody:
    """Keep an address, as the default one."""
    return KeptAddressBody.of_row(await book.keep(owner.user_id, body.checked()))


@own_addresses.delete("/{address_id}", status_code=204)
async def remove_address(address_id: str, owner: _Owner) -> None:
    """Remove an address from one's book."""
    await book.remove(owner.user_id, address_id)
