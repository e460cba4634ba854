"""How the shop presents itself: its name, its words, its sign, and the links below every page.

It is asked whenever a page is shown, so that a change needs no build and no restart.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import col, func, select

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.kept import Kept
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal.actors import OPERATOR
from checkout_app.seller.models import (
    LONGEST_DESCRIPTION,
    LONGEST_LINKS,
    LONGEST_LOGO,
    LONGEST_NAME,
    LONGEST_SENTENCE,
    ONLY,
    Seller,
)
from checkout_app.seller.policies.models import Policy, PolicyKind
from checkout_app.seller.service import change

MOST_LINKS: Final = 8
_LOGO: Final = "/brand/mark.svg"
_LIMITS: Final = {"name": LONGEST_NAME, "sentence": LONGEST_SENTENCE, "description": LONGEST_DESCRIPTION}
NAMES: Final = ("name", "sentence", "description", "logo", "accent", "links")
TITLES: Final[Mapping[PolicyKind, str]] = {
    PolicyKind.ABOUT: "About us",
    PolicyKind.CONTACT: "Contact",
    PolicyKind.TERMS: "Terms",
    PolicyKind.PRIVACY: "Privacy",
    PolicyKind.REFUNDS: "Refunds and cancellation",
    PolicyKind.SHIPPING: "Shipping",
    PolicyKind.GRIEVANCE: "Grievance",
}
"""What the pages of policies are called."""
_AGREED: Final[Mapping[str, str]] = {
    f"/{PolicyKind.TERMS}": "terms",
    f"/{PolicyKind.REFUNDS}": "rules on refunds and cancellation",
}
"""What somebody agrees to by paying, as a sentence calls it."""
_PATH: Final = re.compile(r"/[\w./-]*", re.ASCII)
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_TARGET: Final = re.compile(r"(?:https://[^\s<>\"]+|/[^\s<>\"/][^\s<>\"]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class FooterLink:
    """A link below every page."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """How the shop presents itself; nothing in it is empty but the links, and what it says of itself.

    `policies` lead to the pages of its policies that have a text.
    """

    name: str
    sentence: str
    description: str
    logo: str
    accent: str
    links: tuple[FooterLink, ...] = ()
    policies: tuple[FooterLink, ...] = ()

    @property
    def footer(self) -> tuple[FooterLink, ...]:
        """What is below every page: the shop's own links, and those to its policies."""
        own = {link.href for link in self.links}
        return (*self.links, *(policy for policy in self.policies if policy.href not in own))

    @property
    def agreed(self) -> tuple[FooterLink, ...]:
        """The policies that somebody agrees to by paying, as a sentence calls them."""
        return tuple(FooterLink(_AGREED[each.href], each.href) for each in self.policies if each.href in _AGREED)


PRESENTED: Final[tuple[Any, ...]] = (
    *(
        func.coalesce(select(getattr(Seller, name)).where(Seller.id == ONLY).scalar_subquery(), "").label(
            f"shop_{name}"
        )
        for name in NAMES
    ),
    func.coalesce(
        select(func.aggregate_strings(col(Policy.kind), " ")).where(Policy.version == 1).scalar_subquery(), ""
    ).label("shop_policies"),
)
"""What a `Presentation` is made of, for a question that is about more."""


def presented(said: Sequence[str]) -> Presentation:
    """Return how the shop presents itself, from what is `PRESENTED`; the settings say what nobody has said yet."""
    name, sentence, description, logo, accent, links, policies = said
    written = policies.split()
    name = name or settings().shop_name
    return Presentation(
        name=name,
        sentence=sentence or name,
        description=description,
        logo=logo or _LOGO,
        accent=accent or settings().accent,
        links=tuple(_link(line) for line in links.splitlines()),
        policies=tuple(FooterLink(TITLES[kind], f"/{kind}") for kind in PolicyKind if kind in written),
    )


async def presentation() -> Presentation:
    """Return how the shop presents itself now."""
    async with database.ask() as session:
        return await session.kept(_KEPT, _ALONE)


async def present(**said: str | None) -> Presentation:
    """Present the shop otherwise from now on: None leaves what there is, no words take it back. Raises InvalidInput."""
    kept = {name: fit(name, words) for name, words in said.items() if words is not None}
    async with database.write() as session:
        seller = await change(session, OPERATOR, **kept)
        return presented([*(getattr(seller, name) for name in NAMES), ""])


def fit(name: str, words: str) -> str:
    """Return what may be kept of what somebody said of the shop; raises InvalidInput."""
    if name == "links":
        lines = [_fit_link(line) for line in words.splitlines() if line.strip()]
        if len(lines) > MOST_LINKS or len("\n".join(lines)) > LONGEST_LINKS:
            raise InvalidInput({name: f"There are at most {MOST_LINKS} links, and {LONGEST_LINKS} characters."})
        return "\n".join(lines)
    if name in _LIMITS:
        return _line(name, words, _LIMITS[name])
    pattern, longest = (_COLOUR, 7) if name == "accent" else (_PATH, LONGEST_LOGO)
    if words and (not pattern.fullmatch(words) or len(words) > longest or words.startswith("//")):
        wanted = "a colour like #A8451F" if name == "accent" else "a path of this shop like /brand/mark.svg"
        raise InvalidInput({name: f"This is not {wanted}."})
    return words


def _fit_link(line: str) -> str:
    said, _, target = line.strip().rpartition(" ")
    words = _line("links", said, LONGEST_NAME)
    if not words or not _TARGET.fullmatch(target):
        raise InvalidInput({"links": "A link is its words and then where it leads: a path or an https address."})
    return f"{words} {target}"


def _line(name: str, words: str, longest: int) -> str:
    try:
        return one_line(words, longest)
    except Unfit as unfit:
        raise InvalidInput({name: f"Use at most {longest} ordinary characters."}) from unfit


def _link(line: str) -> FooterLink:
    words, _, href = line.rpartition(" ")
    return FooterLink(words, href)


def _only(rows: Sequence[tuple[str, ...]], **_: Any) -> Presentation:
    return presented(rows[0])


_ALONE: Final = Statement[tuple[str, ...]](select(*PRESENTED))
_KEPT: Final = Kept(_only)
