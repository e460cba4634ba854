"""One of the shop's orders: what it is of, its money, who gets it, what happened, and what can be done."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.orders.money_view import MoneyView, SumView
from checkout_app.merchant.orders.one_view import LineView, OneOrderView
from checkout_app.merchant.orders.pages.doing import parcels, refund
from checkout_app.merchant.orders.pages.upkeep import address, cancel, mails, note
from checkout_app.merchant.orders.views import ORDERS, RowView
from checkout_app.ui import page_data
from checkout_app.ui.copy_text import CopyText
from checkout_app.ui.kit import notice, pill
from checkout_app.ui.native import NativeLink
from checkout_app.ui.office import back, happened, office, office_page, part, sheet

VIEW: Final[Any] = page_data.view(OneOrderView)
_BUYER: Final[Any] = VIEW.buyer


@office_page(f"{ORDERS}/[order_id]")
def order() -> rx.Component:
    """Build the page of one of the shop's orders."""
    return office(
        ORDERS,
        VIEW.desk,
        sheet("office-orders"),
        back("Orders", ORDERS),
        rx.el.div(
            rx.el.h1("Order ", CopyText.create(text=VIEW.number, label="Order number")),
            rx.el.p(
                pill(VIEW.status, VIEW.tone),
                rx.cond(VIEW.sending, rx.el.span(VIEW.sending, class_name="pill")),
                rx.el.span(VIEW.placed, class_name="muted small"),
                class_name="office-pills",
            ),
            class_name="stack",
        ),
        rx.foreach(VIEW.waits, lambda words: notice(words, "danger", "circle-alert", "status")),
        rx.cond(
            VIEW.waits.length() > 0,
            NativeLink.create("See what you can do", href=VIEW.needs, class_name="link office-back"),
        ),
        rx.el.div(
            rx.el.div(_lines(), _money(), _timeline(), class_name="office-column"),
            rx.el.div(
                _buyer(),
                parcels(),
                rx.cond(VIEW.refund.payment, refund()),
                rx.cond(VIEW.may_cancel, cancel()),
                mails(),
                _former(),
                class_name="office-column",
            ),
            class_name="office-two",
        ),
    )


def _lines() -> rx.Component:
    return part(
        "What",
        rx.el.ul(rx.foreach(VIEW.lines, _line), class_name="office-lines"),
        rx.el.dl(rx.foreach(VIEW.sums, _sum), class_name="summary-rows"),
    )


def _line(line: rx.Var[LineView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            NativeLink.create(line.name, href=line.href, class_name="link"),
            rx.el.p(line.sku, class_name="small muted"),
        ),
        rx.el.p(line.quantity, " at ", line.unit, class_name="small muted amount"),
        rx.el.p(line.amount, class_name="amount"),
    )


def _sum(each: rx.Var[SumView]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(each.term),
        rx.el.dd(each.amount, class_name="amount"),
        class_name=rx.cond(each.stands_out, "summary-row summary-total", "summary-row"),
    )


def _money() -> rx.Component:
    return part(
        "Money",
        rx.cond(
            VIEW.payments.length() > 0,
            rx.el.ul(rx.foreach(VIEW.payments, _money_line), class_name="office-lines"),
            rx.el.p("Nobody has tried to pay it.", class_name="muted"),
        ),
        rx.cond(
            VIEW.refunds.length() > 0,
            rx.fragment(
                rx.el.h3("Back to the buyer"),
                rx.el.ul(rx.foreach(VIEW.refunds, _money_line), class_name="office-lines"),
            ),
        ),
    )


def _money_line(each: rx.Var[MoneyView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(each.about),
            rx.cond(each.id, rx.el.p(each.id, class_name="small muted")),
            rx.el.p(each.at, class_name="small muted"),
        ),
        rx.el.p(each.amount, class_name="amount"),
        rx.cond(
            each.said,
            rx.el.details(
                rx.el.summary("What Razorpay said", class_name="link small"),
                rx.el.pre(each.said, class_name="office-said"),
                class_name="office-more",
            ),
        ),
        rx.cond(
            each.told,
            rx.el.p(
                NativeLink.create("Razorpay's messages about it", href=each.told, class_name="link small"),
                class_name="office-more office-ways",
            ),
        ),
    )


def _timeline() -> rx.Component:
    return part(
        "What happened",
        rx.cond(VIEW.may_note, note()),
        rx.el.ol(rx.foreach(VIEW.timeline, happened), class_name="office-lines"),
    )


def _buyer() -> rx.Component:
    return part(
        "Buyer",
        rx.el.p(rx.el.bdi(_BUYER.name)),
        rx.el.p(NativeLink.create(_BUYER.email, href="mailto:" + _BUYER.email, class_name="link")),
        rx.cond(
            _BUYER.phone,
            rx.el.p(
                NativeLink.create(rx.icon("phone", size=16), _BUYER.phone, href=_BUYER.call, class_name="link"),
                NativeLink.create(rx.icon("message-circle", size=16), "WhatsApp", href=_BUYER.write, class_name="link"),
                class_name="office-ways",
            ),
        ),
        rx.cond(
            _BUYER.address.length() > 0,
            rx.el.address(rx.foreach(_BUYER.address, rx.el.span), class_name="office-address"),
        ),
        rx.cond(VIEW.goes_to.may_change, address()),
        rx.cond(_BUYER.firm, rx.el.p("For ", _BUYER.firm, ", GSTIN ", _BUYER.gstin, class_name="small")),
    )


def _former() -> rx.Component:
    return rx.cond(
        VIEW.former.length() > 0,
        part("Their other orders", rx.el.ul(rx.foreach(VIEW.former, _former_line), class_name="office-lines")),
    )


def _former_line(row: rx.Var[RowView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            NativeLink.create(row.number, href=row.href, class_name="link"),
            rx.el.p(row.date, class_name="small muted"),
        ),
        rx.el.p(row.amount, class_name="amount"),
    )
