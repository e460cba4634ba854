"""Parcels over HTTP: shipping what was bought, that it arrived, and what came back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict, Field, model_validator

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import ids
from checkout_app.core.errors import ShopError
from checkout_app.fulfilment import service
from checkout_app.fulfilment.models import LONGEST_CARRIER, LONGEST_TRACKING
from checkout_app.fulfilment.parcels import LineSent, Parcel, Sent
from checkout_app.journal.actors import Actor
from checkout_app.merchant.bodies import Lines, LineUnits, units_of
from checkout_app.merchant.orders.chosen import MOST_CHOSEN

router = APIRouter(prefix="/api/merchant", tags=["merchant"])

_Key = Annotated[str, Header(min_length=1, max_length=80)]
_Shipper = Annotated[Identity, Depends(guard.shippers)]


class ShipmentRequest(BaseModel):
    """Who brings a parcel, by which number it is followed, and what is in it: without `lines` all that is left."""

    model_config = ConfigDict(strict=True)

    carrier: Annotated[str, Field(min_length=1, max_length=LONGEST_CARRIER)]
    tracking: Annotated[str, Field(max_length=LONGEST_TRACKING)] = ""
    lines: Lines | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        units_of(self.lines or ())
        return self


class TogetherRequest(BaseModel):
    """Which orders are shipped, each wholly and in a parcel of its own, and who brings them."""

    model_config = ConfigDict(strict=True)

    order_ids: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=ids.ID_LENGTH)]], Field(min_length=1, max_length=MOST_CHOSEN)
    ]
    carrier: Annotated[str, Field(min_length=1, max_length=LONGEST_CARRIER)]


class ReturnRequest(BaseModel):
    """What came back, and whether its units go on the shelf again."""

    model_config = ConfigDict(strict=True)

    lines: Lines
    restock: bool

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        units_of(self.lines)
        return self


class ShipmentBody(BaseModel):
    """A parcel that was shipped; `delivered_at` is null until somebody said that it arrived."""

    id: str
    order_id: str
    carrier: str
    tracking: str
    shipped_at: datetime
    delivered_at: datetime | None
    lines: list[LineUnits]

    @classmethod
    def of(cls, parcel: Parcel) -> Self:
        """Describe one."""
        shipment = parcel.shipment
        told = shipment.model_dump(include=set(cls.model_fields))
        return cls(**told, shipped_at=shipment.created_at, lines=_lines(parcel.units))


class RefusedBody(BaseModel):
    """An order of which nothing was shipped, and why, as it would have been said of it alone."""

    order_id: str
    code: str
    detail: str


class TogetherBody(BaseModel):
    """What became of the orders that were to be shipped."""

    shipped: list[ShipmentBody]
    refused: list[RefusedBody]

    @classmethod
    def of(cls, done: Mapping[str, Parcel | ShopError]) -> Self:
        """Describe it."""
        shipped, refused = [], []
        for order_id, outcome in done.items():
            if isinstance(outcome, ShopError):
                refused.append(RefusedBody(order_id=order_id, code=outcome.code, detail=outcome.detail))
            else:
                shipped.append(ShipmentBody.of(outcome))
        return cls(shipped=shipped, refused=refused)


class ReturnBody(BaseModel):
    """What came back of an order; `restock` says whether it went on the shelf again."""

    id: str
    order_id: str
    restock: bool
    returned_at: datetime
    lines: list[LineUnits]

    @classmethod
    def of(cls, parcel: Parcel) -> Self:
        """Describe one."""
        shipment = parcel.shipment
        told = shipment.model_dump(include=set(cls.model_fields))
        return cls(**told, returned_at=shipment.created_at, lines=_lines(parcel.units))


class SentLine(BaseModel):
    """A line of which something is shipped: how many were bought, shipped, came back, and are left to ship."""

    line_id: str
    sku: str
    name: str
    quantity: int
    shipped: int
    returned: int
    left: int

    @classmethod
    def of(cls, sent: LineSent) -> Self:
        """Describe one."""
        line = sent.line
        told = {"line_id": line.id, "sku": line.sku, "name": line.name, "quantity": line.quantity}
        return cls(**told, shipped=sent.shipped, returned=sent.returned, left=sent.left)


class SentBody(BaseModel):
    """What was sent of an order. Files are no lines of it: their buyers download them."""

    order_id: str
    fulfilment_status: str
    lines: list[SentLine]
    shipments: list[ShipmentBody]
    returns: list[ReturnBody]

    @classmethod
    def of(cls, sent: Sent) -> Self:
        """Describe it."""
        return cls(
            order_id=sent.order.id,
            fulfilment_status=sent.order.fulfilment_status,
            lines=[SentLine.of(line) for line in sent.lines],
            shipments=[ShipmentBody.of(parcel) for parcel in sent.shipped],
            returns=[ReturnBody.of(parcel) for parcel in sent.returned],
        )


@router.get("/orders/{order_id}/shipments", **guard.open_to(Caller.SHOP))
async def list_shipments(order_id: str) -> SentBody:
    """Say what was shipped of an order, what came back, and what is left to ship of each line."""
    return SentBody.of(await service.look(order_id))


@router.post("/orders/{order_id}/shipments", status_code=201, **guard.open_to(Caller.SHIPPERS))
async def ship(order_id: str, body: ShipmentRequest, by: _Shipper, idempotency_key: _Key) -> ShipmentBody:
    """Ship a parcel of an order that is paid and goes to a postal address. The same key answers the same parcel.

    Of a line no more units are shipped than were bought and not refunded: 409 `shipment_refused` says how many that
    is.
    """
    shipped = await service.ship(
        order_id,
        units_of(body.lines) if body.lines else None,
        carrier=body.carrier,
        tracking=body.tracking,
        request_key=f"{by.user_id}-{idempotency_key}",
        by=Actor.of(by),
    )
    return ShipmentBody.of(shipped)


@router.post("/shipments", **guard.open_to(Caller.SHIPPERS))
async def ship_together(body: TogetherRequest, by: _Shipper, idempotency_key: _Key) -> TogetherBody:
    """Ship all that is left of each of up to 50 orders. The same key answers the same parcels.

    Each is shipped or refused by itself: what can't be shipped stops no other.
    """
    done = await service.ship_each(
        body.order_ids, carrier=body.carrier, request_key=f"{by.user_id}-{idempotency_key}", by=Actor.of(by)
    )
    return TogetherBody.of(done)


@router.post("/shipments/{shipment_id}/delivered", **guard.open_to(Caller.SHIPPERS))
async def deliver(shipment_id: Annotated[str, Field(max_length=ids.ID_LENGTH)], by: _Shipper) -> ShipmentBody:
    """Say that a parcel arrived; the first time counts."""
    return ShipmentBody.of(await service.deliver(shipment_id, Actor.of(by)))


@router.post("/orders/{order_id}/returns", status_code=201, **guard.open_to(Caller.SHIPPERS))
async def take_back(order_id: str, body: ReturnRequest, by: _Shipper, idempotency_key: _Key) -> ReturnBody:
    """Take back units that were shipped. The same key answers the same return.

    Of a line no more come back than are out: 409 `return_refused` says how many that are.
    """
    returned = await service.take_back(
        order_id,
        units_of(body.lines),
        restock=body.restock,
        request_key=f"{by.user_id}-{idempotency_key}",
        by=Actor.of(by),
    )
    return ReturnBody.of(returned)


def _lines(units: Mapping[str, int]) -> list[LineUnits]:
    return [LineUnits(line_id=line_id, quantity=quantity) for line_id, quantity in units.items()]
