"""Ways a payment can fail, with the words Razorpay uses, and the test cards that choose among them."""

from dataclasses import dataclass
from typing import Final

from razorpay_sandbox.core.errors import BAD_REQUEST, GATEWAY


@dataclass(frozen=True, slots=True)
class Failure:
    """What the error fields of a failed payment say."""

    reason: str
    description: str
    code: str = BAD_REQUEST
    source: str = "customer"
    step: str = "payment_authentication"


_ALL: Final = (
    Failure(
        "payment_failed",
        "Payment was unsuccessful due to a temporary issue. If amount got deducted, it will be refunded within 5-7"
        " working days.",
        source="gateway",
        step="payment_response",
    ),
    Failure(
        "payment_cancelled",
        "Your payment has been cancelled. Try again or complete the payment later.",
    ),
    Failure(
        "payment_timed_out",
        "Your payment could not be completed due to a temporary issue. Try again later.",
    ),
    Failure(
        "insufficient_fund",
        "Your payment could not be completed due to insufficient account balance. Try another card or payment method.",
        source="issuer_bank",
        step="payment_authorization",
    ),
    Failure(
        "insufficient_funds",
        "Your payment could not be completed due to insufficient account balance. Try another card or payment method.",
        source="issuer_bank",
        step="payment_authorization",
    ),
    Failure(
        "card_declined",
        "Your payment did not go through as it was declined by the bank. Try another payment method or contact your"
        " bank.",
        source="issuer_bank",
        step="payment_authorization",
    ),
    Failure(
        "card_disabled_for_online_payments",
        "Your card is disabled for online payments. Try another card or payment method.",
        source="issuer_bank",
        step="payment_authorization",
    ),
    Failure(
        "card_number_invalid",
        "You have entered an incorrect card number. Try again.",
        step="payment_initiation",
    ),
    Failure(
        "gateway_technical_error",
        "Your payment did not go through due to a temporary issue. Any debited amount will be refunded in 4-5 business"
        " days.",
        code=GATEWAY,
        source="gateway",
        step="payment_authorization",
    ),
    Failure(
        "authentication_failed",
        "Your payment could not be completed due to incorrect OTP or verification details. Try another payment method"
        " or contact your bank for details.",
        code=GATEWAY,
    ),
    Failure("incorrect_otp", "You have entered an incorrect OTP. Try again."),
)
FAILURES: Final = {failure.reason: failure for failure in _ALL}


def named(reason: str | None) -> Failure:
    """Look a failure up; an unknown reason keeps its name and gets the common sentence."""
    common = FAILURES["payment_failed"]
    if reason is None:
        return common
    return FAILURES.get(reason) or Failure(reason, common.description, source="gateway", step="payment_response")


ERROR_CARDS: Final = {
    "4100280000090000": "payment_timed_out",
    "5305620000060000": "payment_timed_out",
    "4100280000080001": "insufficient_fund",
    "5305620000050001": "insufficient_fund",
    "4100280000070002": "payment_cancelled",
    "5305620000040002": "payment_cancelled",
    "4100280000060003": "card_declined",
    "4100280000050004": "card_declined",
    "4100280000040005": "card_declined",
    "5305620000030003": "card_declined",
    "5305620000020004": "card_declined",
    "5305620000010005": "card_declined",
    "4100280000030006": "card_disabled_for_online_payments",
    "5305620000000006": "card_disabled_for_online_payments",
    "4100280000010008": "card_number_invalid",
    "5305620000080008": "card_number_invalid",
    "4100280000020007": "gateway_technical_error",
    "5305620000090007": "gateway_technical_error",
    "4100280000000009": "authentication_failed",
    "5305620000070009": "authentication_failed",
}

SUCCESS_CARDS: Final = {
    "4100280000001007": ("Visa", False),
    "5500670000001002": ("MasterCard", False),
    "6527658900001005": ("RuPay", False),
    "36082800091007": ("Diners Club", False),
    "340256000401007": ("American Express", False),
    "4111111111111111": ("Visa", False),
    "5267318187975449": ("MasterCard", False),
    "5555555555554444": ("MasterCard", True),
    "5105105105105100": ("MasterCard", True),
    "5104060000000008": ("MasterCard", True),
    "4012888888881881": ("Visa", True),
}
