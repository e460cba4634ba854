"""The latest refunds, and how a pending one ends."""

from collections.abc import Iterable

import htpy as h

from razorpay_sandbox.console.elements import Row, actions, call, link, table
from razorpay_sandbox.console.pages import LATEST
from razorpay_sandbox.console.text import chip, moment, price
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record

_HEADINGS = ("Refund", "Payment", "Amount", "Status", "Speed", "Created", "Bank")


def _bank(record: Record) -> h.Node:
    if record.entity["status"] != "pending":
        return None
    return actions(
        call("POST", "/_test/refund", "Process", {"refund_id": record.id, "status": "processed"}),
        call("POST", "/_test/refund", "Fail", {"refund_id": record.id, "status": "failed"}),
    )


def _row(gateway: Gateway, record: Record) -> Row:
    entity = record.entity
    return record.id, (
        h.code(".whole")[record.id],
        link(gateway, "payments", entity["payment_id"]),
        price(entity),
        chip(entity["status"]),
        entity["speed_processed"] or "—",
        moment(entity["created_at"]),
        _bank(record),
    )


def listed(gateway: Gateway, records: Iterable[Record]) -> h.Element:
    """List refunds."""
    return table("Refunds", _HEADINGS, (_row(gateway, each) for each in records), "No refunds yet.")


def content(gateway: Gateway) -> h.Node:
    """Show the latest refunds."""
    return listed(gateway, gateway.store.latest("refund", LATEST))
