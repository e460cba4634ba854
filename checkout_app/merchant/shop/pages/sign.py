"""The sign of the shop, as it is seen, and how it becomes another one."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.shop.views import SHOP
from checkout_app.ui.kit import button, form_notice, picture
from checkout_app.ui.native import ApiForm, FileField
from checkout_app.ui.office import part

_KINDS: Final = "image/jpeg,image/png,image/webp"
_WHERE: Final = (
    "It stands before the shop's name on every page, and in the payment window. Where it is clear it lies on white, so "
    "that it can be made out in the dark as well."
)


def sign_part(view: Any) -> rx.Component:
    """Show the sign of the shop, and let an owner send another one or go back to the usual one."""
    return part(
        "Its sign",
        rx.el.div(
            picture(view.sign, "The sign of the shop", 72, 72, class_name="brand-mark office-sign"),
            rx.el.p(_WHERE, class_name="small muted"),
            class_name="office-signed",
        ),
        rx.cond(
            view.changes,
            rx.fragment(
                FileField.create(words="Choose a picture", action="/api/merchant/seller/logo", accept=_KINDS),
                rx.el.p("JPEG, PNG or WebP, best a square.", class_name="field-hint"),
                rx.cond(view.own_sign, _usual()),
            ),
        ),
    )


def _usual() -> rx.Component:
    return ApiForm.create(
        form_notice("sign-", {}),
        button("Back to the usual sign", type="submit", quiet=True),
        label="Back to the usual sign",
        action="/api/merchant/seller",
        method="PATCH",
        fixed={"logo": ""},
        next=f"{SHOP}?saved=look",
    )
