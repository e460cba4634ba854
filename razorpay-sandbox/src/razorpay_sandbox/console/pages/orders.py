"""The console's first page: the latest orders, above them what it all adds up to."""

import htpy as h

from razorpay_sandbox.console.elements import Row, actions, call, link, table
from razorpay_sandbox.console.pages import LATEST
from razorpay_sandbox.console.text import amount, chip, moment, price
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record
from razorpay_sandbox.test_api import ledger

_HEADINGS = ("Order", "Receipt", "Amount", "Status", "Attempts", "Created", "Buyer")


def _totals(gateway: Gateway) -> h.Element:
    totals = ledger.write(gateway, {})["totals"]
    shown = (
        ("Captured", totals["captured"]),
        ("Refunded", totals["refunded"]),
        ("Kept", totals["net"]),
        ("Awaiting capture", totals["authorized"]),
    )
    return h.dl(".totals", data_key="totals")[(h.div[h.dt[name], h.dd[amount(value)]] for name, value in shown)]


def _buyer(record: Record) -> h.Node:
    if record.entity["status"] == "paid":
        return None
    return actions(
        call("POST", "/_test/pay", "Pay", {"order_id": record.id, "outcome": "success"}, main=True),
        call("POST", "/_test/pay", "Fail", {"order_id": record.id, "outcome": "failure"}),
    )


def _row(gateway: Gateway, record: Record) -> Row:
    entity = record.entity
    return record.id, (
        link(gateway, "orders", record.id),
        entity["receipt"] or "—",
        price(entity),
        chip(entity["status"]),
        entity["attempts"],
        moment(entity["created_at"]),
        _buyer(record),
    )


def content(gateway: Gateway) -> h.Node:
    """Show the latest orders."""
    rows = (_row(gateway, each) for each in gateway.store.latest("order", LATEST))
    return [_totals(gateway), table("Orders", _HEADINGS, rows, "No orders yet. A shop's next order appears here.")]
