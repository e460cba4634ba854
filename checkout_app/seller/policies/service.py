"""Read and save the texts of the policies: those that there are, those before, and those that answers make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Integer
from sqlalchemy.orm import aliased
from sqlmodel import bindparam, col, exists, select

from checkout_app.auth.models import User
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject
from checkout_app.seller.models import ONLY, Seller
from checkout_app.seller.policies.errors import PolicyNotFound
from checkout_app.seller.policies.models import LONGEST_POLICY, Answers, Policy, PolicyKind
from checkout_app.seller.policies.questions import fitting
from checkout_app.seller.policies.wording import text_of
from checkout_app.seller.service import change, say

WRITTEN: Final = "policy_written"
"""What the journal calls it that a page has another text."""
MOST_LISTED: Final = 100

_NEWER: Final = aliased(Policy)
_CURRENT: Final = Statement[Policy](
    select(Policy).where(~exists().where(col(_NEWER.kind) == col(Policy.kind), col(_NEWER.version) > Policy.version))
)
"""The newest text of each page."""
_OF_KIND: Final = Statement[tuple[Policy, User | None]](
    select(Policy, User)
    .outerjoin(User, col(User.id) == col(Policy.made_by))
    .where(Policy.kind == bindparam("kind"))
    .order_by(col(Policy.version).desc())
    .limit(bindparam("limit", type_=Integer))
)
_ONE: Final = Statement[tuple[Policy, User | None]](
    select(Policy, User)
    .outerjoin(User, col(User.id) == col(Policy.made_by))
    .where(Policy.kind == bindparam("kind"), Policy.version == bindparam("version"))
)
_ANSWERS: Final = Statement[Answers](select(Answers))
_SELLER: Final = Statement[Seller](select(Seller))


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a page, and the mailbox of who saved it; empty where nobody is known."""

    policy: Policy
    made_by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a page stands: its newest text, None as long as there is none, and the one that the answers would make."""

    kind: PolicyKind
    policy: Policy | None
    draft: str

    @property
    def outdated(self) -> bool:
        """Whether its text was made from what is answered or said otherwise by now."""
        return self.policy is not None and not self.policy.by_hand and self.policy.text != self.draft


async def standings() -> tuple[Answers, Sequence[Standing]]:
    """Return what is answered, and how each page stands."""
    async with database.read() as session:
        answers = await _answers(session)
        seller = (await session.exec(_SELLER)).first() or Seller()
        newest = {policy.kind: policy for policy in (await session.exec(_CURRENT)).all()}
    return answers, [Standing(kind, newest.get(kind), text_of(kind, answers, seller)) for kind in PolicyKind]


async def read(kind: PolicyKind, version: int | None = None) -> tuple[Text, Sequence[Text]]:
    """Return a text of a page, its newest or the one of a version, and the newest of all, the newest first.

    Raises PolicyNotFound.
    """
    async with database.read() as session:
        listed = [_told(row) for row in await session.exec(_OF_KIND, kind=kind.value, limit=MOST_LISTED)]
        asked = None if version is None else (await session.exec(_ONE, kind=kind.value, version=version)).first()
    if not listed or (version is not None and asked is None):
        raise PolicyNotFound
    return (_told(asked) if asked else listed[0]), listed


async def write(kind: PolicyKind, text: str, by: Actor) -> Policy:
    """Let a page have a text that somebody wrote; the one it has already is no other. Raises InvalidInput."""
    fit = _fit(text)
    async with database.write() as session:
        await change(session, by)  # of two who write at once, one is after the other
        return await _save(session, await _newest(session, kind), kind, fit, by, by_hand=True)


async def write_anew(kind: PolicyKind, by: Actor) -> Policy:
    """Let a page have the text that the answers make."""
    async with database.write() as session:
        seller = await change(session, by)
        text = text_of(kind, await _answers(session), seller)
        return await _save(session, await _newest(session, kind), kind, text, by, by_hand=False)


async def answer(said: Mapping[str, Any], by: Actor) -> None:
    """Answer questions anew, and let each page have the text that follows; what somebody wrote stays as it is.

    Raises InvalidInput with every problem.
    """
    fit = fitting(said)
    async with database.write() as session:
        seller = await change(session, by)
        answers = await say(session, Answers, by, fit)
        for kind in PolicyKind:
            newest = await _newest(session, kind)
            if newest is None or not newest.by_hand:
                await _save(session, newest, kind, text_of(kind, answers, seller), by, by_hand=False)


def _told(row: tuple[Policy, User | None]) -> Text:
    policy, by = row
    return Text(policy, by.email if by else "")


async def _answers(session: Session) -> Answers:
    return (await session.exec(_ANSWERS)).first() or Answers()


async def _newest(session: Session, kind: PolicyKind) -> Policy | None:
    found = (await session.exec(_OF_KIND, kind=kind.value, limit=1)).first()
    return found[0] if found else None


async def _save(
    session: Session, newest: Policy | None, kind: PolicyKind, text: str, by: Actor, *, by_hand: bool
) -> Policy:
    if newest is not None and newest.text == text:
        return newest
    version = newest.version + 1 if newest else 1
    policy = Policy(kind=kind.value, version=version, text=text, by_hand=by_hand, made_by=by.user_id)
    session.add(policy)
    await journal.record(session, Subject.SELLER, ONLY, WRITTEN, by, page=kind.value, version=version)
    return policy


def _fit(text: str) -> str:
    """Return a text as it is kept: cleaned line by line, and its paragraphs a line apart."""
    try:
        lines = [one_line(line, LONGEST_POLICY) for line in text.splitlines()]
    except Unfit as unfit:
        raise InvalidInput({"text": "Use ordinary characters."}) from unfit
    fit = "\n\n".join(line for line in lines if line)
    if not fit or len(fit) > LONGEST_POLICY:
        raise InvalidInput({"text": f"Write at least a word, and at most {LONGEST_POLICY} characters."})
    return fit
