"""What is on the pages of the policies in the back office, by their addresses."""

from dataclasses import asdict
from typing import Final

from checkout_app.auth.tokens import Identity
from checkout_app.merchant.desk import Asked, first
from checkout_app.merchant.policies.views import policies_view, policy_text_view
from checkout_app.merchant.shop.views import POLICIES
from checkout_app.seller.policies import service
from checkout_app.seller.policies.models import PolicyKind
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page

_KINDS: Final = {f"{POLICIES}/{kind}": kind for kind in PolicyKind}
_MOST_DIGITS: Final = 9


async def policies(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return the questions or one policy; None for the path of anything else. Raises PolicyNotFound."""
    if path == POLICIES:
        return await _policies(asked, person)
    return await _policy(_KINDS[path], asked, person) if path in _KINDS else None


async def _policies(asked: Asked, person: Identity) -> Content:
    answers, standings = await service.standings()
    shown = policies_view(person, answers, standings, saved=bool(first(asked, "saved")))
    return own_page(POLICIES, "Policies", asdict(shown), await presentation())


async def _policy(kind: PolicyKind, asked: Asked, person: Identity) -> Content:
    said = first(asked, "version")
    version = int(said) if said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS else None
    shown, versions = await service.read(kind, version)
    _, standings = await service.standings()
    [standing] = [each for each in standings if each.kind is kind]
    view = policy_text_view(person, standing, shown, versions, saved=bool(first(asked, "saved")))
    return own_page(f"{POLICIES}/-", view.title, asdict(view), await presentation())
