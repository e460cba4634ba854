"""Which mails the shop writes, and who sends them."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

from checkout_app.accounts import people
from checkout_app.accounts.service import can_mail
from checkout_app.core import database
from checkout_app.journal import service as journal
from checkout_app.journal.models import Event, Subject
from checkout_app.mail import accounts, again, complaints, sales, service
from checkout_app.mail.letters import Letter
from checkout_app.mail.service import Kind
from checkout_app.server import alarms


def register() -> None:
    """Write mails about what happens from now on; for every process that writes it down."""
    of_sales = (*sales.KINDS, again.KIND, *complaints.KINDS)
    # a shop that promises nobody a mail begins none for each sale
    service.take_on((*accounts.KINDS, *(of_sales if can_mail() else ()), _ALARM))


def running() -> AbstractAsyncContextManager[None]:
    """Write and send mails for the length of a block."""
    register()
    return service.running()


async def _owners(_event: Event) -> Sequence[str]:
    return await people.owners()


async def _alarm(event: Event, _email: str) -> Letter | None:
    """Say what does not hold, or does again; it names ids, never a person."""
    async with database.ask() as session:
        events = {found.kind: found for found in await journal.events_of(session, Subject.ALARM, event.subject_id)}
    rule = str(events[alarms.BEGUN].data["rule"])
    if event.kind == alarms.ENDED:
        return Letter(subject=f"Over: {rule}", paragraphs=("It holds again; nothing is left to do.",))
    if alarms.ENDED in events:
        return None  # it was over before this could be told
    return Letter(
        subject=f"Not so any more: {rule}",
        paragraphs=("The runbook in docs/operations.md says what this means and what to do.",),
        button="See how the shop is",
        link="/api/health",
    )


_ALARM: Final = Kind("alarm", {alarms.BEGUN, alarms.ENDED}, _owners, _alarm)
