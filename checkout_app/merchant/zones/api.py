"""Where the shop sends and what it charges for that, over HTTP: zones, and why a price is what it is."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core.money import LARGEST_AMOUNT
from checkout_app.delivery import address, zones
from checkout_app.delivery.models import LONGEST_ZONE
from checkout_app.delivery.rules import Measure, Parcel, Rate, Zone, delivery_of
from checkout_app.journal.actors import Actor

router = APIRouter(prefix="/api/merchant", tags=["merchant"])

_Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)]
_Days = Annotated[int, Field(ge=0, le=zones.MOST_DAYS)]
_Id = Annotated[str, Field(max_length=LONGEST_ZONE)]


class RateBody(BaseModel):
    """What is charged up to and with so many grams or minor units; `up_to` is null for whatever is beyond."""

    model_config = ConfigDict(strict=True, from_attributes=True)

    up_to: _Amount | None = None
    charge: _Amount


class ZoneBody(BaseModel):
    """What is said of a zone: its States by the codes of GST, or how its PINs begin; neither is all the rest.

    What `by` measures is what the ends of `rates` are: grams, or minor units of what is in the parcel. From `free_from`
    on, in minor units, nothing is charged. Where `served` is false nothing is sent.
    """

    model_config = ConfigDict(strict=True, from_attributes=True)

    name: Annotated[str, Field(max_length=200)] = ""
    states: Annotated[list[str], Field(max_length=40)] = []
    pins: Annotated[list[str], Field(max_length=zones.MOST_PINS)] = []
    served: bool = True
    days_from: _Days = 0
    days_to: _Days = 0
    free_from: _Amount | None = None
    by: Annotated[Measure, Field(strict=False)] = Measure.WEIGHT
    rates: Annotated[list[RateBody], Field(max_length=zones.MOST_RATES)] = []

    def zone(self, zone_id: str) -> Zone:
        """Return the zone that it says."""
        rates = tuple(Rate(rate.up_to, rate.charge) for rate in self.rates)
        said = self.model_dump(exclude={"states", "pins", "rates"})
        return Zone(zone_id, **said, states=tuple(self.states), pins=tuple(self.pins), rates=rates)


class KeptZoneBody(ZoneBody):
    """A zone of the shop."""

    id: str

    @classmethod
    def of(cls, zone: Zone) -> Self:
        """Describe one."""
        return cls.model_validate(zone, strict=False)


class WhyBody(BaseModel):
    """What a parcel's way costs, in minor units, and why."""

    model_config = ConfigDict(from_attributes=True)

    charge: int
    why: str
    days_from: int
    days_to: int


@router.get("/zones", **guard.open_to(Caller.SHOP))
async def list_zones() -> list[KeptZoneBody]:
    """List where the shop sends and what it charges for that."""
    return [KeptZoneBody.of(zone) for zone in await zones.zones()]


@router.post("/zones", status_code=201, **guard.open_to(Caller.OWNER))
async def add_zone(body: ZoneBody, owner: Annotated[Identity, Depends(guard.owner)]) -> KeptZoneBody:
    """Let there be one zone more, with an id made of its name; it counts for orders from now on."""
    return KeptZoneBody.of(await zones.add(body.zone(""), Actor.of(owner)))


@router.put("/zones/{zone_id}", **guard.open_to(Caller.OWNER))
async def put_zone(zone_id: _Id, body: ZoneBody, owner: Annotated[Identity, Depends(guard.owner)]) -> KeptZoneBody:
    """Let there be a zone, in the place of the one with its id if there is one; it counts for orders from now on."""
    return KeptZoneBody.of(await zones.put(body.zone(zone_id), Actor.of(owner)))


@router.delete("/zones/{zone_id}", status_code=204, **guard.open_to(Caller.OWNER))
async def remove_zone(zone_id: _Id, owner: Annotated[Identity, Depends(guard.owner)]) -> None:
    """Let a zone be no more. Without any zone the shop sends everywhere for nothing."""
    await zones.remove(zone_id, Actor.of(owner))


@router.get("/delivery/{pin}", **guard.open_to(Caller.SHOP))
async def why(
    pin: str,
    weight: Annotated[int, Query(ge=0, le=LARGEST_AMOUNT)] = 0,
    value: Annotated[int, Query(ge=0, le=LARGEST_AMOUNT)] = 0,
    state: Annotated[str, Query(max_length=60)] = "",
) -> WhyBody:
    """Say what sending a parcel of so many grams and minor units there costs, and why."""
    to = address.destination(pin, state)
    return WhyBody.model_validate(delivery_of(await zones.zones(), to, Parcel(weight, value)))
