"""What somebody's own account refuses."""

from checkout_app.core.errors import ShopError


class SessionNotFound(ShopError):
    """None of one's own sign-ins has this id, or it is over."""

    status = 404
    code = "session_not_found"
    sentence = "This sign-in is over."
