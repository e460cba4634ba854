"""What a buyer can do: begin a payment, have the bank say yes or no, walk away.

The checkout frame and the test call that pays without a browser both come through here.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from razorpay_sandbox.core import validation
from razorpay_sandbox.core.errors import GatewayError, invalid
from razorpay_sandbox.payments import failures, lifecycle, methods, pricing
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record

Outcome = Literal["success", "failure", "authorized", "late", "cancelled"]
OUTCOMES: Final = ("success", "failure", "authorized", "late", "cancelled")

_LATE_WINDOW: Final = 3 * 86_400
_NO_EMAIL: Final = "void@razorpay.com"  # what Razorpay writes when checkout did not ask for an address


@dataclass(frozen=True, slots=True)
class Card:
    """What the sandbox keeps of a card; never its number."""

    last4: str = "1007"
    network: str = "Visa"
    name: str = ""
    type: str = "credit"
    issuer: str | None = "UTIB"
    international: bool = False


@dataclass(frozen=True, slots=True)
class AttemptRequest:
    """What checkout asks for. Without an order the amount is mandatory; with one it must be what has to be paid."""

    order_id: str | None = None
    amount: int | None = None
    currency: str = "INR"
    method: str = "card"
    card: Card = field(default_factory=Card)
    vpa: str | None = None
    bank: str | None = None
    wallet: str | None = None
    email: str | None = None
    contact: str | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    description: str | None = None


def _check_order(gateway: Gateway, order: Record, request: AttemptRequest) -> pricing.Price:
    """Check an attempt against its order and tell what it pays."""
    metadata = {"order_id": order.id}
    if order.entity["status"] == "paid" or any(
        each.entity["status"] == "authorized" for each in gateway.store.children("payment", order.id)
    ):
        raise invalid("Payment already done for this order.", reason="order_already_paid", metadata=metadata)
    price = pricing.of_order(gateway, order)
    amount = price.amount if request.amount is None else request.amount
    is_part = amount != price.amount and _may_pay_part(order, amount)
    if (amount != price.amount and not is_part) or request.currency != order.entity["currency"]:
        field_name = "amount" if request.currency == order.entity["currency"] else "currency"
        raise invalid(
            f"Your payment {field_name} is different from your order {field_name}. To pay successfully, please try"
            f" using right {field_name}.",
            field_name,
            reason="order_amount_mismatch",
            metadata=metadata,
        )
    if order.hidden.get("method") not in (None, "", request.method):
        raise invalid(
            "The payment method differs from the one the order asks for.",
            "method",
            reason="order_payment_method_mismatch",
            metadata=metadata,
        )
    return pricing.Price(amount, amount) if is_part else price


def _may_pay_part(order: Record, amount: int) -> bool:
    due, least = order.entity["amount_due"], order.hidden.get("first_payment_min_amount")
    too_little = least is not None and not order.entity["amount_paid"] and amount < min(least, due)
    return bool(order.hidden.get("partial_payment")) and 0 < amount <= due and not too_little


def _check_method(gateway: Gateway, request: AttemptRequest) -> None:
    if not gateway.settings.methods.get(request.method):
        raise invalid(
            "The payment method is not enabled for this account.", "method", reason="payment_method_not_enabled"
        )
    if request.method == "upi" and request.vpa and "@" not in request.vpa.strip("@"):
        raise invalid("Invalid VPA. Enter a valid Virtual Payment Address.", "vpa", reason="invalid_vpa")


def _card(gateway: Gateway, card: Card) -> Entity:
    return {
        "id": gateway.new_id("card"),
        "entity": "card",
        "name": card.name,
        "last4": card.last4,
        "network": card.network,
        "type": card.type,
        "issuer": card.issuer,
        "international": card.international,
        "emi": False,
        "sub_type": "consumer",
        "token_iin": None,
    }


def _payment(
    gateway: Gateway, request: AttemptRequest, price: pricing.Price, order: Record | None, card: Entity | None
) -> Entity:
    method = request.method
    vpa = (request.vpa or "success@razorpay") if method == "upi" else None
    entity: Entity = {
        "id": gateway.new_id("payment"),
        "entity": "payment",
        "amount": price.amount,
        "currency": request.currency,
        "status": "created",
        "order_id": order.id if order else None,
        "invoice_id": None,
        "international": bool(card and card["international"]),
        "method": method,
        "amount_refunded": 0,
        "refund_status": None,
        "captured": False,
        "description": request.description,
        "card_id": card["id"] if card else None,
        "bank": (request.bank or "HDFC") if method == "netbanking" else None,
        "wallet": (request.wallet or "payzapp") if method == "wallet" else None,
        "vpa": vpa,
        "email": request.email or _NO_EMAIL,
        "contact": request.contact or "+919000090000",
        "notes": validation.notes({"notes": request.notes}) or (order.entity["notes"] if order else []),
        "fee": None,
        "tax": None,
        "error_code": None,
        "error_description": None,
        "error_source": None,
        "error_step": None,
        "error_reason": None,
        "acquirer_data": lifecycle.acquirer_data(method, answered=False),
        "created_at": gateway.clock.now(),
        **price.entity_fields(),
    }
    if vpa:
        entity["upi"] = {"vpa": vpa, "flow": "collect" if request.vpa else "intent"}
    return entity


def begin(gateway: Gateway, key_id: str, request: AttemptRequest) -> Entity:
    """Start a payment in a checkout opened with a key, and answer it, ``created``. The order becomes ``attempted``.

    Refuses a paid or authorised order (``order_already_paid``), another amount than has to be paid
    (``order_amount_mismatch``) and methods that are switched off (``payment_method_not_enabled``).
    """
    account = gateway.account(key_id)
    with gateway.store.transaction():
        order = gateway.find("order", request.order_id, account) if request.order_id else None
        _check_method(gateway, request)
        if order:
            price = _check_order(gateway, order, request)
        else:
            amount = validation.integer({"amount": request.amount}, "amount")
            validation.currency({"currency": request.currency})
            validation.at_least_the_minimum(amount, request.currency)
            price = pricing.Price(amount, amount)
        card = _card(gateway, request.card) if request.method == "card" else None
        entity = _payment(gateway, request, price, order, card)
        gateway.store.insert(
            Record(
                "payment",
                account,
                entity,
                parent=order.id if order else None,
                due_at=entity["created_at"] + gateway.settings.payment_timeout,
                hidden={"key": key_id, **price.hidden_fields(), **({"card": card} if card else {})},
            )
        )
        if order:
            order.entity["attempts"] += 1
            order.entity["status"] = "attempted"
            gateway.store.save(order)
    gateway.wake()
    return entity


def _refusal(payment: Entity, failure: failures.Failure) -> GatewayError:
    metadata = {"payment_id": payment["id"]}
    if payment["order_id"]:
        metadata["order_id"] = payment["order_id"]
    return GatewayError(
        failure.description,
        code=failure.code,
        source=failure.source,
        step=failure.step,
        reason=failure.reason,
        metadata=metadata,
    )


def _handed_over(gateway: Gateway, payment: Record) -> Entity:
    """Return what checkout's handler receives, signed with the key that checkout was opened with.

    Without an order there is nothing to sign.
    """
    if payment.parent is None:
        return {"razorpay_payment_id": payment.id}
    return {
        "razorpay_payment_id": payment.id,
        "razorpay_order_id": payment.parent,
        "razorpay_signature": gateway.sign(
            payment.hidden.get("key", payment.account), f"{payment.parent}|{payment.id}"
        ),
    }


def conclude(gateway: Gateway, payment_id: str, outcome: Outcome, reason: str | None = None) -> Entity:
    """Let the bank answer and return what checkout's handler receives.

    ``success`` authorises, and captures when the order is captured automatically; ``authorized`` only authorises;
    ``late`` lets the payment time out and be authorised afterwards; ``failure`` and ``cancelled`` fail it. Every
    outcome but the first two raises the envelope that checkout shows. A yes for a failed payment within three days
    is a late authorisation. Saying yes twice answers the same again.
    """
    with gateway.store.transaction():
        payment = gateway.store.get("payment", payment_id)
        if payment is None:
            raise invalid("The id provided does not exist")
        refusal = _answer(gateway, payment, outcome, reason)
    gateway.wake()
    if refusal:
        raise refusal
    return _handed_over(gateway, payment)


def _answer(gateway: Gateway, payment: Record, outcome: Outcome, reason: str | None) -> GatewayError | None:
    if outcome in ("success", "authorized"):
        return _agree(gateway, payment, may_capture=outcome == "success")
    if payment.entity["status"] != "created":
        return invalid("The payment has already been processed.")
    if outcome == "late":
        payment.hidden["late_at"] = payment.entity["created_at"] + gateway.settings.late_after
        gateway.store.save(payment)
        return _refusal(payment.entity, failures.FAILURES["payment_timed_out"])
    failure = failures.FAILURES["payment_cancelled"] if outcome == "cancelled" else failures.named(reason)
    lifecycle.fail(gateway, payment, failure)
    return _refusal(payment.entity, failure)


def _agree(gateway: Gateway, payment: Record, *, may_capture: bool) -> GatewayError | None:
    status = payment.entity["status"]
    if status in ("authorized", "captured"):
        return None
    too_late = gateway.clock.now() - payment.entity["created_at"] > _LATE_WINDOW
    if status == "refunded" or (status == "failed" and too_late):
        return invalid("The payment has already been processed.")
    lifecycle.authorise(gateway, payment, may_capture=may_capture)
    if payment.entity["status"] != "refunded":
        return None
    metadata = {"payment_id": payment.id, "order_id": str(payment.parent)}
    return invalid("Payment already done for this order.", reason="order_already_paid", metadata=metadata)


def preferences(gateway: Gateway, key_id: str, order_id: str | None) -> Entity:
    """Tell the checkout frame what to offer: the order and its price, the methods that are on, and the test cards."""
    account = gateway.account(key_id)
    order = gateway.find("order", order_id, account) if order_id else None
    on = gateway.settings.methods
    return {
        "mode": "test",
        "key": key_id,
        "merchant_name": gateway.config.merchant_name,
        "order": order.entity if order else None,
        **pricing.preferences(gateway, order),
        "partial_payment": bool(order and order.hidden.get("partial_payment")),
        "methods": dict(on),
        "banks": methods.BANKS if on["netbanking"] else {},
        "wallets": methods.WALLETS if on["wallet"] else {},
        "downtimes": [each.entity for each in gateway.store.everything("downtime") if not each.entity["end"]],
        "error_cards": failures.ERROR_CARDS,
        "success_cards": {number: network for number, (network, _) in failures.SUCCESS_CARDS.items()},
        "international_cards": [number for number, (_, abroad) in failures.SUCCESS_CARDS.items() if abroad],
        "failures": {
            each.reason: {"code": each.code, "description": each.description} for each in failures.FAILURES.values()
        },
    }
