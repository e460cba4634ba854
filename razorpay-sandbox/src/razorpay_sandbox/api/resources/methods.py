"""The account's payment methods as checkout and servers read them."""

from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.payments import methods
from razorpay_sandbox.state.store import Entity


def fetch(request: ApiRequest) -> Entity:
    """Answer the account's methods."""
    return methods.describe(request.gateway)
