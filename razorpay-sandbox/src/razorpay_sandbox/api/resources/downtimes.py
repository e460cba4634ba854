"""Downtimes as the merchant's server reads them."""

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import Call
from razorpay_sandbox.state.store import Entity


def listed(call: Call) -> Entity:
    """Answer the downtimes of now, newest first."""
    current = [each.entity for each in call.gateway.store.newest("downtime", "") if not each.entity["end"]]
    return listing.collection(current)


def fetch(call: Call) -> Entity:
    """Answer one downtime."""
    return call.gateway.find("downtime", call.ids[0], "").entity
