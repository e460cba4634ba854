"""One of the shop's orders: what it is of, its money, who gets it, what happened, and what can be done."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.orders.one_view import (
    EventView,
    LineView,
    MoneyView,
    OneOrderView,
    RefundLineView,
    SumView,
)
from checkout_app.merchant.orders.views import ORDERS, RowView
from checkout_app.ui import page_data
from checkout_app.ui.copy_text import CopyText
from checkout_app.ui.kit import button, form_notice, notice, pill
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import office, office_page

VIEW: Final[Any] = page_data.view(OneOrderView)
_BUYER: Final[Any] = VIEW.buyer
_REFUND: Final[Any] = VIEW.refund
_LONGEST_REASON: Final = 200


@office_page(f"{ORDERS}/[order_id]")
def order() -> rx.Component:
    """Build the page of one of the shop's orders."""
    return office(
        ORDERS,
        VIEW.desk,
        NativeLink.create(rx.icon("arrow-left", size=16), "Orders", href=ORDERS, class_name="link office-back"),
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
        rx.el.div(
            rx.el.div(_lines(), _money(), _timeline(), class_name="office-column"),
            rx.el.div(_buyer(), rx.cond(_REFUND.payment, _refund()), _former(), class_name="office-column"),
            class_name="office-two",
        ),
    )


def _part(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title), *content, class_name="card office-part")


def _lines() -> rx.Component:
    return _part(
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
    return _part(
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
    )


def _timeline() -> rx.Component:
    return _part("What happened", rx.el.ol(rx.foreach(VIEW.timeline, _event), class_name="office-lines"))


def _event(event: rx.Var[EventView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.p(event.message), rx.el.p(event.who, class_name="small muted")),
        rx.el.p(event.at, class_name="small muted amount"),
    )


def _buyer() -> rx.Component:
    return _part(
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
        rx.cond(_BUYER.firm, rx.el.p("For ", _BUYER.firm, ", GSTIN ", _BUYER.gstin, class_name="small")),
    )


def _refund() -> rx.Component:
    return _part(
        "Refund",
        rx.el.p("Up to ", _REFUND.left, " can go back.", class_name="muted"),
        ApiForm.create(
            rx.foreach(_REFUND.lines, _refund_line),
            rx.cond(
                _REFUND.delivery,
                _tick("delivery", "Delivery, ", _REFUND.delivery, custom_attrs={"data-worth": _REFUND.delivery_worth}),
            ),
            rx.el.div(
                rx.el.label("Why, in words the buyer will read", html_for="refund-reason", class_name="field-label"),
                rx.el.input(
                    id="refund-reason",
                    name="reason",
                    required=True,
                    max_length=_LONGEST_REASON,
                    auto_complete="off",
                    class_name="field-input",
                ),
                class_name="field",
            ),
            _tick("restock", "Back on the shelf, once all of it is refunded", default_checked=True),
            form_notice("refund-", {}),
            button("Refund ", _total(), type="submit", wide=True),
            _sure(),
            label="Refund",
            action="/api/merchant/refunds",
            currency=_REFUND.currency,
            fixed={"payment_id": _REFUND.payment},
        ),
    )


def _total() -> rx.Component:
    return rx.el.span("₹0.00", class_name="amount", custom_attrs={"data-total": ""})


def _refund_line(line: rx.Var[RefundLineView]) -> rx.Component:
    field_id = f"refund-{line.id}"
    return rx.el.div(
        rx.el.label(line.name, html_for=field_id),
        rx.el.input(
            id=field_id,
            name="lines",
            type="number",
            min="0",
            max=line.left,
            default_value="0",
            input_mode="numeric",
            class_name="field-input",
            custom_attrs={"data-part": line.part, "data-worth": line.worths},
        ),
        rx.el.span("of ", line.left, class_name="small muted"),
        class_name="refund-line",
    )


def _tick(name: str, *words: str | rx.Var[str], **props: Any) -> rx.Component:
    return rx.el.label(rx.el.input(type="checkbox", name=name, **props), rx.el.span(*words), class_name="office-tick")


def _sure() -> rx.Component:
    """Say what is about to happen, as the buyer will hear of it."""
    return rx.el.dialog(
        rx.el.h3("Give ", _total(), " back?"),
        rx.el.p("It goes to ", rx.el.bdi(_BUYER.name), " the way it came, and can't be called off. They will read:"),
        rx.el.blockquote(_total(), " is on its way back. ", rx.el.span(custom_attrs={"data-said": ""})),
        rx.el.div(
            button("Refund ", _total(), type="submit"),
            button("Not yet", quiet=True, custom_attrs={"data-close": ""}),
            class_name="row",
        ),
        aria_label="Confirm the refund",
        class_name="office-sure",
    )


def _former() -> rx.Component:
    return rx.cond(
        VIEW.former.length() > 0,
        _part("Their other orders", rx.el.ul(rx.foreach(VIEW.former, _former_line), class_name="office-lines")),
    )


def _former_line(row: rx.Var[RowView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            NativeLink.create(row.number, href=row.href, class_name="link"),
            rx.el.p(row.date, class_name="small muted"),
        ),
        rx.el.p(row.amount, class_name="amount"),
    )
