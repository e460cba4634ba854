"""Disputes as the merchant's server reads them."""

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.state.store import Entity


def listed(request: ApiRequest) -> Entity:
    """Answer an account's disputes, newest first."""
    window = listing.window(request)
    found = request.gateway.store.newest("dispute", request.account, window.since, window.until)
    return listing.collection([each.entity for each in window.cut(found)])


def fetch(request: ApiRequest) -> Entity:
    """Answer one dispute."""
    return request.gateway.find("dispute", request.ids[0], request.account).entity
