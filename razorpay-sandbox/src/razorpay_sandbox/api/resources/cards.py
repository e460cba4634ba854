"""Cards as the merchant's server reads them: those that payments were made with, never their numbers."""

from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.core import ids
from razorpay_sandbox.core.errors import malformed_id, unknown_id
from razorpay_sandbox.state.gateway import PREFIXES
from razorpay_sandbox.state.store import Entity


def fetch(request: ApiRequest) -> Entity:
    """Answer one card. It is kept with its payment, and looked for among the account's payments, newest first."""
    [card_id] = request.ids
    if not ids.is_valid(card_id, PREFIXES["card"]):
        raise malformed_id(card_id)
    for payment in request.gateway.store.newest("payment", request.account):
        if payment.entity["card_id"] == card_id:
            card: Entity = payment.hidden["card"]
            return card
    raise unknown_id()
