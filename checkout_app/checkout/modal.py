"""Razorpay's modal on a page: opened by the state, and answering to it; and what is agreed to by paying there."""

from typing import Any

import reflex as rx

from checkout_app.checkout.state import CheckoutState
from checkout_app.core.settings import settings
from checkout_app.seller.presentation import FooterLink
from checkout_app.ui import shop
from checkout_app.ui.native import NativeLink

PAY = "pay"
"""The id of the button that opens the modal, to which the focus comes back when it closes."""


class PaymentModal(rx.NoSSRComponent):
    """Opens `new Razorpay(options)` when `payment` holds a new nonce; `acknowledged` is that of the last known success.

    All it reports comes from the browser: the success is verified on the server; the rest is only shown.
    """

    library = rx.asset("modal.jsx", shared=True).importable_path
    tag = "PaymentModal"
    src: rx.Var[str]
    payment: rx.Var[dict[str, Any]]
    ready: rx.Var[bool]
    acknowledged: rx.Var[str]
    on_success: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]
    on_failed: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_dismiss: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_unreachable: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def agreement() -> rx.Component:
    """Say beside a button that leads to the modal what is agreed to by paying, and that this is all."""
    return rx.el.p(
        "By paying you agree to buy this from ",
        shop.NAME,
        " at this price",
        rx.foreach(shop.AGREED, _policy),
        ", and to nothing else.",
        class_name="pay-by",
    )


def _policy(policy: rx.Var[FooterLink], place: rx.Var[int]) -> rx.Component:
    """Lead to a policy in a tab of its own: what was typed on this page stays."""
    said = NativeLink.create(policy.words, href=policy.href, target="_blank", rel="noopener", class_name="link")
    return rx.fragment(rx.cond(place > 0, " and its ", ", to its "), said)


def payment_modal() -> rx.Component:
    """Place the modal on a page that lets people pay."""
    return PaymentModal.create(
        src=settings().razorpay_checkout_js_url,
        payment=CheckoutState.payment,
        ready=CheckoutState.is_hydrated,
        acknowledged=CheckoutState.acknowledged,
        on_success=CheckoutState.payment_succeeded,
        on_failed=CheckoutState.payment_failed,
        on_dismiss=CheckoutState.payment_dismissed,
        on_unreachable=CheckoutState.payment_unreachable,
    )
