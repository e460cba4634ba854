"""What is on the pages of the shop's policies: their newest text, and who sells."""

from dataclasses import asdict
from typing import Final

from sqlmodel import bindparam, col, select, true

from checkout_app.core import database
from checkout_app.core.statements import Statement
from checkout_app.seller.models import Seller
from checkout_app.seller.policies.models import Policy, PolicyKind
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.policies.views import policy_view
from checkout_app.shopfront.service import Content, nothing, told_page

_DESCRIBED: Final = 160
"""Characters of a text that search engines show."""
_KINDS: Final = frozenset(PolicyKind)
_NEWEST: Final = Statement[tuple[Policy, Seller | None]](
    select(Policy, Seller)
    .outerjoin(Seller, true())
    .where(Policy.kind == bindparam("kind"))
    .order_by(col(Policy.version).desc())
    .limit(1)
)


async def content(path: str) -> Content | None:
    """Return what is on the page of a policy, which is nothing as long as it has no text; None for any other path."""
    kind = path.strip("/")
    if kind not in _KINDS:
        return None
    async with database.ask() as session:
        found = (await session.exec(_NEWEST, kind=kind)).first()
    if found is None:
        return await nothing(f"/{kind}")
    policy, seller = found
    view, shop = policy_view(policy, seller or Seller()), await presentation()
    first = next((block.words for block in view.blocks if not block.heading), "")
    return told_page(f"/{kind}", view.title, first[:_DESCRIBED], asdict(view), shop)
