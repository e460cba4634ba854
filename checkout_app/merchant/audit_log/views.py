"""The audit log as owners read it: ready-made text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import urlencode

from checkout_app.accounts.staff import Member
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.pagination import Page
from checkout_app.journal.audit import Entry
from checkout_app.journal.models import ActorKind, Event, Subject
from checkout_app.merchant.audit_log.search import Group
from checkout_app.merchant.audit_log.sentences import message
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.orders.views import row_path
from checkout_app.merchant.products.views import PRODUCTS

AUDIT: Final = "/merchant/audit"
_GROUPS: Final[Mapping[Group, str]] = {
    Group.ALL: "Everything",
    Group.SIGN_INS: "Sign-ins",
    Group.PEOPLE: "People",
    Group.MONEY: "Money back",
    Group.ORDERS: "Orders",
    Group.GOODS: "Products and coupons",
    Group.SHOP: "The shop",
}
_NOBODY: Final[Mapping[str, str]] = {
    ActorKind.BUYER: "Somebody",
    ActorKind.MERCHANT: "Somebody of the shop",
    ActorKind.OPERATOR: "Whoever runs the server",
    ActorKind.GATEWAY: "Razorpay",
    ActorKind.SHOP: "The shop itself",
}
"""Who did something, where no account says it."""


class Asking(NamedTuple):
    """Which entries somebody wants to see, as the address says it."""

    group: Group
    by: str
    about: str
    day: date | None
    cursor: str

    @property
    def query(self) -> str:
        """What an address says of them."""
        day = self.day.isoformat() if self.day else ""
        asked = {"group": self.group.value, "by": self.by, "about": self.about, "day": day, "cursor": self.cursor}
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """Something that can be chosen."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """Something that was done: by whom, with what leads to all that they did; about what else, and where that is."""

    id: str
    at: str
    what: str
    who: str
    theirs: str
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """A page of the audit log."""

    desk: Desk
    group: str
    by: str
    about: str
    day: str
    groups: tuple[ChoiceView, ...]
    people: tuple[ChoiceView, ...]
    done: tuple[EntryView, ...]
    none: str
    older: str
    newest: str
    table: str


def audit_view(owner: Identity, asking: Asking, page: Page[Entry], team: Sequence[Member]) -> AuditView:
    """Describe a page of the audit log for an owner."""
    older = asking._replace(cursor=page.next_cursor or "").query
    return AuditView(
        desk=desk(owner),
        group=asking.group,
        by=asking.by,
        about=asking.about,
        day=asking.day.isoformat() if asking.day else "",
        groups=tuple(ChoiceView(group, words) for group, words in _GROUPS.items()),
        people=_people(asking, page, team),
        done=tuple(_entry(entry) for entry in page.items),
        none=_none(page),
        older=f"{AUDIT}?{older}" if page.next_cursor else "",
        newest=f"{AUDIT}?{asking._replace(cursor='').query}" if asking.cursor else "",
        table=f"/api{AUDIT}.csv?{asking._replace(cursor='').query}",
    )


def _people(asking: Asking, page: Page[Entry], team: Sequence[Member]) -> tuple[ChoiceView, ...]:
    """Offer the people of the shop, the operator, and whoever is chosen already."""
    known = {member.id: member.email for member in team}
    known |= {entry.by.id: entry.by.email for entry in page.items if entry.by and entry.by.id == asking.by}
    known[ActorKind.OPERATOR] = _NOBODY[ActorKind.OPERATOR]
    if asking.by:
        known.setdefault(asking.by, _NOBODY.get(asking.by, asking.by))
    return (ChoiceView("", "Anybody"), *(ChoiceView(value, words) for value, words in known.items()))


def _none(page: Page[Entry]) -> str:
    if page.items:
        return ""
    return "Nothing like that lately. There is older." if page.next_cursor else "Nothing like that was done."


def _entry(entry: Entry) -> EntryView:
    event = entry.event
    by = entry.by.id if entry.by else event.actor
    about, href = _about(event, entry.whose)
    return EntryView(
        id=event.id,
        at=clock.format_moment(event.created_at),
        what=message(event),
        who=entry.by.email if entry.by else _NOBODY.get(event.actor, event.actor),
        theirs=f"{AUDIT}?{urlencode({'by': by})}",
        about=about,
        href=href,
    )


def _about(event: Event, whose: str | None) -> tuple[str, str]:
    """Return what an entry is about, where it is a thing of its own, and where that is or all that was done to it."""
    if event.subject == Subject.ORDER:
        return "the order", row_path(event.subject_id)
    if event.subject == Subject.PRODUCT:
        return "the product", f"{PRODUCTS}/{event.subject_id}"
    if event.subject == Subject.ACCOUNT:
        is_own = event.subject_id == event.actor_id
        return (whose, f"{AUDIT}?{urlencode({'about': whose})}") if whose and not is_own else ("", "")
    return "", ""
