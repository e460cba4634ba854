"""What the policies refuse."""

from checkout_app.core.errors import ShopError


class PolicyNotFound(ShopError):
    """No such page, or no such version of its text."""

    status = 404
    code = "policy_not_found"
    sentence = "There is no such text."
