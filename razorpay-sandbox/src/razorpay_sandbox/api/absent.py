"""What Razorpay has and the sandbox does not: its addresses are known, so that nobody takes them for a wrong id."""

import re
from typing import Final

_AREAS: Final = (
    ("QR codes", "payments/qr_codes|qr_codes"),
    ("server-to-server payments", "payments/create|payments/validate|payments/{}/otp|payments/{}/otp_.*"),
    ("transfers", "transfers|orders/{}/transfers|payments/{}/transfers?|reversals"),
    ("bank transfers", "virtual_accounts|payments/{}/bank_transfer|payments/{}/upi_transfer"),
    ("settlements on demand", "settlements/ondemand"),
    ("answers to disputes", "disputes/{}/(?:accept|contest)|documents"),
    ("payment links", "payment_links"),
    ("invoices", "invoices|items"),
    ("subscriptions", "subscriptions|plans|addons|subscription_registration"),
    ("tokens and saved cards", "tokens|customers/{}/tokens|cards/fingerprints|iins"),
    ("customers' bank accounts and eligibility", "customers/{}/bank_account|customers/eligibility"),
    ("fulfilment and reviews of orders", "orders/{}/(?:fulfillment|rto_review)"),
    ("payouts", "payouts|contacts|fund_accounts|transactions"),
    ("partner accounts", "accounts|stakeholders"),
)
_PUBLIC: Final = (
    ("embedded checkout", "checkout/embedded"),
    ("custom checkout", "razorpay\\.js|payments/create/(?:ajax|checkout|jsonp)"),
)


def _compiled(areas: tuple[tuple[str, str], ...]) -> list[tuple[str, re.Pattern[str]]]:
    """Read patterns below ``/v1`` (and ``/v2``); each covers what lies below it too, and ``{}`` is any one part."""
    return [(name, re.compile(f"/v[12]/(?:{paths.replace('{}', '[^/]+')})(?:/.*)?")) for name, paths in areas]


_COMPILED_PUBLIC: Final = _compiled(_PUBLIC)
_COMPILED: Final = _COMPILED_PUBLIC + _compiled(_AREAS)


def area(path: str) -> str | None:
    """Name the area of Razorpay's API that a path belongs to and the sandbox lacks."""
    return next((name for name, pattern in _COMPILED if pattern.fullmatch(path)), None)


def is_public(path: str) -> bool:
    """Say whether Razorpay serves a path that is lacking to whoever asks, without a key."""
    return any(pattern.fullmatch(path) for _, pattern in _COMPILED_PUBLIC)
