"""What the shopkeeper says of the shop over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.catalog import pictures
from checkout_app.catalog.picture_names import sign_of
from checkout_app.core.described import Answers, refusal
from checkout_app.delivery.address import NO_SUCH_PIN, plain
from checkout_app.delivery.places import place_of
from checkout_app.journal.actors import Actor
from checkout_app.merchant.bodies import UPLOAD
from checkout_app.seller import profile
from checkout_app.seller.models import Seller, TaxScheme

router = APIRouter(prefix="/api/merchant/seller", tags=["merchant"])

_Owner = Annotated[Identity, Depends(guard.owner)]
_TOO_LARGE: Final[Answers] = {413: refusal(f"More than {pictures.LARGEST} bytes.")}


class SellerRequest(BaseModel):
    """What is said anew; what is missing stays, and a text without words takes back what it said.

    `links` has a line for each link below the pages, its words and then where it leads; `state` is a State's name or
    its code with GST; `refund_limit` is in minor units, and what begins with `keep_` in days.
    """

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    sentence: str | None = None
    description: str | None = None
    logo: str | None = None
    accent: str | None = None
    links: str | None = None
    legal_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    town: str | None = None
    pin: str | None = None
    state: str | None = None
    tax_scheme: TaxScheme | None = None
    gstin: str | None = None
    handicraft: bool | None = None
    care_email: str | None = None
    care_phone: str | None = None
    grievance_name: str | None = None
    grievance_designation: str | None = None
    grievance_email: str | None = None
    grievance_phone: str | None = None
    shipping_promise: str | None = None
    returns_promise: str | None = None
    keep_sign_ins: int | None = None
    keep_guests: int | None = None
    keep_messages: int | None = None
    refund_limit: int | None = None
    security_contact: str | None = None


class SellerBody(BaseModel):
    """What the shopkeeper says of the shop; a text is empty as long as nobody has said it."""

    model_config = ConfigDict(from_attributes=True)

    shop_id: str
    name: str
    sentence: str
    description: str
    logo: str
    accent: str
    links: str
    legal_name: str
    address_line1: str
    address_line2: str
    town: str
    pin: str
    state: str
    tax_scheme: TaxScheme
    gstin: str
    handicraft: bool
    care_email: str
    care_phone: str
    grievance_name: str
    grievance_designation: str
    grievance_email: str
    grievance_phone: str
    shipping_promise: str
    returns_promise: str
    keep_sign_ins: int
    keep_guests: int
    keep_messages: int
    refund_limit: int
    security_contact: str

    @classmethod
    def of(cls, seller: Seller) -> Self:
        """Describe it."""
        return cls.model_validate(seller)


class LogoBody(BaseModel):
    """The sign of the shop: the `id` of its picture, and the path at which it is."""

    id: str
    logo: str


@router.get("", **guard.open_to(Caller.SHOP))
async def get_seller() -> SellerBody:
    """Say what the shopkeeper says of the shop."""
    return SellerBody.of(await profile.profile())


@router.patch("", **guard.open_to(Caller.OWNER))
async def change_seller(body: SellerRequest, owner: _Owner) -> SellerBody:
    """Say things of the shop anew; they count at once. What can't be kept is told together, and nothing is kept then.

    Town and State may be left out where the PIN says them.
    """
    said, wrong = _placed(body.model_dump(exclude_none=True))
    return SellerBody.of(await profile.say(Actor.of(owner), said, wrong))


@router.post("/logo", status_code=201, openapi_extra=UPLOAD, **guard.open_to(Caller.OWNER, _TOO_LARGE))
async def put_logo(request: Request, owner: _Owner) -> LogoBody:
    """Let the body, a picture in JPEG, PNG or WebP, be the sign of the shop from now on.

    It is made small and square, and stays clear where it is clear. No words for `logo` take it back.
    """
    picture_id = await pictures.keep_sign(request.stream())
    seller = await profile.say(Actor.of(owner), {"logo": sign_of(picture_id)}, {})
    return LogoBody(id=picture_id, logo=seller.logo)


def _placed(said: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Add what the PIN says of where the seller is, as far as it was left out; and say what is wrong with that."""
    pin = plain(said.get("pin", ""))
    if not pin:
        return said, {}
    place = place_of(pin)
    if place is None:
        return said, {"pin": NO_SUCH_PIN}
    known = {"town": place.town, "state": place.state}
    return {**said, **{name: words for name, words in known.items() if words and not said.get(name)}}, {}
