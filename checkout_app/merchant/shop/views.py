"""The shop itself as the back office shows it: ready-made text."""

from dataclasses import dataclass, fields
from typing import Final

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core.assets import versioned
from checkout_app.core.money import in_major_units
from checkout_app.core.settings import settings
from checkout_app.merchant.desk import Desk, desk
from checkout_app.seller.models import Seller
from checkout_app.seller.presentation import Presentation

SHOP: Final = "/merchant/shop"
POLICIES: Final = f"{SHOP}/policies"
COMPLAINTS: Final = f"{SHOP}/complaints"
LIVE: Final = f"{SHOP}/live"


@dataclass(frozen=True, slots=True)
class SellerView:
    """What the shopkeeper has said, as it stands in the fields; what is empty nobody has said."""

    name: str
    sentence: str
    description: str
    accent: str
    links: str
    legal_name: str
    address_line1: str
    address_line2: str
    town: str
    pin: str
    state: str
    tax_scheme: str
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
    refund_limit: str
    security_contact: str


@dataclass(frozen=True, slots=True)
class ShopView:
    """The page on which the shopkeeper says who they are; `saved` names what was just said anew."""

    desk: Desk
    changes: bool
    """Whether who looks may change it."""
    saved: str
    called: str
    """What the shop is called as long as nobody says it otherwise."""
    sign: str
    """The address of its sign."""
    own_sign: bool
    """Whether that is another than the one that comes with the program."""
    seller: SellerView


def shop_view(person: Identity, seller: Seller, shop: Presentation, saved: str) -> ShopView:
    """Describe what the shopkeeper has said for who looks at it."""
    said = {each.name: getattr(seller, each.name) for each in fields(SellerView)}
    said["refund_limit"] = str(in_major_units(seller.refund_limit, "INR"))
    return ShopView(
        desk=desk(person),
        changes=may_change(person),
        saved=saved,
        called=settings().shop_name,
        sign=versioned(shop.logo),
        own_sign=seller.logo != "",
        seller=SellerView(**said),
    )


def may_change(person: Identity) -> bool:
    """Tell whether somebody decides what the shop says of itself."""
    return Caller.OWNER.admits(person.role)
