"""What the record of orders refuses."""

from checkout_app.core.errors import ShopError


class OrderNotFound(ShopError):
    """No such order, or it belongs to somebody else; the two look alike on purpose."""

    status = 404
    code = "order_not_found"
    sentence = "We can't find this order."


class OrderClosed(ShopError):
    """The order can't be paid or changed any more; `order_id` says which, for whoever asked under another name."""

    status = 409
    code = "order_closed"
    sentence = "This order is closed."

    def __init__(self, order_id: str) -> None:
        super().__init__()
        self.order_id = order_id
