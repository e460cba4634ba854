"""What is on the pages of the shop's policies: their newest text, and who sells."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Final

from sqlmodel import bindparam, col, select, true

from checkout_app.core import database
from checkout_app.core.statements import Statement
from checkout_app.seller.complaints import service as complaints
from checkout_app.seller.complaints.models import LONGEST_NUMBER, Complaint
from checkout_app.seller.models import Seller
from checkout_app.seller.policies.models import Policy, PolicyKind
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.policies.views import policy_view
from checkout_app.shopfront.service import Content, nothing, own_page, told_page

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


async def content(path: str, asked: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Content | None:
    """Return what is on the page of a policy, which is nothing as long as it has no text; None for any other path.

    Who comes from having complained there is told the number that the query names.
    """
    kind = path.strip("/")
    if kind not in _KINDS:
        return None
    async with database.ask() as session:
        found = (await session.exec(_NEWEST, kind=kind)).first()
    if found is None:
        return await nothing(f"/{kind}")
    policy, seller = found
    made = await _made(asked) if kind == PolicyKind.GRIEVANCE else None
    view, shop = policy_view(policy, seller or Seller(), made), await presentation()
    if made:
        return own_page(f"/{kind}", view.title, asdict(view), shop)
    first = next((block.words for block in view.blocks if not block.heading), "")
    return told_page(f"/{kind}", view.title, first[:_DESCRIBED], asdict(view), shop)


async def _made(asked: Mapping[str, Sequence[str]]) -> Complaint | None:
    """Return the complaint that the query names; None where it names none that there is."""
    number = next(iter(asked.get("complaint", ())), "")
    return await complaints.find(number) if 0 < len(number) <= LONGEST_NUMBER and number.isascii() else None
