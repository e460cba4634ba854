"""Everything that can be refused, one class a situation.

Each class carries its HTTP status, a stable code for programs and a sentence for people. The API turns it into
`application/problem+json`, the pages into a message; nothing else translates errors.

    ShopError
      InvalidToken              401 invalid_token
      InvalidCredentials        401 invalid_credentials
      NotPermitted              403 not_permitted
      ProductNotFound           404 product_not_found
      OrderNotFound             404 order_not_found
      PaymentNotFound           404 payment_not_found
      EmailTaken                409 email_taken
      IdempotencyConflict       409 idempotency_conflict
      OutOfStock                409 out_of_stock
      OrderClosed               409 order_closed
      RefundRefused             409 refund_refused
      MoneyUnplaced             409 money_unplaced
      NothingToDecide           409 nothing_to_decide
      InvalidInput              422 invalid_input
      PaymentVerificationFailed 422 payment_verification_failed
      RateLimited               429 rate_limited
      GatewayUnavailable        503 gateway_unavailable
      InternalError             500 internal_error
"""

from collections.abc import Mapping
from typing import ClassVar


class ShopError(Exception):
    """Base of everything the shop refuses. `detail` says more about this one case."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    sentence: ClassVar[str] = "Something went wrong on our side."
    retry_after: int | None = None  # seconds

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.sentence)
        self.detail = detail or self.sentence


class InvalidToken(ShopError):
    """The token is missing, expired, forged or revoked."""

    status = 401
    code = "invalid_token"
    sentence = "Sign in to go on."


class InvalidCredentials(ShopError):
    """No account has this e-mail address with this password."""

    status = 401
    code = "invalid_credentials"
    sentence = "The e-mail address and the password do not belong together."


class NotPermitted(ShopError):
    """Signed in, but this is for the shopkeeper."""

    status = 403
    code = "not_permitted"
    sentence = "Your account may not do this."


class ProductNotFound(ShopError):
    """No such product, or it was taken off sale."""

    status = 404
    code = "product_not_found"
    sentence = "This is no longer for sale."


class OrderNotFound(ShopError):
    """No such order, or it belongs to somebody else; the two look alike on purpose."""

    status = 404
    code = "order_not_found"
    sentence = "We can't find this order."


class PaymentNotFound(ShopError):
    """No such payment."""

    status = 404
    code = "payment_not_found"
    sentence = "We can't find this payment."


class EmailTaken(ShopError):
    """An account with this e-mail address exists."""

    status = 409
    code = "email_taken"
    sentence = "There is an account with this e-mail address. Sign in instead."


class IdempotencyConflict(ShopError):
    """The idempotency key was used before for something else."""

    status = 409
    code = "idempotency_conflict"
    sentence = "This attempt was already used for a different order."


class OutOfStock(ShopError):
    """Fewer are left than were asked for; `available` says how many."""

    status = 409
    code = "out_of_stock"
    sentence = "There are not enough left."

    def __init__(self, product_name: str, available: int) -> None:
        left = "is sold out" if available == 0 else f"has only {available} left"
        super().__init__(f"{product_name} {left}.")
        self.product_name = product_name
        self.available = available


class OrderClosed(ShopError):
    """The order can't be paid or changed any more."""

    status = 409
    code = "order_closed"
    sentence = "This order is closed."


class RefundRefused(ShopError):
    """The refund is more than is left of the payment, or there is nothing to refund."""

    status = 409
    code = "refund_refused"
    sentence = "This can't be refunded."


class MoneyUnplaced(ShopError):
    """Money of the order pays nothing and does not go back, so nobody may call it settled."""

    status = 409
    code = "money_unplaced"
    sentence = "Some of its money neither pays the order nor goes back."


class NothingToDecide(ShopError):
    """The order does not wait for a person, or not any more."""

    status = 409
    code = "nothing_to_decide"
    sentence = "Nothing about this order waits for a person."


class InvalidInput(ShopError):
    """Input of the wrong shape; `fields` holds one sentence a field."""

    status = 422
    code = "invalid_input"
    sentence = "Some of the input can't be used."

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class PaymentVerificationFailed(ShopError):
    """The signature, the order or the amount of a payment does not fit."""

    status = 422
    code = "payment_verification_failed"
    sentence = "We could not verify this payment. If money left your account, it is safe."


class RateLimited(ShopError):
    """Too many tries; `retry_after` seconds to wait."""

    status = 429
    code = "rate_limited"
    sentence = "Too many tries."

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many tries. Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class GatewayUnavailable(ShopError):
    """Razorpay is down, too slow or refuses us for now; nothing is lost and trying again is safe."""

    status = 503
    code = "gateway_unavailable"
    sentence = "The payment service does not answer just now. Nothing was charged; try again in a moment."
    retry_after = 5


class InternalError(ShopError):
    """Something unforeseen; `reference` finds its trace in the log."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"Something went wrong on our side. Tell us this reference: {reference}.")
        self.reference = reference
