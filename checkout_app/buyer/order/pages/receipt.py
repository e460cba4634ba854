"""The receipt on an order's page, which is also what is printed."""

import reflex as rx
from reflex.event import EventSpec

from checkout_app.buyer.order.money_back import RefundView
from checkout_app.buyer.order.state import OrderState
from checkout_app.buyer.order.views import LineView
from checkout_app.ui import shop
from checkout_app.ui.kit import button

ORDER = OrderState.order
BACK = ORDER.back


def receipt(heading: str) -> rx.Component:
    """Show what was ordered and how it was paid, under `heading`: Receipt once it is paid, else Order."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(rx.el.p(shop.NAME, class_name="receipt-shop"), rx.el.h2(heading, class_name="receipt-kind")),
            rx.cond(
                ORDER.payment.id,
                button(rx.icon("printer", size=18), "Print", quiet=True, on_click=_print()),
            ),
            class_name="receipt-head",
        ),
        _lines(),
        _facts(),
        class_name="receipt",
        aria_label=heading,
    )


def _lines() -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(rx.el.th("Item", scope="col"), rx.el.th("Quantity", scope="col"), rx.el.th("Amount", scope="col"))
        ),
        rx.el.tbody(rx.foreach(ORDER.lines, _line)),
        rx.el.tfoot(
            rx.cond(ORDER.discount, _added(f"Coupon {ORDER.coupon}", "−", ORDER.discount)),  # noqa: RUF001 - a true minus sign
            rx.cond(ORDER.delivery, _added("Delivery", "", ORDER.delivery)),
            rx.el.tr(
                rx.el.th("Total", scope="row", col_span=2),
                rx.el.td(ORDER.amount, class_name="amount"),
                class_name="receipt-total",
            ),
            rx.cond(
                ORDER.tax,
                rx.el.tr(
                    rx.el.th("GST included", scope="row", col_span=2, class_name="small muted"),
                    rx.el.td(ORDER.tax, class_name="small muted amount"),
                ),
            ),
            rx.cond(ORDER.payment.offer, _added("Offer of Razorpay", "−", ORDER.payment.offer)),  # noqa: RUF001 - a true minus sign
            rx.cond(ORDER.payment.fee, _added("Fee of the payment", "", ORDER.payment.fee)),
            rx.cond(
                ORDER.payment.offer + ORDER.payment.fee,
                _sum("Paid", ORDER.payment.amount),
                rx.cond(BACK.paid, _sum("Paid", BACK.paid)),
            ),
            rx.foreach(BACK.refunds, _refunded),
            rx.cond(BACK.kept, _sum("Paid in the end", BACK.kept)),
        ),
        class_name="receipt-lines",
    )


def _line(line: rx.Var[LineView]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(rx.el.a(line.name, href=line.href), scope="row"),
        rx.el.td(line.quantity),
        rx.el.td(line.amount, class_name="amount"),
        key=line.href,
    )


def _added(label: str | rx.Var[str], sign: str, amount: rx.Var[str]) -> rx.Component:
    """Make the row of a sum that changes what is paid."""
    return rx.el.tr(rx.el.th(label, scope="row", col_span=2), rx.el.td(sign, amount, class_name="amount"))


def _refunded(refund: rx.Var[RefundView]) -> rx.Component:
    return rx.el.tr(
        rx.el.th("Refund", rx.el.span(refund.status, class_name="receipt-note small muted"), scope="row", col_span=2),
        rx.el.td("−", refund.amount, class_name="amount"),  # noqa: RUF001 - a true minus sign
    )


def _sum(term: str, amount: rx.Var[str]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(term, scope="row", col_span=2),
        rx.el.td(amount, class_name="amount"),
        class_name="receipt-sum",
    )


def _facts() -> rx.Component:
    payment = ORDER.payment
    return rx.el.dl(
        rx.el.div(rx.el.dt("Order"), rx.el.dd(ORDER.number)),
        rx.el.div(rx.el.dt("Placed"), rx.el.dd(ORDER.placed)),
        rx.el.div(rx.el.dt("Buyer"), rx.el.dd(rx.cond(ORDER.name, rx.el.bdi(ORDER.name), ORDER.email))),
        rx.cond(ORDER.name, rx.el.div(rx.el.dt("E-mail"), rx.el.dd(ORDER.email))),
        rx.cond(
            ORDER.gstin,
            rx.fragment(
                rx.el.div(rx.el.dt("For"), rx.el.dd(rx.el.bdi(ORDER.firm))),
                rx.el.div(rx.el.dt("GSTIN"), rx.el.dd(ORDER.gstin)),
            ),
        ),
        rx.cond(
            ORDER.ships_to,
            rx.el.div(
                rx.el.dt("Goes to"),
                rx.el.dd(rx.foreach(ORDER.ships_to, lambda line: rx.el.bdi(line, class_name="address-line"))),
            ),
        ),
        rx.cond(
            payment.id,
            rx.fragment(
                rx.el.div(rx.el.dt("Paid"), rx.el.dd(payment.at)),
                rx.el.div(rx.el.dt("With"), rx.el.dd(payment.method)),
                rx.el.div(rx.el.dt("Payment"), rx.el.dd(payment.id)),
            ),
        ),
        class_name="facts",
    )


def _print() -> EventSpec:
    return rx.call_function(rx.Var("() => window.print()"))
