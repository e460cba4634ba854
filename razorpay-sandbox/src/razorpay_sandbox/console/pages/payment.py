"""One payment: who paid how, what it cost, what may happen next, and its refunds."""

import htpy as h

from razorpay_sandbox.console.elements import facts, form, link, number, raw, text
from razorpay_sandbox.console.pages import disputes, payments, refunds
from razorpay_sandbox.console.text import amount, chip, moment, price
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record

_REASON = "goods_or_services_not_received"


def _merchant(record: Record) -> h.Node:
    """Write forms for a payment that was captured: a part of it goes back, or the buyer disputes it."""
    body = {"payment_id": record.id}
    refund = form(
        "Refund this much",
        "POST",
        "/console/refund",
        number("Amount in the smallest unit (empty: all that is left)", "amount"),
        body=body,
    )
    dispute = form("Raise a dispute", "POST", "/_test/dispute", text("Reason", "reason", _REASON), body=body)
    return [
        h.details(data_key="refund")[h.summary["Refund a part"], refund],
        h.details(data_key="dispute")[h.summary["Let the buyer dispute it"], dispute],
    ]


def content(gateway: Gateway, record: Record) -> h.Node:
    """Show a payment with all that belongs to it."""
    entity = record.entity
    currency = entity["currency"]
    returned = gateway.store.children("refund", record.id)
    disputed = gateway.store.children("dispute", record.id)
    card = record.hidden.get("card")
    means = f"{card['network']} ending in {card['last4']}" if card else None
    settlement = record.hidden.get("settlement_id")
    return [
        facts(
            ("Id", h.code(".whole")[record.id]),
            ("Order", link(gateway, "orders", entity["order_id"])),
            ("Amount", price(entity)),
            ("Refunded", amount(entity["amount_refunded"], currency)),
            ("Fee, tax included", "—" if entity["fee"] is None else amount(entity["fee"], currency)),
            ("Status", chip(entity["status"])),
            ("Method", entity["method"]),
            ("Paid with", means or entity["vpa"] or entity["bank"] or entity["wallet"] or "—"),
            ("E-mail", entity["email"]),
            ("Phone", entity["contact"]),
            ("Settlement", h.code(".whole")[settlement] if settlement else "—"),
            ("Created", moment(entity["created_at"])),
        ),
        h.p(".note", data_key="failure")[entity["error_description"]] if entity["error_description"] else None,
        h.section(data_key="next")[payments.next_steps(record), _merchant(record) if entity["captured"] else None],
        h.section(data_key="refunds")[h.h2["Refunds"], refunds.listed(gateway, returned)] if returned else None,
        h.section(data_key="disputes")[h.h2["Disputes"], disputes.listed(gateway, disputed)] if disputed else None,
        raw(entity),
    ]
