"""One purchase that somebody is making, as the checkout's URL asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from checkout_app.checkout.quote import Item
from checkout_app.core.ids import new_id


@dataclass(frozen=True, slots=True)
class Attempt:
    """One purchase somebody is making, and the key under which its order is made once.

    Two attempts are equal when they are about the same purchase, whatever their keys.
    """

    buyer_id: str
    product: str
    quantity: int
    key: str = field(default_factory=new_id, compare=False)

    @property
    def item(self) -> Item:
        """What is bought, as the service takes it."""
        return Item(self.product, self.quantity)


def asked_for(query: Mapping[str, str]) -> tuple[str, int]:
    """Read a product and a quantity from a URL's query."""
    return query.get("product", "")[:80], _whole_number(query.get("quantity", "1"))


def _whole_number(text: str) -> int:
    """Read a quantity from a URL; what is not one asks for none, which the service refuses."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0  # noqa: PLR2004 - more digits than any limit
