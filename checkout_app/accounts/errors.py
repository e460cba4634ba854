"""What signing up and signing in refuse."""

from checkout_app.core.errors import ShopError


class InvalidCredentials(ShopError):
    """No account has this e-mail address with this password."""

    status = 401
    code = "invalid_credentials"
    sentence = "The e-mail address and the password do not belong together."


class EmailTaken(ShopError):
    """An account with this e-mail address exists."""

    status = 409
    code = "email_taken"
    sentence = "There is an account with this e-mail address. Sign in instead."
