"""What is on the page of the categories."""

from dataclasses import asdict

from checkout_app.auth.tokens import Identity
from checkout_app.catalog.categories import every_category
from checkout_app.core import database
from checkout_app.merchant.categories.views import CATEGORIES, categories_view
from checkout_app.merchant.desk import Asked
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page


async def categories(path: str, _asked: Asked, person: Identity) -> Content | None:
    """Return the page; None for the path of anything else."""
    if path != CATEGORIES:
        return None
    async with database.ask() as session:
        shown = categories_view(person, await every_category(session))
    return own_page(CATEGORIES, "Categories", asdict(shown), await presentation())
