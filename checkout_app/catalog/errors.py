"""What the catalogue refuses."""

from checkout_app.core.errors import ShopError


class ProductNotFound(ShopError):
    """No such product, or it was taken off sale."""

    status = 404
    code = "product_not_found"
    sentence = "This is no longer for sale."


class CategoryNotFound(ShopError):
    """No product is of such a category."""

    status = 404
    code = "category_not_found"
    sentence = "There is no such category any more."


class FileTooLarge(ShopError):
    """A file is larger than the shop keeps any."""

    status = 413
    code = "content_too_large"
    sentence = "This file is too large."


class TableMoved(ShopError):
    """What a table would change is not any more what somebody has agreed to: look again."""

    status = 409
    code = "table_moved"
    sentence = "The file or the shop has changed since you looked. Nothing was done; look again."


class OutOfStock(ShopError):
    """Fewer are left than were asked for; `available` says how many."""

    status = 409
    code = "out_of_stock"
    sentence = "There are not enough left."

    def __init__(self, product_name: str, available: int) -> None:
        left = "is sold out" if available == 0 else f"has only {available} left"
        super().__init__(f"{product_name} {left}.")
        self.product_name = product_name
        self.available = available


class StockMoved(ShopError):
    """There is another number of it than who corrects it has seen; `now` says how many."""

    status = 409
    code = "stock_moved"
    sentence = "The number has changed since you looked."

    def __init__(self, seen: str, now: str) -> None:
        super().__init__(f"There were {seen} when you looked, and there are {now} now. Look again.")
        self.now = now
