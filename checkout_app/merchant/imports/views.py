"""The table of products as the back office shows it: where it goes out and comes in."""

from dataclasses import dataclass
from typing import Final

from checkout_app.merchant.desk import Desk

IMPORT: Final = "/merchant/products/import"
TABLE: Final = "/api/merchant/products.csv"


@dataclass(frozen=True, slots=True)
class ImportView:
    """The page; `can_change` says whether who looks may bring a table in."""

    desk: Desk
    can_change: bool
