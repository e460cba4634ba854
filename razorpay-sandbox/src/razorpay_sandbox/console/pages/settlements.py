"""The latest settlements: what was captured and left for the merchant's bank."""

import htpy as h

from razorpay_sandbox.console.elements import Row, actions, call, table
from razorpay_sandbox.console.pages import LATEST
from razorpay_sandbox.console.text import amount, chip, moment, price
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record

_HEADINGS = ("Settlement", "Amount", "Fees, tax included", "Reference", "Status", "Created")


def _row(record: Record) -> Row:
    entity = record.entity
    return record.id, (
        h.code(".whole")[record.id],
        price(entity),
        amount(entity["fees"]),
        h.code[entity["utr"]],
        chip(entity["status"]),
        moment(entity["created_at"]),
    )


def content(gateway: Gateway) -> h.Node:
    """Show the latest settlements."""
    rows = map(_row, gateway.store.latest("settlement", LATEST))
    return [
        actions(call("POST", "/_test/settle", "Settle what was captured", main=True)),
        table("Settlements", _HEADINGS, rows, "Nothing is settled yet."),
    ]
