"""What is refused of where a parcel is to go."""

from collections.abc import Mapping

from checkout_app.core.errors import ShopError


class NotDeliverable(ShopError):
    """Nothing is sent there; `fields` holds the sentence under the name of the PIN's field."""

    status = 422
    code = "not_deliverable"
    sentence = "The shop does not send there."

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class ZoneNotFound(ShopError):
    """No zone has this id."""

    status = 404
    code = "zone_not_found"
    sentence = "There is no such zone."


class AddressNotFound(ShopError):
    """No address of one's own has this id."""

    status = 404
    code = "address_not_found"
    sentence = "There is no such address in your address book."
