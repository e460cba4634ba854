"""One order's page. What it says first depends on where the order stands; below it are receipt and timeline."""

import reflex as rx

from checkout_app.buyer.account.pages.keep import keep_form
from checkout_app.buyer.order.pages.afterwards import asking, bought_files, order_again
from checkout_app.buyer.order.pages.receipt import ORDER, receipt
from checkout_app.buyer.order.state import OrderState
from checkout_app.buyer.order.views import EventView
from checkout_app.checkout.modal import PAY, agreement, payment_modal
from checkout_app.checkout.state import CheckoutState
from checkout_app.ui import address
from checkout_app.ui.attention import ASKS
from checkout_app.ui.copy_text import CopyText
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, button_link, link, message, notice, skeleton, skeleton_text, spinner
from checkout_app.ui.page import page
from checkout_app.ui.taking_long import taking_long

_IS_CLOSED = (ORDER.display_state == "expired") | (ORDER.display_state == "cancelled")


def _is_here(order_id: rx.Var[str]) -> rx.Var[bool]:
    return order_id & address.PATH.contains(order_id)


def _name() -> rx.Var[str]:
    """Name the order in the title, once it is the one of the URL."""
    return rx.cond(_is_here(ORDER.id), "Order " + ORDER.number, "").to(str)


@page(
    "/orders/[order_id]",
    title="Your order",
    named=_name(),
    description="Where your order stands, and its receipt.",
    on_load=[CheckoutState.leave_checkout, OrderState.load],
)
def order() -> rx.Component:
    """Build the page of an order, for its buyer and for whoever holds its signed link."""
    # What was found before is not shown while the server has not answered for the order in this URL.
    known = rx.cond(_is_here(ORDER.id), _order(), _skeleton())
    return frame(rx.cond(_is_here(OrderState.missing), _missing(), known), payment_modal())


def _order() -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.match(
                ORDER.display_state,
                ("paid", _paid()),
                ("confirming", _confirming()),
                ("failed", "unpaid", _not_paid()),
                ("expired", _closed("clock", "It was not paid in time, so its items went back on the shelf.")),
                ("cancelled", _closed("ban", "Its items went back on the shelf.")),
                ("partially_refunded", "refunded", _refunded()),
                _attention(),
            ),
            notice(OrderState.notice),
            notice(ORDER.asked, "info", role="status"),
            class_name="stack",
        ),
        rx.cond(ORDER.files, bought_files()),
        rx.cond(ORDER.steps, _next()),
        rx.cond(ORDER.payment.id, receipt("Receipt"), receipt("Order")),
        rx.cond(ORDER.again & ~_IS_CLOSED, order_again(quiet=True)),
        rx.cond(OrderState.own & ORDER.may_ask.bool() & ~ORDER.asked.bool(), asking()),
        rx.cond(OrderState.own & OrderState.guest & ORDER.payment.id.bool(), _keep()),
        _timeline(),
        class_name="order",
    )


def _head(mark: rx.Component, tone: str, heading: rx.Component | str, *content: rx.Component) -> rx.Component:
    return rx.el.header(
        rx.el.div(mark, class_name=f"order-mark tone-{tone}", aria_hidden="true"),
        rx.el.h1(heading),
        *content,
        class_name="order-head",
    )


def _paid() -> rx.Component:
    tick = rx.el.svg(
        rx.el.path(d="M5 12.5 10 17.5 19.5 7", path_length=1),
        view_box="0 0 24 24",
        width="40",
        height="40",
        fill="none",
        stroke="currentColor",
        stroke_width="2",
        stroke_linecap="round",
        stroke_linejoin="round",
        class_name="tick",
    )
    name = ORDER.first_name
    return _head(
        tick,
        "success",
        rx.cond(
            OrderState.own,
            rx.cond(name, rx.fragment("Thank you, ", rx.el.bdi(name), "."), "Thank you."),
            ORDER.headline,
        ),
        rx.el.p(ORDER.message, class_name="order-lead"),
        rx.el.p("Order ", CopyText.create(text=ORDER.number, label="Order number"), class_name="order-number"),
    )


def _next() -> rx.Component:
    return rx.el.section(
        rx.el.h2("What happens next"),
        rx.el.ol(
            rx.foreach(ORDER.steps, lambda step: rx.el.li(rx.icon("arrow-right", size=18), step)),
            class_name="next",
        ),
        class_name="part",
    )


def _confirming() -> rx.Component:
    return rx.fragment(
        _head(
            rx.icon("hourglass", size=30, stroke_width=1.5),
            "info",
            ORDER.headline,
            rx.el.p(
                "This page updates itself. It is safe to close it: the order goes on without it.",
                class_name="order-lead",
            ),
        ),
        rx.el.ol(
            _step("done", "The payment was made", "Razorpay has told us about the payment."),
            _step("now", "The bank confirms it", "Mostly this takes seconds, at times a few minutes."),
            _step("later", "The order is paid", "Its receipt appears here."),
            class_name="steps",
            aria_live="polite",
        ),
    )


def _step(state: str, title: str, text: str) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.icon("check", size=14, stroke_width=3) if state == "done" else rx.fragment(),
            class_name="step-dot",
            aria_hidden="true",
        ),
        rx.el.div(rx.el.p(rx.el.strong(title)), rx.el.p(text, class_name="small muted")),
        class_name=f"step step-{state}",
        aria_current="step" if state == "now" else "false",
    )


def _not_paid() -> rx.Component:
    working = CheckoutState.phase != "review"
    return _head(
        rx.icon("wallet", size=30, stroke_width=1.5),
        "warning",
        ORDER.headline,
        rx.el.p(ORDER.message, " ", ORDER.next, class_name="order-lead"),
        notice(CheckoutState.notice),
        rx.cond(
            OrderState.own,
            rx.el.div(
                button(
                    rx.cond(working, spinner()),
                    rx.el.span("Pay ", rx.el.span(ORDER.amount, class_name="amount")),
                    wide=True,
                    disabled=working,
                    on_click=CheckoutState.pay_again(ORDER.id).temporal,
                    id=PAY,
                    custom_attrs=ASKS,
                ),
                agreement(),
                class_name="order-actions",
            ),
        ),
        _other_ways(rx.cond(OrderState.own, _cancel())),
    )


def _cancel() -> rx.Component:
    consequence = "Its items go back on the shelf, and it can't be paid any more."
    return _asks("Cancel this order", consequence, "Yes, cancel it", OrderState.cancel_order)


def _asks(what: str, consequence: str, yes: str, act: rx.EventHandler) -> rx.Component:
    """Ask once whether something is to be done that nobody can undo, in a way that needs no script."""
    return rx.el.details(
        rx.el.summary(what, class_name="link link-button"),
        rx.el.div(
            rx.el.p(consequence), button(yes, quiet=True, on_click=act, custom_attrs=ASKS), class_name="asks-question"
        ),
        class_name="asks",
    )


def _closed(icon: str, reason: str) -> rx.Component:
    return _head(
        rx.icon(icon, size=30, stroke_width=1.5),
        "neutral",
        ORDER.headline,
        rx.el.p(reason, " ", ORDER.message, class_name="order-lead"),
        rx.cond(ORDER.again, order_again(wide=True)),
        _other_ways(),
    )


def _refunded() -> rx.Component:
    return _head(
        rx.icon("undo-2", size=30, stroke_width=1.5),
        "neutral",
        ORDER.headline,
        rx.el.p(ORDER.message, class_name="order-lead"),
        _other_ways(),
    )


def _attention() -> rx.Component:
    return _head(
        rx.icon("search", size=30, stroke_width=1.5),
        "info",
        ORDER.headline,
        rx.el.p("Something about its payment does not fit. ", ORDER.next, " ", ORDER.message, class_name="order-lead"),
        _other_ways(),
    )


def _other_ways(second: rx.Component | None = None) -> rx.Component:
    """Lead to the shop, and its buyer to their orders unless there is something better to do."""
    other = rx.cond(OrderState.own, link("My orders", "/orders")) if second is None else second
    return rx.el.p(link("Look at the shop", "/"), other, class_name="others")


def _keep() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Keep this order"),
        rx.el.p("Choose a password, and it waits for you on any device in an account of ", OrderState.email, "."),
        keep_form(),
        class_name="part account-part",
    )


def _timeline() -> rx.Component:
    return rx.el.section(
        rx.el.h2("What happened so far"),
        rx.el.ol(rx.foreach(ORDER.timeline, _event), class_name="timeline"),
        rx.cond(OrderState.own, _link()),
        class_name="part",
    )


def _link() -> rx.Component:
    return rx.el.div(
        rx.el.p("Whoever has its link sees this order on any device, without signing in.", class_name="small muted"),
        CopyText.create(text=ORDER.link, label="", shown="Link to this order"),
        _renew(),
        class_name="order-link",
    )


def _renew() -> rx.Component:
    consequence = "Every link to this order ends, those in your mails too: who is to see it needs the new one."
    return _asks("End this link and make a new one", consequence, "Yes, end it", OrderState.renew_link)


def _event(event: rx.Var[EventView]) -> rx.Component:
    return rx.el.li(rx.el.time(event.at), rx.el.span(event.message))


def _missing() -> rx.Component:
    return message(
        "search-x",
        "We can't find this order",
        "It may have been made with another account, or on another device.",
        button_link("My orders", href="/orders"),
        rx.cond(OrderState.guest, button_link("Sign in", href=address.SIGN_IN, quiet=True)),
        button_link("Go to the shop", href="/", quiet=True),
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        taking_long("Your order"),
        rx.el.div(
            skeleton("4.5rem", "4.5rem", borderRadius="50%"),
            skeleton("16rem", "2.25rem"),
            skeleton_text("12rem"),
            class_name="order-head",
        ),
        skeleton("100%", "22rem", borderRadius="var(--radius-card)"),
        class_name="order",
        aria_busy="true",
    )
