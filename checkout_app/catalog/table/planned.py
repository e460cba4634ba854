"""What a table would change, as it is told and as it is written, and what there is of what it names."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from checkout_app.catalog.drafts import Draft
from checkout_app.catalog.products import Holder
from checkout_app.catalog.service import Offer


class Problem(NamedTuple):
    """What is wrong with a cell; row 1 is that of the headings."""

    row: int
    column: str
    sentence: str


class Difference(NamedTuple):
    """What a cell says beside what is so; nothing `was` of a new product."""

    column: str
    was: str
    becomes: str


class Change(NamedTuple):
    """What is to become of the product, or the variant, of a row."""

    row: int
    name: str
    differences: Sequence[Difference]
    is_new: bool = False


class Step(NamedTuple):
    """What is written for a row: of an `offer` that is there, or, where `is_new`, of one that is to be."""

    offer: Offer
    kept: Draft
    is_new: bool


class Shop(NamedTuple):
    """What there is of what a table names: the variants of each slug that can be chosen, and who has its SKUs."""

    offers: Mapping[str, Sequence[Offer]]
    taken: Mapping[str, Holder]
    usual_rate: int
    moment: datetime


@dataclass
class Plan:
    """What is to be done, with how many products are new, are changed and stay as they are."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def digest(self, content: bytes) -> str:
        """Return a name of exactly this, made of that file."""
        return sha256(sha256(content).digest() + json.dumps(self.changes).encode()).hexdigest()
