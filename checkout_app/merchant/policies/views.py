"""The policies as the back office shows them: ready-made text."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.shop.views import POLICIES, may_change
from checkout_app.seller.policies.models import Answers, PolicyKind
from checkout_app.seller.policies.service import Standing, Text
from checkout_app.seller.presentation import TITLES
from checkout_app.shopfront.policies.views import BlockView, blocks

_BY_HAND, _OUTDATED, _MADE, _NONE = (
    "In your own words",
    "Your answers say something else by now",
    "From your answers",
    "Not written yet",
)
_TONES: Final = {_OUTDATED: "warning", _MADE: "success", _BY_HAND: "success", _NONE: "neutral"}


@dataclass(frozen=True, slots=True)
class AnswersView:
    """What is answered, as it stands in the fields."""

    story: str
    makes: str
    ships_to: str
    dispatch_days: int
    transit_days: int
    cancels: bool
    return_days: int
    return_paid_by: str
    not_returned: str
    refund_days: int


@dataclass(frozen=True, slots=True)
class PageView:
    """How a page stands; `href` leads to its text."""

    title: str
    href: str
    status: str
    tone: str
    since: str


@dataclass(frozen=True, slots=True)
class PoliciesView:
    """The questions, and the pages that follow from the answers."""

    desk: Desk
    changes: bool
    saved: bool
    answers: AnswersView
    pages: tuple[PageView, ...]


@dataclass(frozen=True, slots=True)
class SavedView:
    """A text that was saved; `current` says that it is the one on the page."""

    words: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PolicyTextView:
    """One text of a page, to be changed as long as it is the newest; `outdated` where the answers say another."""

    desk: Desk
    changes: bool
    saved: bool
    title: str
    path: str
    action: str
    after: str
    """Where somebody is led who has saved a text."""
    status: str
    tone: str
    text: str
    blocks: tuple[BlockView, ...]
    newest: bool
    anew: bool
    """Whether the answers make another text than this."""
    versions: tuple[SavedView, ...]


def policies_view(person: Identity, answers: Answers, standings: Sequence[Standing], *, saved: bool) -> PoliciesView:
    """Describe the questions and the pages for who looks at them."""
    return PoliciesView(
        desk=desk(person),
        changes=may_change(person),
        saved=saved,
        answers=AnswersView(**{each.name: getattr(answers, each.name) for each in fields(AnswersView)}),
        pages=tuple(_page(standing) for standing in standings),
    )


def policy_text_view(
    person: Identity, standing: Standing, shown: Text, versions: Sequence[Text], *, saved: bool
) -> PolicyTextView:
    """Describe a text of a page for who looks at it."""
    policy, status = shown.policy, _status(standing)
    newest = versions[0].policy.version == policy.version
    return PolicyTextView(
        desk=desk(person),
        changes=may_change(person),
        saved=saved,
        title=TITLES[standing.kind],
        path=f"/{standing.kind}",
        action=f"/api/merchant/policies/{standing.kind}",
        after=f"{POLICIES}/{standing.kind}?saved=1",
        status=status,
        tone=_TONES[status],
        text=policy.text,
        blocks=blocks(policy.text),
        newest=newest,
        anew=newest and policy.text != standing.draft,
        versions=tuple(_saved(text, standing.kind, current=text.policy.version == policy.version) for text in versions),
    )


def _page(standing: Standing) -> PageView:
    status, policy = _status(standing), standing.policy
    return PageView(
        title=TITLES[standing.kind],
        href=f"{POLICIES}/{standing.kind}",
        status=status,
        tone=_TONES[status],
        since=f"Since {clock.format_moment(policy.created_at)}" if policy else "",
    )


def _status(standing: Standing) -> str:
    if standing.policy is None:
        return _NONE
    if standing.policy.by_hand:
        return _BY_HAND
    return _OUTDATED if standing.outdated else _MADE


def _saved(text: Text, kind: PolicyKind, *, current: bool) -> SavedView:
    policy = text.policy
    how = "in own words" if policy.by_hand else "from the answers"
    by = f", {text.made_by}" if text.made_by else ""
    words = f"Version {policy.version}, {clock.format_moment(policy.created_at)}, {how}{by}"
    return SavedView(words, f"{POLICIES}/{kind}?version={policy.version}", current)
