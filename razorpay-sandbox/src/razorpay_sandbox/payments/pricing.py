"""What an attempt has to pay: what is due, less an offer, or with the fee on top when the customer bears it."""

from dataclasses import dataclass
from typing import Final

from razorpay_sandbox.core import money
from razorpay_sandbox.core.errors import invalid
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record

_HOME: Final = "INR"


@dataclass(frozen=True, slots=True)
class Price:
    """What is charged: ``amount`` is paid, ``toward_order`` is what the order counts. ``tax`` is part of ``fee``.

    ``fee`` is None when the merchant bears it; it is then known at capture.
    """

    amount: int
    toward_order: int
    offer_id: str | None = None
    fee: int | None = None
    tax: int | None = None

    def entity_fields(self) -> Entity:
        """List what the payment shows of it; an ordinary payment shows nothing more than its amount."""
        offer = {"offer_id": self.offer_id} if self.offer_id else {}
        return offer if self.fee is None else {**offer, "fee_bearer": "customer"}

    def hidden_fields(self) -> Entity:
        """List what the payment keeps of it until its capture; nothing when all of it counts towards the order."""
        if self.toward_order == self.amount:
            return {}
        fee = {} if self.fee is None else {"customer_fee": {"fee": self.fee, "tax": self.tax}}
        return {"toward_order": self.toward_order, **fee}


def of_order(gateway: Gateway, order: Record) -> Price:
    """Price what is due of an order; refuses an offer or a foreign currency when the customer bears the fee."""
    due: int = order.entity["amount_due"]
    amount_off: int = order.hidden.get("amount_off", 0)
    if gateway.settings.fee_bearer == "customer":
        return _with_fee(order, due)
    if amount_off:
        return Price(due - amount_off, due, offer_id=order.entity["offer_id"])
    return Price(due, due)


def _with_fee(order: Record, due: int) -> Price:
    metadata = {"order_id": order.id}
    if order.hidden.get("amount_off"):
        raise invalid("An offer does not go together with a fee that the customer bears.", metadata=metadata)
    if order.entity["currency"] != _HOME:
        raise invalid(f"The customer bears the fee of payments in {_HOME} only.", "currency", metadata=metadata)
    if order.hidden.get("partial_payment"):
        raise invalid("Part payments do not go together with a fee that the customer bears.", metadata=metadata)
    fee, tax = money.fee_of_customer(due)
    return Price(due + fee, due, fee=fee, tax=tax)


def toward_order(payment: Record) -> int:
    """Tell what a payment counts towards its order: more than was paid with an offer, less with a fee on top."""
    paid: int = payment.entity["amount"]
    return int(payment.hidden.get("toward_order", paid))


def fee_and_tax(payment: Record) -> tuple[int, int]:
    """Tell what a payment costs: what the customer was shown, otherwise by amount and method."""
    shown = payment.hidden.get("customer_fee")
    if shown:
        return shown["fee"], shown["tax"]
    return money.fee_and_tax(payment.entity["amount"], payment.entity["method"])


def preferences(gateway: Gateway, order: Record | None) -> Entity:
    """Tell checkout what changes the amount: ``offer`` and ``customer_fee``, None when nothing does."""
    shown: Entity = {"offer": None, "customer_fee": None}
    if order is None or not order.entity["amount_due"]:
        return shown
    price = of_order(gateway, order)
    if price.offer_id:
        shown["offer"] = {"id": price.offer_id, "amount_off": order.hidden["amount_off"], "amount": price.amount}
    if price.fee is not None:
        shown["customer_fee"] = {"amount": price.amount, "fee": price.fee, "tax": price.tax}
    return shown
