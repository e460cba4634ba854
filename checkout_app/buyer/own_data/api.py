"""What the shop knows of somebody, over HTTP."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.accounts.own.api import SignInBody
from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.bodies import AskedBody, LineBody, OrderSummary, PaymentBody
from checkout_app.buyer.own_data import service
from checkout_app.buyer.own_data.service import OwnOrder
from checkout_app.cart.api import CartBody
from checkout_app.checkout.bodies import FirmBody
from checkout_app.core.described import TOO_MANY
from checkout_app.delivery.api import PostalAddressBody

router = APIRouter(prefix="/api/auth", tags=["accounts"], **guard.open_to(Caller.ACCOUNT))

_Owner = Annotated[Identity, Depends(guard.account)]


class OwnOrderBody(OrderSummary):
    """An order of theirs: for whom, where to, what was ordered, how it was paid, what the shop was asked for."""

    number: str
    email: str
    name: str
    coupon: str | None
    discount: int
    delivery: int
    ships_to: PostalAddressBody | None
    firm: FirmBody | None
    lines: Sequence[LineBody]
    payments: Sequence[PaymentBody]
    requests: Sequence[AskedBody]

    @classmethod
    def of(cls, own: OwnOrder) -> Self:
        """Describe one."""
        names = ("number", "email", "name", "coupon", "discount", "delivery", *OrderSummary.model_fields)
        about = {name: getattr(own.order, name) for name in names}
        sent = PostalAddressBody.of(own.order.ships_to) if own.order.ships_to else None
        asked = [AskedBody.of(issue) for issue in own.asked]
        firm = FirmBody.model_validate(own.order.firm) if own.order.firm else None
        more = {"ships_to": sent, "firm": firm, "lines": own.lines, "payments": own.payments, "requests": asked}
        return cls.model_validate(about | more)


class OwnQuoteBody(BaseModel):
    """What they asked the price of, units by product, where to, and what they were told, in minor units."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    created_at: datetime
    expires_at: datetime
    wanted: Mapping[str, int]
    coupon: str | None
    pin: str | None
    state: str | None
    figures: Mapping[str, int]
    currency: str


class OwnComplaintBody(BaseModel):
    """What they complained about by a mailbox that they have proved."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    created_at: datetime
    name: str
    order_number: str
    words: str


class OwnDataBody(BaseModel):
    """Everything that the shop knows of somebody."""

    email: str
    name: str
    created_at: datetime
    verified_at: datetime | None
    sign_ins: Sequence[SignInBody]
    cart: CartBody
    addresses: Sequence[PostalAddressBody]
    quotes: Sequence[OwnQuoteBody]
    orders: Sequence[OwnOrderBody]
    complaints: Sequence[OwnComplaintBody]


class Erasing(BaseModel):
    """What proves who asks: the password, or a code of `POST /api/auth/code`."""

    model_config = ConfigDict(strict=True)

    password: Annotated[str, Field(max_length=200)] = ""
    code: Annotated[str, Field(max_length=20)] = ""


@router.get("/export")
async def export(owner: _Owner) -> OwnDataBody:
    """Give everything that the shop knows of who asks."""
    data = await service.export(owner)
    return OwnDataBody(
        email=data.user.email,
        name=data.user.name,
        created_at=data.user.created_at,
        verified_at=data.user.verified_at,
        sign_ins=[SignInBody.model_validate(known) for known in data.sign_ins],
        cart=CartBody.model_validate(data.cart.told()),
        addresses=[PostalAddressBody.of(kept.address) for kept in data.addresses],
        quotes=[OwnQuoteBody.model_validate(kept) for kept in data.quotes],
        orders=[OwnOrderBody.of(own) for own in data.orders],
        complaints=[OwnComplaintBody.model_validate(kept) for kept in data.complaints],
    )


@router.post("/erase", status_code=204, responses=TOO_MANY)
async def erase(body: Erasing, owner: _Owner) -> None:
    """Erase the account, what its owner wrote, and whose it was on every order for which no money ever came."""
    await service.erase(owner, password=body.password, code=body.code)
