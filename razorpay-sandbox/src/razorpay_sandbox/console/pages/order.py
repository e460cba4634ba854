"""One order: what a buyer and a bank may do with it, its payments and their refunds."""

import htpy as h

from razorpay_sandbox.console.elements import choice, choices, facts, form, number, raw
from razorpay_sandbox.console.pages import payments, refunds
from razorpay_sandbox.console.text import amount, chip, moment, price
from razorpay_sandbox.payments import failures
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record

_METHODS = ("card", "upi", "netbanking", "wallet")
_OUTCOMES = {
    "success": "Pay",
    "authorized": "Authorise only",
    "failure": "Fail",
    "cancelled": "Cancel",
    "late": "Time out, authorise late",
}


def _buyer(record: Record) -> h.Node:
    body = {"order_id": record.id}
    pay = form(
        "Pay as a buyer",
        "POST",
        "/_test/pay",
        choice("Method", "method", _METHODS),
        choice("Reason of a failure", "reason", failures.FAILURES, "payment_failed"),
        body=body,
        submit=choices("outcome", _OUTCOMES),
    )
    offer = form("Give an offer", "POST", "/_test/offer", number("Paise off", "amount_off"), body=body)
    return [
        h.h2["What a buyer does"],
        pay,
        h.details(data_key="offer")[h.summary["Make it cheaper by an offer"], offer],
    ]


def content(gateway: Gateway, record: Record) -> h.Node:
    """Show an order with all that belongs to it."""
    entity = record.entity
    paid = gateway.store.children("payment", record.id)
    returned = [refund for each in paid for refund in gateway.store.children("refund", each.id)]
    return [
        facts(
            ("Id", h.code(".whole")[record.id]),
            ("Amount", price(entity)),
            ("Paid", amount(entity["amount_paid"], entity["currency"])),
            ("Due", amount(entity["amount_due"], entity["currency"])),
            ("Status", chip(entity["status"])),
            ("Receipt", entity["receipt"] or "—"),
            ("Key", h.code(".whole")[record.account]),
            ("Created", moment(entity["created_at"])),
        ),
        h.section(data_key="buyer")[_buyer(record)] if entity["status"] != "paid" else None,
        h.section(data_key="payments")[h.h2["Payments"], payments.listed(gateway, paid)],
        h.section(data_key="refunds")[h.h2["Refunds"], refunds.listed(gateway, returned)] if returned else None,
        raw(entity),
    ]
