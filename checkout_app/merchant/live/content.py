"""What is on the page of what going live needs, by its address."""

from dataclasses import asdict

from checkout_app.auth.tokens import Identity
from checkout_app.merchant.desk import Asked
from checkout_app.merchant.live.findings import findings
from checkout_app.merchant.live.views import live_view
from checkout_app.merchant.shop.views import LIVE
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page


async def live(path: str, _asked: Asked, person: Identity) -> Content | None:
    """Return what going live needs; None for the path of anything else."""
    if path != LIVE:
        return None
    return own_page(LIVE, "Steps to live", asdict(live_view(person, await findings())), await presentation())
