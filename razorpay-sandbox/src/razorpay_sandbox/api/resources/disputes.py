"""Disputes as the merchant's server reads them."""

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import Call
from razorpay_sandbox.state.store import Entity


def listed(call: Call) -> Entity:
    """Answer an account's disputes, newest first."""
    window = listing.window(call)
    found = call.gateway.store.newest("dispute", call.account, window.since, window.until)
    return listing.collection([each.entity for each in window.cut(found)])


def fetch(call: Call) -> Entity:
    """Answer one dispute."""
    return call.gateway.find("dispute", call.ids[0], call.account).entity
