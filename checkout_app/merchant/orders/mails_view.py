"""What the buyer of an order was told by mail, as the back office shows it: ready-made text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.mail.again import Told
from checkout_app.mail.models import Mail

_ABOUT: Final[Mapping[str, str]] = {
    "paid": "That it is paid",
    "shipped": "That a parcel is on its way",
    "refund": "That money was sent back",
}


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail to the buyer: what about, and what became of the newest; whether who looks at it `may_repeat` it."""

    event_id: str
    about: str
    state: str
    may_repeat: bool


def mail_view(told: Told, person: Identity) -> MailView:
    """Describe one."""
    return MailView(
        event_id=told.event.id,
        about=_ABOUT[told.kind],
        state=_state(told.mail),
        may_repeat=Caller.SHIPPERS.admits(person.role),
    )


def _state(mail: Mail | None) -> str:
    if mail is None:
        return "No mail of it is known."
    if mail.sent_at:
        return f"Sent on {clock.format_moment(mail.sent_at)}."
    if mail.due_at:
        return "It is on its way."
    return f"It went nowhere: {mail.failure}." if mail.failure else "There was nothing to say any more."
