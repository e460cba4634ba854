"""Orders: created by the merchant's server, attempted by the buyer, paid once."""

from typing import Any, Final

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.core import validation
from razorpay_sandbox.core.errors import invalid, not_served, unexpected_field
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record

_KNOWN_FIELDS: Final = {
    *("amount", "currency", "receipt", "notes", "partial_payment", "first_payment_min_amount", "payment"),
    *("payment_capture", "offers", "offer_id", "checkout_config_id", "customer_id", "method", "bank_account"),
    *("token", "transfers", "products", "unique_receipt", "line_items"),
}
_ECHOED: Final[dict[str, tuple[type, str]]] = {
    "bank_account": (dict, "an object"),
    "customer_id": (str, "a string"),
    "line_items": (list, "an array"),
    "offers": (list, "an array"),
    "token": (dict, "an object"),
}
"""What an order shows when it was sent with it, and of which type it has to be."""
_LEAST_AUTOMATIC_PERIOD: Final = 12
_LONGEST_MANUAL_PERIOD: Final = 7200


def _capture_settings(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    """Read how payments of the order are captured: the order's word outranks the account's."""
    settings = body.get("payment")
    if settings is None:
        automatic = validation.flag(body, "payment_capture", default=gateway.settings.auto_capture)
        return {"capture": "automatic" if automatic else "manual"}
    if not isinstance(settings, dict) or settings.get("capture") not in ("automatic", "manual"):
        raise invalid("The selected payment.capture is invalid.", "payment.capture")
    options = settings.get("capture_options") or {}
    if not isinstance(options, dict):
        raise invalid("The payment.capture_options must be an array.", "payment.capture_options")
    automatic_period = options.get("automatic_expiry_period")
    manual_period = options.get("manual_expiry_period")
    for name, value, least in (
        ("automatic_expiry_period", automatic_period, _LEAST_AUTOMATIC_PERIOD),
        ("manual_expiry_period", manual_period, automatic_period or _LEAST_AUTOMATIC_PERIOD),
    ):
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool):
            raise invalid(f"The {name} must be an integer.", name)
        if not least <= value <= _LONGEST_MANUAL_PERIOD:
            raise invalid(f"The {name} must be between {least} and {_LONGEST_MANUAL_PERIOD}.", name)
    if options.get("refund_speed", "normal") not in ("normal", "optimum"):
        raise invalid("The selected refund_speed is invalid.", "refund_speed")
    return {
        "capture": settings["capture"],
        "automatic_expiry_period": automatic_period,
        "manual_expiry_period": manual_period,
        "refund_speed": options.get("refund_speed", "normal"),
    }


def _amount(gateway: Gateway, body: dict[str, Any]) -> tuple[int, str]:
    amount = validation.integer(body, "amount")
    if amount < 0:
        raise invalid("amount: must be no less than 0.", "amount")
    currency = validation.currency(body)
    validation.at_least_the_minimum(amount, currency)
    if amount > gateway.settings.max_amount:
        raise invalid("Amount exceeds maximum amount allowed.", "amount")
    return amount, currency


def _least_first_payment(body: dict[str, Any], amount: int) -> int | None:
    if body.get("first_payment_min_amount") is None:
        return None
    least = validation.integer(body, "first_payment_min_amount")
    if least < 0:
        raise invalid("first_payment_min_amount should be greater than or equal to 0.", "first_payment_min_amount")
    if least > amount:
        raise invalid("first_payment_min_amount should be less than or equal to amount.", "first_payment_min_amount")
    return least


def _known_fields_only(gateway: Gateway, body: dict[str, Any]) -> None:
    for field in body:
        if gateway.settings.strict_fields and field not in _KNOWN_FIELDS:
            raise unexpected_field(field)


def _echoed(request: ApiRequest) -> Entity:
    """Read what the order only carries; refuses transfers, which the sandbox would never make."""
    if request.body.get("transfers"):
        raise not_served("transfers", "transfers")
    sent = {field: request.body[field] for field in _ECHOED if request.body.get(field)}
    for field, value in sent.items():
        kind, written = _ECHOED[field]
        if not isinstance(value, kind):
            raise invalid(f"The {field} must be {written}.", field)
    if "customer_id" in sent:
        request.gateway.find("customer", sent["customer_id"], request.account)
    return sent


def create(request: ApiRequest) -> Entity:
    """Create an order. There is no idempotency header: the same call twice makes two orders.

    With ``unique_receipt`` in the body, the order that already carries the receipt is answered instead.
    """
    gateway, body = request.gateway, request.body
    amount, currency = _amount(gateway, body)
    receipt = validation.receipt(body)
    notes = validation.notes(body)
    _known_fields_only(gateway, body)
    echoed = _echoed(request)
    hidden = _capture_settings(gateway, body)
    hidden["partial_payment"] = validation.flag(body, "partial_payment", default=False)
    hidden["first_payment_min_amount"] = _least_first_payment(body, amount)
    hidden["method"] = body.get("method")
    same_for_receipt = validation.flag(body, "unique_receipt", default=False)
    with gateway.store.transaction():
        if receipt and (same_for_receipt or gateway.settings.unique_receipts):
            earlier = gateway.store.with_receipt("order", request.account, receipt)
            if earlier and same_for_receipt:
                return earlier[-1].entity
            if earlier:
                raise invalid(
                    "Duplicate request. This request has already been processed.",
                    "receipt",
                    metadata={"order_id": earlier[-1].id},
                )
        entity: Entity = {
            "amount": amount,
            "amount_due": amount,
            "amount_paid": 0,
            "attempts": 0,
            "created_at": gateway.clock.now(),
            "currency": currency,
            "entity": "order",
            "id": gateway.new_id("order"),
            "notes": notes,
            "offer_id": body.get("offer_id"),
            "receipt": receipt,
            "status": "created",
            **echoed,
        }
        gateway.store.insert(Record("order", request.account, entity, receipt=receipt, hidden=hidden))
    return entity


def _expanded(request: ApiRequest, entity: Entity) -> Entity:
    wanted = listing.expansions(request)
    if wanted & {"payments", "payments.card"}:
        entity["payments"] = listing.collection(payments_of(request.gateway, entity["id"]))
    if "transfers" in wanted:
        entity["transfers"] = listing.collection([])
    if "virtual_account" in wanted:
        entity["virtual_account"] = None
    return entity


def fetch(request: ApiRequest) -> Entity:
    """Answer one order."""
    return _expanded(request, request.gateway.find("order", request.ids[0], request.account).entity)


def payments_of(gateway: Gateway, order_id: str) -> list[Entity]:
    """List all payments of an order with their cards, oldest first."""
    return [
        {**each.entity, **({"card": each.hidden["card"]} if each.hidden.get("card") else {})}
        for each in gateway.store.children("payment", order_id)
    ]


def payments(request: ApiRequest) -> Entity:
    """Answer all payments of an order, failed ones too."""
    order = request.gateway.find("order", request.ids[0], request.account)
    return listing.collection(payments_of(request.gateway, order.id))


def _has_authorized_payment(gateway: Gateway, order_id: str) -> bool:
    paid = ("authorized", "captured", "refunded")
    return any(each.entity["status"] in paid for each in gateway.store.children("payment", order_id))


def listed(request: ApiRequest) -> Entity:
    """Answer an account's orders, newest first."""
    window = listing.window(request)
    receipt = request.wanted("receipt")
    authorized = request.wanted("authorized")
    if receipt:
        records = [
            each
            for each in request.gateway.store.with_receipt("order", request.account, receipt)
            if window.since <= each.entity["created_at"] <= window.until
        ]
        found = iter(records)
    else:
        found = request.gateway.store.newest("order", request.account, window.since, window.until)
    if authorized is not None:
        expected = authorized in ("1", "true", "True")
        found = (each for each in found if _has_authorized_payment(request.gateway, each.id) == expected)
    return listing.collection([_expanded(request, each.entity) for each in window.cut(found)])


def edit(request: ApiRequest) -> Entity:
    """Replace an order's notes."""
    with request.gateway.store.transaction():
        order = request.gateway.find("order", request.ids[0], request.account)
        order.entity["notes"] = validation.only_notes(request.body)
        request.gateway.store.save(order)
    return order.entity
