"""What is on the page of the audit log."""

from dataclasses import asdict
from typing import Final

from checkout_app.accounts import staff
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import NotPermitted
from checkout_app.auth.tokens import Identity
from checkout_app.core import ids
from checkout_app.journal import audit
from checkout_app.merchant.audit_log import search
from checkout_app.merchant.audit_log.search import Group
from checkout_app.merchant.audit_log.views import AUDIT, Asking, audit_view
from checkout_app.merchant.desk import Asked, day_in, first
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page

_PAGE: Final = 50


async def audit_log(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return the page of the audit log; None for the path of anything else. Raises NotPermitted, InvalidInput."""
    if path != AUDIT:
        return None
    if not Caller.OWNER.admits(person.role):
        raise NotPermitted
    named = first(asked, "group")
    group = Group(named) if named in set(Group) else Group.ALL
    by, cursor = (first(asked, name)[: ids.ID_LENGTH] for name in ("by", "cursor"))
    asking = Asking(group, by, first(asked, "about"), day_in(asked), cursor)
    sought = await search.read(group, by, asking.about, asking.day)
    page = await audit.entries(sought, cursor=cursor or None, limit=_PAGE)
    shown = audit_view(person, asking, page, await staff.team())
    return own_page(AUDIT, "Who did what", asdict(shown), await presentation())
