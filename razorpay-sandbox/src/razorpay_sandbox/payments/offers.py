"""Offers: what Razorpay takes off an order's amount because of a discount the merchant made in its Dashboard."""

from razorpay_sandbox.core import money
from razorpay_sandbox.core.errors import invalid
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record


def attach(gateway: Gateway, order: Record, amount_off: int) -> Entity:
    """Take so much off the next attempts of an unpaid order; a later offer replaces it. Call inside a transaction."""
    _check(gateway, order, amount_off)
    order.hidden["amount_off"] = amount_off
    order.entity["offer_id"] = order.entity["offer_id"] or gateway.new_id("offer")
    gateway.store.save(order)
    return order.entity


def _check(gateway: Gateway, order: Record, amount_off: int) -> None:
    entity = order.entity
    if gateway.settings.fee_bearer == "customer":
        raise invalid("An offer does not go together with a fee that the customer bears.")
    if order.hidden.get("partial_payment"):
        raise invalid("An offer does not go together with part payments.")
    if entity["status"] == "paid":
        raise invalid("Payment already done for this order.", reason="order_already_paid")
    most = entity["amount_due"] - money.least(entity["currency"])
    if not 0 < amount_off <= most:
        raise invalid(f"The amount_off of this order must be between 1 and {max(most, 0)}.", "amount_off")
    if not money.ends_in_zero(amount_off, entity["currency"]):
        raise invalid(f"The last digit of an amount in {entity['currency']} must be 0.", "amount_off")
