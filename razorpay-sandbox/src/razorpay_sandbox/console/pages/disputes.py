"""The latest disputes, and what the buyer's bank decides."""

from collections.abc import Iterable

import htpy as h

from razorpay_sandbox.console.elements import Row, actions, call, link, table
from razorpay_sandbox.console.pages import LATEST
from razorpay_sandbox.console.text import chip, moment, price
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record

_HEADINGS = ("Dispute", "Payment", "Amount", "Reason", "Status", "Answer by", "Bank")
_DECISIONS = {"won": "Merchant wins", "lost": "Merchant loses"}


def _bank(record: Record) -> h.Node:
    if record.entity["status"] not in ("open", "under_review"):
        return None
    return actions(
        *(
            call("POST", "/_test/dispute", label, {"dispute_id": record.id, "status": status})
            for status, label in _DECISIONS.items()
        )
    )


def _row(gateway: Gateway, record: Record) -> Row:
    entity = record.entity
    return record.id, (
        h.code(".whole")[record.id],
        link(gateway, "payments", entity["payment_id"]),
        price(entity),
        entity["reason_code"],
        chip(entity["status"]),
        moment(entity["respond_by"]),
        _bank(record),
    )


def listed(gateway: Gateway, records: Iterable[Record]) -> h.Element:
    """List disputes."""
    return table("Disputes", _HEADINGS, (_row(gateway, each) for each in records), "No disputes yet.")


def content(gateway: Gateway) -> h.Node:
    """Show the latest disputes."""
    return listed(gateway, gateway.store.latest("dispute", LATEST))
