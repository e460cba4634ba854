"""The checkout page: who buys, what they buy, and one button to pay."""

import reflex as rx

from checkout_app.checkout.coupon.page import coupon_section
from checkout_app.checkout.delivery.page import FORM, TYPED, delivery_row, delivery_section
from checkout_app.checkout.firm.page import firm_section
from checkout_app.checkout.modal import PAY, agreement, payment_modal
from checkout_app.checkout.state import CheckoutState
from checkout_app.checkout.views import PRODUCT_GONE, SummaryLine
from checkout_app.ui import address
from checkout_app.ui.attention import ASKS
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, button_link, link, message, notice, picture, skeleton, skeleton_text, spinner
from checkout_app.ui.page import page
from checkout_app.ui.taking_long import taking_long

LINES = CheckoutState.summary.lines
DISCOUNT, TOTAL = CheckoutState.summary.discount, CheckoutState.summary.total
_IS_TOTAL = ~CheckoutState.needs_address | CheckoutState.summary.delivery.bool()
"""Whether the total is all of it: what delivery costs is known, or nothing is sent."""
IS_LOADED = CheckoutState.loaded_query == address.QUERY
"""False until the server has answered for the URL in the browser, so nobody sees or pays what they bought before."""
_OF_CART = ~address.QUERY.contains("product=")
"""Whether the URL in the browser asks for all of the cart; to be looked at once IS_LOADED."""


@page(
    "/checkout",
    title="Checkout",
    description="Review your order and pay.",
    load=CheckoutState.load,
)
def checkout() -> rx.Component:
    """Build the page that leads from Buy now to the payment."""
    known = rx.cond(CheckoutState.problem, _problem(), rx.cond(TOTAL, _checkout(), _skeleton()))
    return frame(rx.cond(IS_LOADED, known, _skeleton()), payment_modal())


def _checkout() -> rx.Component:
    return rx.fragment(
        rx.el.h1("Checkout", class_name="checkout-title"),
        _folded_summary(),
        rx.el.div(
            rx.el.div(
                rx.el.form(
                    _contact(),
                    delivery_section(),
                    _review(),
                    firm_section(),
                    id=FORM,
                    on_submit=CheckoutState.check_address(TYPED),
                ),
                coupon_section(),
                _pay(),
            ),
            rx.el.aside(rx.el.div(_totals(), class_name="card summary"), aria_label="Summary"),
            class_name="checkout",
        ),
    )


def _contact() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Contact"),
            rx.cond(CheckoutState.guest, link("Change", CheckoutState.back_to_login)),
            class_name="checkout-part-head",
        ),
        rx.el.div(
            rx.cond(CheckoutState.name, rx.el.p(rx.el.bdi(CheckoutState.name))),
            rx.el.p(CheckoutState.email, class_name=rx.cond(CheckoutState.name, "muted", "")),
        ),
        class_name="checkout-part",
    )


def _review() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Review"),
            rx.cond(_OF_CART, link("Change", "/cart", reload_document=True, aria_label="Change your cart")),
            class_name="checkout-part-head",
        ),
        rx.el.ul(rx.foreach(LINES, _line), class_name="stack"),
        class_name="checkout-part",
    )


def _line(line: rx.Var[SummaryLine]) -> rx.Component:
    return rx.el.li(
        picture(line.image, "", 72, 90, class_name="line-picture"),
        rx.el.div(
            rx.el.p(line.name),
            rx.el.p(line.quantity, " × ", line.unit, class_name="small muted amount"),  # noqa: RUF001 - a true multiplication sign
        ),
        rx.el.p(line.amount, class_name="amount"),
        class_name="line",
    )


def _pay() -> rx.Component:
    phase = CheckoutState.phase
    label = rx.match(
        phase,
        ("placing", "Preparing your payment"),
        ("paying", "Waiting for your payment"),
        ("verifying", "Checking your payment"),
        ("settled", "Opening your receipt"),
        rx.cond(_IS_TOTAL, f"Pay {TOTAL}", f"Pay {TOTAL} and delivery"),
    )
    return rx.el.section(
        rx.cond(CheckoutState.bought, _bought()),
        notice(CheckoutState.downtimes, "info", role="status"),
        notice(CheckoutState.notice),
        rx.cond(
            CheckoutState.unpaid_order,
            rx.el.p(
                link("Pay or cancel it", f"/orders/{CheckoutState.unpaid_order}"),
                link("My orders", "/orders"),
                class_name="others",
            ),
        ),
        button(
            rx.cond(phase == "review", rx.fragment(), spinner()),
            rx.el.span(label, aria_live="polite"),
            wide=True,
            disabled=phase != "review",
            on_click=CheckoutState.place_order(TYPED, CheckoutState.summary.amount).temporal,
            id=PAY,
            custom_attrs=ASKS,
        ),
        agreement(),
        rx.cond(CheckoutState.summary.hint, rx.el.p(CheckoutState.summary.hint, class_name="pay-by")),
        rx.el.p(
            rx.icon("lock", size=14),
            rx.el.span(rx.el.strong("Razorpay"), ": UPI, cards, net banking and wallets"),
            class_name="pay-by",
        ),
        rx.el.p(
            rx.cond(
                CheckoutState.hold_notice,
                CheckoutState.hold_notice,
                "Nothing is charged before you choose how to pay.",
            ),
            class_name="pay-by",
        ),
        class_name="checkout-part pay",
    )


def _bought() -> rx.Component:
    receipt = link("Its receipt", CheckoutState.bought)
    words = ("You just bought this. ", receipt, " is here. Pay only to buy it once more.")
    return rx.el.div(
        rx.icon("receipt-indian-rupee", size=18),
        rx.el.p(*words, class_name="notice-text"),
        class_name="notice tone-info",
        role="status",
    )


def _totals() -> rx.Component:
    return rx.el.dl(
        rx.foreach(LINES, lambda line: _row(line.label, line.amount)),
        rx.cond(DISCOUNT, _row(f"Coupon {CheckoutState.coupon}", f"−{DISCOUNT}")),  # noqa: RUF001 - a true minus sign
        delivery_row(),
        rx.el.div(
            rx.el.dt(rx.cond(_IS_TOTAL, "Total", "Before delivery")),
            rx.el.dd(TOTAL, class_name="amount"),
            class_name="summary-row summary-total",
        ),
        rx.cond(
            CheckoutState.summary.tax,
            rx.el.div(
                rx.el.dt("GST included"),
                rx.el.dd(CheckoutState.summary.tax, class_name="amount"),
                class_name="summary-row small muted",
            ),
        ),
        class_name="summary-rows",
    )


def _row(term: str | rx.Var[str], amount: str | rx.Var[str]) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(amount, class_name="amount"), class_name="summary-row")


def _folded_summary() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            rx.el.span("Summary"),
            rx.el.span(rx.el.span(TOTAL, class_name="amount"), rx.icon("chevron-down", size=18), class_name="row"),
            class_name="disclosure-line",
        ),
        rx.el.div(_totals(), class_name="disclosure-body"),
        class_name="disclosure folded",
    )


def _problem() -> rx.Component:
    return message(
        "package-x",
        rx.match(
            CheckoutState.problem,
            ("nothing_chosen", "There is nothing in your cart"),
            ("product_not_found", "This is no longer for sale"),
            ("out_of_stock", "There are not enough left"),
            "This can't be ordered like that",
        ),
        rx.match(
            CheckoutState.problem,
            ("nothing_chosen", "Open what you would like to have, and press Add to cart there, or Buy now."),
            ("product_not_found", PRODUCT_GONE),
            CheckoutState.problem_message,
        ),
        button_link("See what there is", href="/"),
        rx.cond(
            _OF_CART,
            button_link("Your cart", href="/cart", quiet=True, reload_document=True),
            button_link("My orders", href="/orders", quiet=True),
        ),
    )


def _skeleton() -> rx.Component:
    return rx.fragment(
        taking_long("Your checkout"),
        rx.el.h1("Checkout", class_name="checkout-title"),
        rx.el.div(
            rx.el.div(
                rx.el.section(rx.el.h2("Contact"), skeleton_text("14rem"), class_name="checkout-part"),
                rx.el.section(rx.el.h2("Review"), skeleton("100%", "5.625rem"), class_name="checkout-part"),
                rx.el.section(skeleton("100%", "3.5rem"), class_name="checkout-part"),
            ),
            rx.el.aside(skeleton("100%", "13rem"), class_name="summary"),
            class_name="checkout",
            aria_busy="true",
        ),
    )
