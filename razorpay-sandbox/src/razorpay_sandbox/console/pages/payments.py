"""The latest payments, with the next step of each."""

from collections.abc import Iterable

import htpy as h

from razorpay_sandbox.console.elements import Row, actions, call, link, table
from razorpay_sandbox.console.pages import LATEST
from razorpay_sandbox.console.text import chip, moment, price
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record

_HEADINGS = ("Payment", "Order", "Method", "Amount", "Status", "Created", "Next")


def next_steps(record: Record) -> h.Node:
    """Write what may happen to a payment now: the bank's word, or what the merchant does with the money."""
    status, body = record.entity["status"], {"payment_id": record.id}
    yes = call("POST", "/_test/conclude", "Bank says yes", {**body, "outcome": "success"})
    no = call("POST", "/_test/conclude", "Bank says no", {**body, "outcome": "failure"})
    steps = {
        "created": (yes, no),
        "failed": (yes,),
        "authorized": (call("POST", "/console/capture", "Capture", body),),
        "captured": (call("POST", "/console/refund", "Refund", body),),
    }
    return actions(*steps.get(status, ()))


def _row(gateway: Gateway, record: Record) -> Row:
    entity = record.entity
    return record.id, (
        link(gateway, "payments", record.id),
        link(gateway, "orders", entity["order_id"]),
        h.span(".whole")[entity["method"]],
        price(entity),
        [chip(entity["status"]), h.small[entity["error_reason"]] if entity["error_reason"] else None],
        moment(entity["created_at"]),
        next_steps(record),
    )


def listed(gateway: Gateway, records: Iterable[Record]) -> h.Element:
    """List payments."""
    return table("Payments", _HEADINGS, (_row(gateway, each) for each in records), "No payments yet.")


def content(gateway: Gateway) -> h.Node:
    """Show the latest payments."""
    return listed(gateway, gateway.store.latest("payment", LATEST))
