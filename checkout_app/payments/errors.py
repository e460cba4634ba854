"""What the money refuses. The gateway's own errors, in `payments.gateway`, become these before anybody sees them."""

from checkout_app.core.errors import ShopError


class PaymentNotFound(ShopError):
    """No such payment."""

    status = 404
    code = "payment_not_found"
    sentence = "We can't find this payment."


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


class NotRecoverable(ShopError):
    """An order that the books lost can't be made again of what the gateway keeps."""

    status = 409
    code = "not_recoverable"
    sentence = "This order can't be made again."


class WebhookNotFound(ShopError):
    """No such message of the gateway."""

    status = 404
    code = "webhook_not_found"
    sentence = "We can't find this message."


class WebhookForgotten(ShopError):
    """The words of the message are not kept any more, so nobody can do what it says."""

    status = 409
    code = "webhook_forgotten"
    sentence = "The words of this message are not kept any more."


class PaymentVerificationFailed(ShopError):
    """The signature, the order or the amount of a payment does not fit."""

    status = 422
    code = "payment_verification_failed"
    sentence = "We could not verify this payment. If money left your account, it is safe."


class GatewayUnavailable(ShopError):
    """Razorpay is down, too slow or refuses us for now; nothing is lost and trying again is safe."""

    status = 503
    code = "gateway_unavailable"
    sentence = "The payment service does not answer just now. Nothing was charged; try again in a moment."
    retry_after = 5
