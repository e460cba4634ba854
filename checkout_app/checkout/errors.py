"""What placing an order refuses."""

from checkout_app.core.errors import ShopError
from checkout_app.core.money import format_amount


class IdempotencyConflict(ShopError):
    """The idempotency key was used before for something else."""

    status = 409
    code = "idempotency_conflict"
    sentence = "This attempt was already used for a different order."


class PriceChanged(ShopError):
    """It does not cost what the buyer was shown; `was` and `now` in minor units."""

    status = 409
    code = "price_changed"
    sentence = "The price has changed."

    def __init__(self, was: int, now: int, currency: str) -> None:
        shown, costs = (format_amount(amount, currency) for amount in (was, now))
        super().__init__(f"The price has changed from {shown} to {costs}.")
        self.was, self.now = was, now


class UnpaidOrders(ShopError):
    """Too many orders of the buyer, or from their address, are unpaid; `order_id` is one that they can pay."""

    status = 409
    code = "unpaid_orders"
    sentence = "Too many orders from your network are not paid yet. Try again in a quarter of an hour."

    def __init__(self, order_id: str | None = None, number: str = "") -> None:
        super().__init__(f"Order {number} is not paid yet. Pay it or cancel it first." if order_id else "")
        self.order_id = order_id
