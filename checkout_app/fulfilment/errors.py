"""What the sending of parcels refuses."""

from checkout_app.core.errors import ShopError


class ShipmentNotFound(ShopError):
    """No such parcel was shipped."""

    status = 404
    code = "shipment_not_found"
    sentence = "We can't find this shipment."


class ShipmentRefused(ShopError):
    """The order is not one of which this can be shipped: not paid, without an address, or not as much is left of it."""

    status = 409
    code = "shipment_refused"
    sentence = "This can't be shipped as the order stands now."


class ReturnRefused(ShopError):
    """More than was shipped and has not come back already."""

    status = 409
    code = "return_refused"
    sentence = "This can't have come back."


class KeyUsed(ShopError):
    """The idempotency key was used before for something else of the order."""

    status = 409
    code = "idempotency_conflict"
    sentence = "This key was already used for another parcel."
