"""Take complaints, and find them again with what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Integer
from sqlmodel import and_, bindparam, col, select, update

from checkout_app.core import clock, database, ids
from checkout_app.core.errors import InvalidInput
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal import issues
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import ActorKind, Issue, Subject
from checkout_app.seller.complaints.models import (
    ANSWERED_WITHIN,
    KIND,
    LONGEST_EMAIL,
    LONGEST_NAME,
    LONGEST_ORDER,
    LONGEST_WORDS,
    SETTLED_WITHIN,
    Complaint,
)

WRONG: Final[Mapping[str, str]] = {
    "name": f"Say your name, in at most {LONGEST_NAME} characters.",
    "email": "Give the e-mail address at which you are to be answered.",
    "order_number": f"The number of an order has at most {LONGEST_ORDER} characters.",
    "words": f"Say what is wrong, in at most {LONGEST_WORDS} characters.",
}
"""What is said of a field that can't be used."""
_WHO: Final = Actor(ActorKind.BUYER)
_SAME: Final = Statement[Complaint](
    select(Complaint).where(Complaint.email == bindparam("email"), Complaint.words == bindparam("words")).limit(1)
)
_LIST: Final = Statement[tuple[Complaint, Issue]](
    select(Complaint, Issue)
    .join(Issue, and_(Issue.subject == Subject.COMPLAINT, col(Issue.subject_id) == col(Complaint.id)))
    .where(Complaint.id < bindparam("cursor"))
    .order_by(col(Complaint.id).desc())
    .limit(bindparam("limit", type_=Integer))
)
_BY_NUMBER: Final = Statement[Complaint](select(Complaint).where(Complaint.number == bindparam("number")))
_OF_MAILBOX: Final = Statement[Complaint](
    select(Complaint).where(Complaint.email == bindparam("email")).order_by(col(Complaint.id))
)
_FORGET: Final = Statement[None](
    update(Complaint).where(col(Complaint.email) == bindparam("mailbox")).values(name="", email="", words="")
)


@dataclass(frozen=True, slots=True)
class Clocks:
    """By when a complaint is to be answered, and by when settled."""

    answer_by: datetime
    settle_by: datetime

    @classmethod
    def of(cls, since: datetime) -> "Clocks":
        """Return them for a complaint that was made at a moment."""
        return cls(since + ANSWERED_WITHIN, since + SETTLED_WITHIN)


@dataclass(frozen=True, slots=True)
class Handled:
    """A complaint, and the issue that says what became of it."""

    complaint: Complaint
    issue: Issue


async def complain(said: Mapping[str, str]) -> Complaint:
    """Take a complaint and let it wait for a person; the same words of the same mailbox are one complaint.

    `said` has `name`, `email`, `words`, and maybe `order_number`. Raises InvalidInput with every problem.
    """
    fit = _fitting(said)
    async with database.write() as session:
        if same := (await session.exec(_SAME, email=fit["email"], words=fit["words"])).first():
            return same
        complaint = Complaint(number=_number(), **fit)
        while not await database.insert_new(session, complaint):
            complaint.number = _number()  # another has it already
        issue = Issue(kind=KIND, subject=Subject.COMPLAINT, subject_id=complaint.id, created_at=complaint.created_at)
        issue.data = {"number": complaint.number}
        await issues.open_issue(session, issue, _WHO)
    return complaint


async def find(number: str) -> Complaint | None:
    """Return the complaint with a number; None when there is none."""
    async with database.ask() as session:
        return (await session.exec(_BY_NUMBER, number=number)).first()


async def complaints(*, cursor: str | None = None, limit: int = 20) -> Page[Handled]:
    """List complaints, the newest first; the cursor is the last id of the page before."""
    async with database.ask() as session:
        rows = (await session.exec(_LIST, cursor=cursor or ids.LAST_ID, limit=limit + 1)).all()
    return page_of([Handled(*row) for row in rows], limit, [complaint.id for complaint, _ in rows])


async def of_mailbox(session: Session, email: str) -> Sequence[Complaint]:
    """Return what somebody complained about by their mailbox, oldest first."""
    return (await session.exec(_OF_MAILBOX, email=email)).all()


async def forget(session: Session, email: str) -> None:
    """Let go of what somebody complained about by their mailbox; that they did, and the answer, stays."""
    await session.exec(_FORGET, mailbox=email)


def sentence(issue: Issue) -> str:
    """Say what is due when of a complaint that waits."""
    due = Clocks.of(issue.created_at)
    by, end = clock.format_moment(due.answer_by), clock.format_date(due.settle_by)
    return f"Complaint {issue.data['number']}: answer it by {by}, and have it settled by {end}."


def _number() -> str:
    return f"C-{ids.new_number()}"


def _fitting(said: Mapping[str, str]) -> dict[str, Any]:
    """Return what may be kept of a complaint; raises InvalidInput with every problem."""
    texts = {"name": LONGEST_NAME, "order_number": LONGEST_ORDER}
    fit = {name: _line(said.get(name, ""), longest) for name, longest in texts.items()}
    fit["email"], fit["words"] = _mailbox(said.get("email", "")), _words(said.get("words", ""))
    wrong = [name for name, text in fit.items() if text is None or (not text and name != "order_number")]
    if wrong:
        raise InvalidInput({name: WRONG[name] for name in wrong})
    return fit


def _line(text: str, longest: int) -> str | None:
    try:
        return one_line(text, longest)
    except Unfit:
        return None


def _words(text: str) -> str | None:
    """Return a text of several lines, each cleaned; None for what can't be kept."""
    lines = [_line(line, LONGEST_WORDS) for line in text.splitlines()]
    fit = "\n".join(line for line in lines if line)
    return None if None in lines or len(fit) > LONGEST_WORDS else fit


def _mailbox(text: str) -> str | None:
    try:
        mailbox = validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        return None
    return mailbox if len(mailbox) <= LONGEST_EMAIL else None
