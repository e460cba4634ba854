"""What happens to an account and is written down."""

from enum import StrEnum


class AccountEvent(StrEnum):
    """What the journal tells of an account; of a guest, who proves nothing, it tells nothing."""

    REGISTERED = "registered"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    INVITED = "invited"
    UNINVITED = "uninvited"
    APPOINTED = "appointed"
    DISMISSED = "dismissed"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    RESETTING = "resetting"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - what happened, not one
    CODE_ASKED = "code_asked"
    EMAIL_WANTED = "email_wanted"
    """Somebody wanted to sign up with the address of an account."""
    EMAIL_CHANGED = "email_changed"
    EMAIL_RESTORED = "email_restored"
    ERASED = "erased"
    FACTOR_SET = "factor_set"
    FACTOR_SHOWN = "factor_shown"
    FACTOR_REFUSED = "factor_refused"
    RECOVERY_CODE_USED = "recovery_code_used"


NOBODY = "unknown"
"""Who is meant where there is no account with an address."""
