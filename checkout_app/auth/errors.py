"""What the guard refuses."""

from checkout_app.core.errors import ShopError


class InvalidToken(ShopError):
    """The token is missing, expired, forged or revoked."""

    status = 401
    code = "invalid_token"
    sentence = "Sign in to go on."


class FactorWanted(ShopError):
    """Signed in to the shop, but the second factor was not shown in this sign-in, or not lately enough for this."""

    status = 403
    code = "step_up_required"
    sentence = "Show your second factor first."


class NotPermitted(ShopError):
    """Signed in, but this is for people of the shop, or for its owner."""

    status = 403
    code = "not_permitted"
    sentence = "Your account may not do this."
