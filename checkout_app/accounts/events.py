"""What happens to an account and is written down."""

from enum import StrEnum


class AccountEvent(StrEnum):
    """What the journal tells of an account; of a guest, who proves nothing, it tells nothing."""

    REGISTERED = "registered"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    APPOINTED = "appointed"


NOBODY = "unknown"
"""Whose sign-in is refused where there is no account."""
