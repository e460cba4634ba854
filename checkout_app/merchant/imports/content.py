"""What is on the page on which products come in as a table."""

from dataclasses import asdict

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.merchant.desk import Asked, desk
from checkout_app.merchant.imports.views import IMPORT, ImportView
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page


async def imports(path: str, _asked: Asked, person: Identity) -> Content | None:
    """Return the page; None for the path of anything else."""
    if path != IMPORT:
        return None
    shown = ImportView(desk(person), can_change=Caller.OWNER.admits(person.role))
    return own_page(IMPORT, "Products as a table", asdict(shown), await presentation())
