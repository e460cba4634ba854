"""A policy as its page shows it: ready-made text, safe for everybody to see."""

from collections.abc import Iterator
from dataclasses import dataclass

from checkout_app.core import clock
from checkout_app.seller.complaints.models import Complaint
from checkout_app.seller.complaints.service import Clocks
from checkout_app.seller.models import Seller
from checkout_app.seller.policies.models import Policy, PolicyKind
from checkout_app.seller.policies.wording import HEADING
from checkout_app.seller.presentation import TITLES
from checkout_app.seller.states import STATES


@dataclass(frozen=True, slots=True)
class BlockView:
    """A paragraph or a heading."""

    words: str
    heading: bool


@dataclass(frozen=True, slots=True)
class FactView:
    """Something about who sells; `href` where it leads somewhere."""

    term: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The page of a policy: its text since when, and who sells."""

    title: str = ""
    since: str = ""
    blocks: tuple[BlockView, ...] = ()
    facts: tuple[FactView, ...] = ()
    complains: bool = False
    """Whether there is a form to complain with."""
    complaint: str = ""
    """The number of the complaint that was just made, and in `due` by when it is answered and settled."""
    due: str = ""


def policy_view(policy: Policy, seller: Seller, made: Complaint | None = None) -> PolicyView:
    """Describe the page of a policy for everybody, or for who has just `made` a complaint there."""
    return PolicyView(
        title=TITLES[PolicyKind(policy.kind)],
        since=clock.format_date(policy.created_at),
        blocks=blocks(policy.text),
        facts=tuple(_facts(seller)),
        complains=policy.kind == PolicyKind.GRIEVANCE,
        complaint=made.number if made else "",
        due=_due(made) if made else "",
    )


def _due(made: Complaint) -> str:
    due = Clocks.of(made.created_at)
    answer_by, settle_by = clock.format_moment(due.answer_by), clock.format_date(due.settle_by)
    return f"You are answered by {answer_by}, and it is settled by {settle_by}. Keep the number."


def blocks(text: str) -> tuple[BlockView, ...]:
    """Take a text apart: each line is a paragraph, or a heading if it begins like one."""
    lines = [line for line in text.splitlines() if line]
    return tuple(BlockView(line.removeprefix(HEADING), line.startswith(HEADING)) for line in lines)


def address_of(seller: Seller) -> str:
    """Return where the seller is, in one line; empty when nobody has said it."""
    town = f"{seller.town} {seller.pin}".strip()
    lines = (seller.address_line1, seller.address_line2, town, STATES.get(seller.state, ""))
    return ", ".join(filter(None, lines)) if seller.address_line1 else ""


def _facts(seller: Seller) -> Iterator[FactView]:
    officer = ", ".join(filter(None, (seller.grievance_name, seller.grievance_designation)))
    for fact in (
        FactView("Sold by", seller.legal_name),
        FactView("Address", address_of(seller)),
        FactView("GSTIN", seller.gstin),
        FactView("E-mail", seller.care_email, f"mailto:{seller.care_email}"),
        FactView("Phone", seller.care_phone, _call(seller.care_phone)),
        FactView("Grievance officer", officer),
        FactView("Their e-mail", seller.grievance_email, f"mailto:{seller.grievance_email}"),
        FactView("Their phone", seller.grievance_phone, _call(seller.grievance_phone)),
    ):
        if fact.text:
            yield fact


def _call(phone: str) -> str:
    return f"tel:{''.join(each for each in phone if each.isdigit() or each == '+')}"
