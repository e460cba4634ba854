"""Downtimes as the merchant's server reads them."""

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.state.store import Entity


def listed(request: ApiRequest) -> Entity:
    """Answer the downtimes of now, newest first."""
    current = [each.entity for each in request.gateway.store.newest("downtime", "") if not each.entity["end"]]
    return listing.collection(current)


def fetch(request: ApiRequest) -> Entity:
    """Answer one downtime."""
    return request.gateway.find("downtime", request.ids[0], "").entity
