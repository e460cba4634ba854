"""Mails about complaints: to who complained, that it was heard and what came of it, and to the shop.

As with sales, nothing that somebody typed is in the mail to them: who complains with another's address has the shop
write them nothing of their own.
"""

from collections.abc import Sequence
from typing import Final

from checkout_app.accounts import people
from checkout_app.core import clock, database, text
from checkout_app.journal.issues import OPENED, RESOLVED
from checkout_app.journal.models import Event, Issue, Subject
from checkout_app.mail.letters import Letter, Row
from checkout_app.mail.service import Kind
from checkout_app.seller.complaints.models import Complaint
from checkout_app.seller.complaints.service import Clocks
from checkout_app.seller.profile import profile


async def _complaint(event: Event) -> Complaint:
    async with database.ask() as session:
        return await session.get_one(Complaint, event.subject_id)


async def _who(event: Event) -> Sequence[str]:
    """Return the mailbox of who complained; nothing once they were erased."""
    if event.subject != Subject.COMPLAINT:
        return []
    return list(filter(None, [(await _complaint(event)).email]))


async def _shop(event: Event) -> Sequence[str]:
    """Return the mailboxes of who owns the shop, and of its grievance officer."""
    if event.subject != Subject.COMPLAINT:
        return []
    officer = (await profile()).grievance_email
    return list(dict.fromkeys(filter(None, (*await people.owners(), officer))))


async def _heard(event: Event, _email: str) -> Letter | None:
    complaint = await _complaint(event)
    due = Clocks.of(complaint.created_at)
    answer_by, settle_by = clock.format_moment(due.answer_by), clock.format_date(due.settle_by)
    return Letter(
        subject=f"Your complaint {complaint.number} has reached us",
        paragraphs=(
            f"We answer it by {answer_by}, and it is settled by {settle_by}.",
            f"Its number is {complaint.number}. Say it when you write to us about it.",
        ),
    )


async def _told(event: Event, _email: str) -> Letter | None:
    complaint = await _complaint(event)
    due = Clocks.of(complaint.created_at)
    return Letter(
        subject=f"Complaint {complaint.number}: answer it by {clock.format_moment(due.answer_by)}",
        paragraphs=tuple(complaint.words.splitlines()),
        rows=tuple(
            Row(term, said)
            for term, said in (("From", f"{complaint.name} ({complaint.email})"), ("Order", complaint.order_number))
            if said
        ),
        closing=(f"It has to be settled by {clock.format_date(due.settle_by)}.",),
        button="Read and answer it",
        link="/merchant/shop/complaints",
    )


async def _answered(event: Event, _email: str) -> Letter | None:
    complaint = await _complaint(event)
    async with database.ask() as session:
        issue = await session.get_one(Issue, str(event.data["issue_id"]))
    return Letter(
        subject=f"About your complaint {complaint.number}",
        paragraphs=(text.sentence(issue.note),),
        closing=("If that does not settle it, write to us and say its number.",),
    )


KINDS: Final = (
    Kind("complaint_heard", {OPENED}, _who, _heard),
    Kind("complaint", {OPENED}, _shop, _told),
    Kind("complaint_answered", {RESOLVED}, _who, _answered),
)
