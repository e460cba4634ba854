"""Why attempts to pay fail, by Razorpay's `error.reason`: what happened, in a sentence, and the best next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Failure:
    """What became of an attempt to pay, and what its buyer does best now."""

    sentence: str
    """What happened; empty when that is not known."""
    step: str
    untouched: bool = False
    """Whether no bank was asked, so that no money can have left an account."""


UNKNOWN: Final = Failure("", "Try again, or choose another way to pay.")
"""What is true of an attempt that failed for whatever reason."""
_ANOTHER: Final = "Choose another way to pay."
_CARD_AGAIN: Final = "Look at the card and type it once more."
_UPI_AGAIN: Final = "Look at the UPI ID and type it once more, or choose another way to pay."
_LATER: Final = "Try again in a few minutes, or choose another way to pay."
_RAISE: Final = "Choose another way to pay, or raise the limit at the bank."
_ANEW: Final = "Close the payment window and press Pay once more."


def _all(reasons: tuple[str, ...], sentence: str, step: str, *, untouched: bool = False) -> Mapping[str, Failure]:
    return dict.fromkeys(reasons, Failure(sentence, step, untouched))


_AT_WHO_PAYS: Final = {
    "payment_cancelled": Failure("The payment was cancelled.", "Pay when you are ready."),
    "incorrect_cvv": Failure("The CVV was not the right one.", "Try again with the CVV that is on the card."),
    "otp_expired": Failure("The OTP had expired.", "Try again, and type the new OTP at once."),
    "otp_attempts_exceeded": Failure("The OTP was wrong too often.", _ANOTHER),
    "pin_attempts_exceeded": Failure("The PIN was wrong too often.", _ANOTHER),
    "pin_not_set": Failure("The account has no UPI PIN yet.", "Set one in the UPI app, or choose another way to pay."),
    **_all(("incorrect_otp", "invalid_otp"), "The OTP was not the right one.", "Try again with the newest OTP."),
    **_all(("incorrect_pin", "incorrect_atm_pin"), "The PIN was not the right one.", "Try again with the right PIN."),
    **_all(
        ("authentication_failed", "verification_failed"),
        "The bank was not shown that it is the owner who pays.",
        "Try again with the right OTP or PIN, or choose another way to pay.",
    ),
    **_all(
        ("payment_timed_out", "payment_session_expired", "request_timed_out"),
        "The time for it ran out before the bank had agreed.",
        "Have the card, the OTP or the UPI app at hand and try again.",
    ),
    **_all(
        ("payment_collect_request_expired", "collect_request_pending"),
        "The request was not approved in the UPI app in time.",
        "Try again, and approve it in the app at once.",
    ),
}
_AT_WHAT_IT_IS_PAID_WITH: Final = {
    "card_number_invalid": Failure("There is no card with this number.", _CARD_AGAIN, untouched=True),
    "card_expired": Failure("The card has expired.", "Choose another card, or another way to pay."),
    "invalid_vpa": Failure("There is no such UPI ID.", _UPI_AGAIN, untouched=True),
    "international_transaction_not_allowed": Failure(
        "The card is not open for paying across borders.", "Choose a card of an Indian bank, or another way to pay."
    ),
    "user_not_registered_for_netbanking": Failure("The account is not open for net banking.", _ANOTHER),
    **_all(("vpa_resolution_failed", "psp_not_registered"), "The bank does not know this UPI ID.", _UPI_AGAIN),
    **_all(
        ("incorrect_card_details", "incorrect_card_expiry_date", "incorrect_cardholder_name"),
        "The card's details are not those that its bank knows.",
        _CARD_AGAIN,
    ),
    **_all(
        ("card_disabled_for_online_payments", "card_not_enrolled"),
        "The card is not open for paying online.",
        "Open it for that in the bank's app, or choose another way to pay.",
    ),
    **_all(
        ("debit_instrument_blocked", "debit_instrument_inactive", "bank_account_invalid"),
        "The card or account is blocked.",
        "Choose another way to pay, or ask the bank to open it.",
    ),
}
_AT_THE_BANK: Final = {
    "payment_failed": Failure("The bank did not say why.", UNKNOWN.step),
    "authorisation_declined_by_psp": Failure("The UPI app declined it.", "Try again, or choose another app."),
    "credit_limit_exceeded": Failure(
        "The card's credit limit is reached.", "Choose another card, or another way to pay."
    ),
    "amount_less_than_minimum_amount": Failure("The bank takes no amount as small as this.", _ANOTHER),
    **_all(
        ("insufficient_funds", "insufficient_fund"),
        "There was not enough money in the account.",
        "Choose another card or account.",
    ),
    **_all(
        ("card_declined", "payment_declined", "debit_declined"),
        "The bank declined it.",
        "Choose another way to pay, or ask the bank why.",
    ),
    **_all(("payment_risk_check_failed", "compliance_violation"), "A check against fraud stopped it.", _ANOTHER),
    **_all(
        ("transaction_limit_exceeded", "mcc_amount_limit_exceeded"),
        "It is more than the bank allows at a time.",
        _RAISE,
    ),
    **_all(
        ("transaction_daily_limit_exceeded", "transaction_daily_count_exceeded"),
        "It is more than the bank allows in a day.",
        _RAISE,
    ),
    **_all(
        ("bank_technical_error", "bank_not_available", "bank_cutoff_in_progress", "issuer_technical_error"),
        "The bank has trouble at the moment.",
        _LATER,
    ),
    **_all(
        ("upi_app_technical_error", "psp_not_available", "psp_app_not_available"),
        "The UPI app has trouble at the moment.",
        _LATER,
    ),
}
_AT_RAZORPAY: Final = {
    "order_already_paid": Failure("The order is paid already.", "There is nothing left to pay.", untouched=True),
    "input_validation_failed": Failure(
        "Razorpay did not take what was typed.", "Look at it once more, or choose another way to pay.", untouched=True
    ),
    **_all(
        ("gateway_technical_error", "server_error", "invalid_response_from_gateway"),
        "Razorpay or a bank behind it has trouble at the moment.",
        _LATER,
    ),
    **_all(
        (
            *("payment_method_not_enabled", "upi_collect_not_enabled", "upi_intent_not_enabled"),
            *("card_network_not_enabled", "bank_not_enabled"),
        ),
        "This way to pay is not taken here.",
        _ANOTHER,
        untouched=True,
    ),
    **_all(
        (
            *("invalid_order_id", "order_amount_mismatch", "order_payment_method_mismatch"),
            *("extra_field_sent", "invalid_amount", "invalid_currency", "invalid_request"),
        ),
        "It did not fit the order.",
        _ANEW,
        untouched=True,
    ),
}
FAILURES: Final[Mapping[str, Failure]] = _AT_WHO_PAYS | _AT_WHAT_IT_IS_PAID_WITH | _AT_THE_BANK | _AT_RAZORPAY
"""By reason. Razorpay has more of them, and ever more: of those `UNKNOWN` is true."""


def why(reason: str | None) -> Failure:
    """Return what there is to say of an attempt that failed for a reason."""
    return FAILURES.get(reason or "", UNKNOWN)
