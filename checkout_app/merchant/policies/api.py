"""The texts of the shop's policies over HTTP, for its people."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core.described import Answers as Described
from checkout_app.core.described import refusal
from checkout_app.journal.actors import Actor
from checkout_app.seller.policies import service
from checkout_app.seller.policies.models import Pays, PolicyKind
from checkout_app.seller.policies.service import Standing, Text

router = APIRouter(prefix="/api/merchant/policies", tags=["merchant"])

_Owner = Annotated[Identity, Depends(guard.owner)]
_Version = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
_UNKNOWN: Described = {404: refusal("The page has no such text.")}


class AnswersRequest(BaseModel):
    """What is answered anew; what is missing stays. `return_days` of 0 says that nothing is taken back."""

    model_config = ConfigDict(extra="forbid")

    story: str | None = None
    makes: str | None = None
    ships_to: str | None = None
    dispatch_days: int | None = None
    transit_days: int | None = None
    cancels: bool | None = None
    return_days: int | None = None
    return_paid_by: Pays | None = None
    not_returned: str | None = None
    refund_days: int | None = None


class AnswersBody(BaseModel):
    """What the texts are made from."""

    model_config = ConfigDict(from_attributes=True)

    story: str
    makes: str
    ships_to: str
    dispatch_days: int
    transit_days: int
    cancels: bool
    return_days: int
    return_paid_by: Pays
    not_returned: str
    refund_days: int


class PageBody(BaseModel):
    """How a page stands: `version` and `text` are null as long as it has none.

    `by_hand` says that somebody wrote it, `outdated` that the answers would make another by now.
    """

    kind: PolicyKind
    version: int | None
    text: str | None
    by_hand: bool
    outdated: bool
    saved_at: datetime | None

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Describe one."""
        policy = standing.policy
        return cls(
            kind=standing.kind,
            version=policy.version if policy else None,
            text=policy.text if policy else None,
            by_hand=policy.by_hand if policy else False,
            outdated=standing.outdated,
            saved_at=policy.created_at if policy else None,
        )


class PoliciesBody(BaseModel):
    """The answers, and the page of each policy."""

    answers: AnswersBody
    pages: list[PageBody]

    @classmethod
    async def now(cls) -> Self:
        """Describe what there is."""
        answers, standings = await service.standings()
        return cls(answers=AnswersBody.model_validate(answers), pages=[PageBody.of(standing) for standing in standings])


class SavedBody(BaseModel):
    """That a text was saved, when and by whom, as far as that is known."""

    version: int
    by_hand: bool
    saved_at: datetime
    saved_by: str

    @classmethod
    def of(cls, text: Text) -> Self:
        """Describe one."""
        policy = text.policy
        return cls(version=policy.version, by_hand=policy.by_hand, saved_at=policy.created_at, saved_by=text.made_by)


class PolicyBody(SavedBody):
    """A text of a page, and all that were saved, the newest 100 of them, the newest first."""

    kind: PolicyKind
    text: str
    versions: list[SavedBody]


class TextRequest(BaseModel):
    """A text, a paragraph a line, or a heading if it begins with `## `; without one it is made from the answers."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str | None, Field(max_length=100_000)] = None


@router.get("", **guard.open_to(Caller.SHOP))
async def list_policies() -> PoliciesBody:
    """Say what is answered, and how the page of each policy stands."""
    return await PoliciesBody.now()


@router.put("", **guard.open_to(Caller.OWNER))
async def answer(body: AnswersRequest, owner: _Owner) -> PoliciesBody:
    """Answer questions anew and let each page have the text that follows; what somebody wrote stays as it is.

    With the first answer all pages are there, and below every page of the shop are links to them.
    """
    await service.answer(body.model_dump(exclude_none=True), Actor.of(owner))
    return await PoliciesBody.now()


@router.get("/{kind}", **guard.open_to(Caller.SHOP, _UNKNOWN))
async def get_policy(kind: PolicyKind, version: _Version = None) -> PolicyBody:
    """Show a text of a page, the newest or an older one, and list all that there were."""
    return await _told(kind, version)


@router.put("/{kind}", **guard.open_to(Caller.OWNER))
async def write(kind: PolicyKind, body: TextRequest, owner: _Owner) -> PolicyBody:
    """Let a page have another text from now on; the ones before stay."""
    if body.text is None:
        await service.write_anew(kind, Actor.of(owner))
    else:
        await service.write(kind, body.text, Actor.of(owner))
    return await _told(kind, None)


async def _told(kind: PolicyKind, version: int | None) -> PolicyBody:
    shown, versions = await service.read(kind, version)
    said = SavedBody.of(shown).model_dump()
    return PolicyBody(**said, kind=kind, text=shown.policy.text, versions=[SavedBody.of(text) for text in versions])
