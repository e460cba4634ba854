"""What is on the page of coupons."""

from dataclasses import asdict

from checkout_app.auth.tokens import Identity
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.merchant.coupons.views import COUPONS, coupons_view
from checkout_app.merchant.desk import Asked, first
from checkout_app.pricing import service
from checkout_app.pricing.models import LONGEST_CODE
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page


async def coupons(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return the shop's coupons by their codes; None for the path of anything else."""
    if path != COUPONS:
        return None
    page = await service.coupons(cursor=first(asked, "cursor")[:LONGEST_CODE] or None, limit=LONGEST_PAGE)
    return own_page(COUPONS, "Coupons", asdict(coupons_view(person, page)), await presentation())
