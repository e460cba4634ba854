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


class FileNotFound(ShopError):
    """Nothing is downloaded of this line of the order."""

    status = 404
    code = "file_not_found"
    sentence = "There is no file here."


class FileClosed(ShopError):
    """The order is not paid, or its money went back."""

    status = 409
    code = "file_closed"
    sentence = "A file is there for as long as its order is paid, and this one is not."


class DownloadsUsed(ShopError):
    """The file was handed over as often as it can be."""

    status = 409
    code = "downloads_used"
    sentence = "It was downloaded as often as it can be."


class FileAway(ShopError):
    """The file is not where the shop keeps it: files were not restored with the database, or the disk is away."""

    status = 503
    code = "file_away"
    sentence = "The shop can't reach this file just now. Nothing is lost; try again later, or write to the shop."
    retry_after = 60


class RequestUnfit(ShopError):
    """The order is not one of which this can be asked: not paid, refunded, or shipped before it could be cancelled."""

    status = 409
    code = "request_unfit"
    sentence = "This can't be asked for as the order stands now."


class AddressRefused(ShopError):
    """The order can't go there as it stands, or nowhere else any more."""

    status = 409
    code = "address_refused"
    sentence = "An order goes to another address once it is paid, and until anything of it is shipped."
