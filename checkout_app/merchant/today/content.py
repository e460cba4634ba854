"""What is on the page that the back office begins with."""

from dataclasses import asdict

from checkout_app.auth.tokens import Identity
from checkout_app.merchant.desk import Asked
from checkout_app.merchant.today.service import look
from checkout_app.merchant.today.views import TODAY, today_view
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page


async def today(path: str, asked: Asked, person: Identity) -> Content | None:  # noqa: ARG001 - as every room
    """Return how the shop does today; None for the path of anything else."""
    if path != TODAY:
        return None
    return own_page(TODAY, "Today", asdict(today_view(person, await look())), await presentation())
