"""Who the shopkeeper is and what they say of the shop, in forms."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.shop.pages.frame import said_field, said_part, shop_page
from checkout_app.merchant.shop.pages.sign import sign_part
from checkout_app.merchant.shop.views import SHOP, ShopView
from checkout_app.seller import models
from checkout_app.seller.states import STATES
from checkout_app.ui import page_data
from checkout_app.ui.kit import notice
from checkout_app.ui.office import RUPEES, office_page, tick

VIEW: Final[Any] = page_data.view(ShopView)
_SAID: Final[Any] = VIEW.seller
_DAYS: Final = {
    "type": "number",
    "min": models.SHORTEST_KEPT,
    "max": models.LONGEST_KEPT,
    "input_mode": "numeric",
    "required": True,
}
_SCHEMES: Final = (
    ("regular", "Registered, with tax on the bill"),
    ("composition", "Composition scheme"),
    ("unregistered", "Not registered"),
)


@office_page(SHOP)
def shop() -> rx.Component:
    """Build the page on which the shopkeeper says who they are."""
    return shop_page(
        SHOP,
        VIEW.desk,
        rx.cond(VIEW.saved, notice(rx.Var.create("Saved. It counts from now on."), "success", "check", "status")),
        rx.el.div(
            rx.el.div(_look(), sign_part(VIEW), _firm(), _promises(), class_name="office-column"),
            rx.el.div(_people(), _gst(), _limits(), class_name="office-column"),
            class_name="office-two",
        ),
    )


def _look() -> rx.Component:
    return said_part(
        "How it looks",
        "look",
        said_field("name", "Name of the shop", _SAID.name, placeholder=VIEW.called, max_length=models.LONGEST_NAME),
        said_field("sentence", "What the home page says first", _SAID.sentence, max_length=models.LONGEST_SENTENCE),
        said_field(
            "description",
            "The shop in a sentence or two",
            _SAID.description,
            hint="Below that, and in search results.",
            rows=3,
            max_length=models.LONGEST_DESCRIPTION,
        ),
        said_field(
            "accent",
            "Colour of the payment window",
            _SAID.accent,
            hint="Like #A8451F.",
            max_length=7,
            auto_capitalize="off",
        ),
        said_field(
            "links",
            "Further links below every page",
            _SAID.links,
            hint="A line each: its words, then where it leads. The pages of your policies stand there by themselves.",
            rows=3,
            max_length=models.LONGEST_LINKS,
        ),
        changes=VIEW.changes,
    )


def _firm() -> rx.Component:
    return said_part(
        "Who sells, and where",
        "firm",
        said_field(
            "legal_name",
            "Legal name",
            _SAID.legal_name,
            hint="As on your PAN or GST papers: yours, if you sell in your own name.",
            max_length=models.LONGEST_LINE,
            auto_complete="organization",
        ),
        said_field(
            "address_line1",
            "House and street",
            _SAID.address_line1,
            max_length=models.LONGEST_LINE,
            auto_complete="address-line1",
        ),
        said_field(
            "address_line2", "Area", _SAID.address_line2, max_length=models.LONGEST_LINE, auto_complete="address-line2"
        ),
        said_field(
            "pin",
            "PIN",
            _SAID.pin,
            hint="Town and State follow from it, where you leave them empty.",
            max_length=8,
            input_mode="numeric",
            auto_complete="postal-code",
        ),
        said_field("town", "Town", _SAID.town, max_length=models.LONGEST_TOWN, auto_complete="address-level2"),
        _state(),
        changes=VIEW.changes,
    )


def _state() -> rx.Component:
    states = sorted(STATES.items(), key=lambda each: each[1])
    return said_field(
        "state",
        "State",
        _SAID.state,
        rx.el.option("Not said", value=""),
        *(rx.el.option(name, value=code) for code, name in states),
    )


def _gst() -> rx.Component:
    return said_part(
        "GST",
        "gst",
        said_field(
            "tax_scheme",
            "How you stand to GST",
            _SAID.tax_scheme,
            *(rx.el.option(words, value=scheme) for scheme, words in _SCHEMES),
            hint="It counts for orders from now on; those that exist keep theirs.",
        ),
        said_field(
            "gstin",
            "GSTIN",
            _SAID.gstin,
            hint="Its first two digits are your State.",
            max_length=20,
            auto_capitalize="characters",
        ),
        tick(
            "handicraft",
            "I make handicrafts, which may go to other States without being registered",
            id="shop-handicraft",
            default_checked=_SAID.handicraft,
        ),
        changes=VIEW.changes,
    )


def _people() -> rx.Component:
    return said_part(
        "Who answers buyers",
        "people",
        *_reached("care", "Customer care", _SAID.care_email, _SAID.care_phone),
        said_field(
            "grievance_name",
            "Grievance officer",
            _SAID.grievance_name,
            hint="The law wants a person named. In a small shop that is you.",
            max_length=models.LONGEST_PERSON,
            auto_complete="name",
        ),
        said_field(
            "grievance_designation",
            "Their designation",
            _SAID.grievance_designation,
            hint="Such as Proprietor.",
            max_length=models.LONGEST_PERSON,
        ),
        *_reached("grievance", "Grievance officer", _SAID.grievance_email, _SAID.grievance_phone),
        said_field(
            "security_contact",
            "Where to write to who finds a weakness of the shop",
            _SAID.security_contact,
            hint="A mailbox or a page; it stands in /.well-known/security.txt.",
            max_length=models.LONGEST_CONTACT,
        ),
        changes=VIEW.changes,
    )


def _reached(whose: str, title: str, email: Any, phone: Any) -> tuple[rx.Component, rx.Component]:
    return (
        said_field(
            f"{whose}_email",
            f"{title}: e-mail",
            email,
            type="email",
            max_length=models.LONGEST_EMAIL,
            auto_complete="email",
        ),
        said_field(
            f"{whose}_phone", f"{title}: phone", phone, type="tel", max_length=models.LONGEST_PHONE, auto_complete="tel"
        ),
    )


def _promises() -> rx.Component:
    return said_part(
        "What you promise on each product",
        "promises",
        said_field("shipping_promise", "Delivery", _SAID.shipping_promise, rows=2, max_length=models.LONGEST_PROMISE),
        said_field("returns_promise", "Returns", _SAID.returns_promise, rows=2, max_length=models.LONGEST_PROMISE),
        changes=VIEW.changes,
    )


def _limits() -> rx.Component:
    return said_part(
        "Limits",
        "limits",
        said_field(
            "refund_limit",
            "Most rupees of a payment that go back without showing your second factor again",
            _SAID.refund_limit,
            required=True,
            **RUPEES,
        ),
        said_field("keep_sign_ins", "Days for which ended sign-ins are kept", _SAID.keep_sign_ins, **_DAYS),
        said_field("keep_guests", "Days for which guests who ordered nothing are kept", _SAID.keep_guests, **_DAYS),
        said_field("keep_messages", "Days for which Razorpay's messages are kept", _SAID.keep_messages, **_DAYS),
        changes=VIEW.changes,
    )
