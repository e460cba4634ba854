"""What is on the pages of what waits for a person, by their addresses."""

from dataclasses import asdict
from typing import Final

from checkout_app.auth.tokens import Identity
from checkout_app.core import database, ids
from checkout_app.core.pagination import Page
from checkout_app.merchant.desk import Asked, first
from checkout_app.merchant.needs.views import NEEDS, needs_view
from checkout_app.payments import issues
from checkout_app.payments.checks import watch
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page

_PAGE: Final = 20


async def needs(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return the page of what waits; None for the path of anything else."""
    if path != NEEDS:
        return None
    cursor, order_id = (first(asked, name)[: ids.ID_LENGTH] for name in ("cursor", "order"))
    async with database.read() as session:
        if order_id:
            page = Page(await issues.of_order(session, order_id), None)
        else:
            page = await issues.by_need(session, cursor=cursor, limit=_PAGE)
    shown = needs_view(person, page, await watch.last_look(), is_all=not (cursor or order_id))
    return own_page(NEEDS, "Needs you", asdict(shown), await presentation())
