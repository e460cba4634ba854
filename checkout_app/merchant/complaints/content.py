"""What is on the page of complaints, by its address."""

from dataclasses import asdict

from checkout_app.auth.tokens import Identity
from checkout_app.core import ids
from checkout_app.merchant.complaints.views import complaints_view
from checkout_app.merchant.desk import Asked, first
from checkout_app.merchant.shop.views import COMPLAINTS
from checkout_app.seller.complaints import service
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page


async def complaints(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return the list of complaints; None for the path of anything else."""
    if path != COMPLAINTS:
        return None
    cursor = first(asked, "cursor")[: ids.ID_LENGTH]
    shown = complaints_view(person, await service.complaints(cursor=cursor or None), cursor)
    return own_page(COMPLAINTS, "Complaints", asdict(shown), await presentation())
