"""What can't be erased yet."""

from checkout_app.core.errors import ShopError


class OfTheShop(ShopError):
    """Who runs the shop can't be erased."""

    status = 409
    code = "of_the_shop"
    sentence = "Your account runs the shop, so it can't be erased."


class OrderUnderWay(ShopError):
    """Money may still come for an order of theirs."""

    status = 409
    code = "order_under_way"
    sentence = "An order of yours is not paid yet. Pay or cancel it first, then come back."
