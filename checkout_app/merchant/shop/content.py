"""What is on the pages of the shop itself, by their addresses."""

from dataclasses import asdict
from typing import Final

from checkout_app.auth.tokens import Identity
from checkout_app.merchant.desk import Asked, first
from checkout_app.merchant.shop.views import SHOP, shop_view
from checkout_app.seller.presentation import presentation
from checkout_app.seller.profile import profile
from checkout_app.shopfront.service import Content, own_page

SAVED: Final = ("look", "firm", "gst", "people", "promises", "limits")
"""The forms of the page, by what its address then says."""


async def shop(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return a page of the shop itself; None for the path of anything else."""
    if path == SHOP:
        return await _shop(asked, person)
    return None


async def _shop(asked: Asked, person: Identity) -> Content:
    saved = first(asked, "saved")
    around = await presentation()
    shown = shop_view(person, await profile(), around, saved if saved in SAVED else "")
    return own_page(SHOP, "The shop", asdict(shown), around)
