"""What pricing refuses."""

from checkout_app.core.errors import ShopError


class NotDeliverable(ShopError):
    """The seller may not send goods where they are to go."""

    status = 422
    code = "not_deliverable"
    sentence = "This shop can't send goods to another State."
