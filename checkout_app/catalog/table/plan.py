"""What a table would change of what is for sale, and all that is wrong with it. Nothing is asked or written here."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple, cast

from checkout_app.catalog import products
from checkout_app.catalog.drafts import Draft
from checkout_app.catalog.models import VALUES_APART
from checkout_app.catalog.products import Holder
from checkout_app.catalog.service import Offer
from checkout_app.catalog.table.columns import COLUMNS, HEADINGS, OPTIONS, SLUG, Column, told_of
from checkout_app.core.spreadsheet_files import Row, Table
from checkout_app.core.text import Unfit

_BY_FIELD: Final = {column.field: column.name for column in COLUMNS}
_LOST: Final = "Excel has lost letters of this: save the file as “CSV UTF-8”."


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


def slugs_of(row: Row) -> Sequence[str]:
    """Return the slugs that the product of a row may have: as it is said, or as it is made of that or of the name."""
    said = row.cells.get(SLUG, "") or row.cells.get("name", "")
    return [slug for slug in dict.fromkeys((row.cells.get(SLUG, ""), products.slug_from(said))) if slug]


def plan(table: Table, shop: Shop) -> Plan:
    """Compare a table with the shop. It takes its time: not for the event loop."""
    planning = _Planning(shop, Plan(), dict(shop.taken))
    for name, said in table.headings.items():
        if name not in HEADINGS:
            planning.refuse(1, said, f"There is no such column. There are: {', '.join(HEADINGS)}.")
    if not {SLUG, "name"} & table.headings.keys():
        planning.refuse(1, SLUG, "A column has to say which product each row is: its slug, or its name.")
        return planning.plan
    for slug, rows in _by_product(table.rows, planning).items():
        planning.add(slug, rows)
    planning.plan.problems.sort()
    return planning.plan


def _by_product(rows: Sequence[Row], planning: "_Planning") -> Mapping[str, list[Row]]:
    """Put the rows of each product together, by its slug."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        slugs = slugs_of(row)
        if slugs:
            there = next((slug for slug in slugs if slug in planning.shop.offers), slugs[-1])
            found.setdefault(there, []).append(row)
        else:
            planning.refuse(row.number, SLUG, "Say which product this is.")
    return found


@dataclass
class _Planning:
    """A plan that is being made; `taken` are the SKUs that somebody has, rows before included."""

    shop: Shop
    plan: Plan
    taken: dict[str, Holder]

    def refuse(self, row: int, column: str, sentence: str) -> None:
        self.plan.problems.append(Problem(row, column, sentence))

    def add(self, slug: str, rows: Sequence[Row]) -> None:
        """Plan what becomes of a product."""
        offers = self.shop.offers.get(slug)
        before = len(self.plan.changes)
        if not offers:
            self._make(slug, rows)
            self.plan.new += 1
            return
        met: dict[str, int] = {}
        for row in rows:
            offer = self._offer_of(row, offers)
            if offer is None:
                continue
            if earlier := met.get(offer.variant.id):
                self.refuse(row.number, SLUG, f"Row {earlier} is the same one.")
                continue
            met[offer.variant.id] = row.number
            self._change(row, offer, rows[0])
        if len(self.plan.changes) > before:
            self.plan.changed += 1
        else:
            self.plan.unchanged += 1

    def _offer_of(self, row: Row, offers: Sequence[Offer]) -> Offer | None:
        """Find which variant a row is: by its values, or else by its SKU."""
        options = offers[0].product.options
        values = [row.cells.get(value, "") for _, value in OPTIONS]
        for place, (option, _) in enumerate(OPTIONS):
            known = options[place] if place < len(options) else ""
            if (said := row.cells.get(option, "")) and said.casefold() != known.casefold():
                self.refuse(row.number, option, f"Its variants differ in {' and '.join(options) or 'nothing'}.")
                return None
        if not any(values) and options:
            for offer in offers:
                if offer.variant.sku == row.cells.get("sku", ""):
                    return offer
            self.refuse(row.number, OPTIONS[0][1], "Say which of its variants this is.")
            return None
        for offer in offers:
            if [value for value in values if value] == offer.variant.option_values:
                return offer
        said = VALUES_APART.join(value for value in values if value)
        self.refuse(row.number, OPTIONS[0][1], f"There is no variant {said}: make it on the product's page first.")
        return None

    def _change(self, row: Row, offer: Offer, first: Row) -> None:
        now = told_of(offer, self.shop.moment)
        draft, wrong = self._draft(row, now, first)
        kept, unfit = products.checked(draft, offer, self.taken)
        self._tell_wrong(row, unfit, wrong)
        changed = cast("Draft", {name: said for name, said in kept.items() if said != now[name]})
        if not changed:
            return
        self._take(row, changed)
        self.plan.steps.append(Step(offer, changed, is_new=False))
        self.plan.changes.append(Change(row.number, offer.name, [*_differences(changed, now)]))

    def _make(self, slug: str, rows: Sequence[Row]) -> None:
        row, *others = rows
        for other in others:
            self.refuse(other.number, SLUG, f"Row {row.number} is the same new product.")
        draft, wrong = self._draft(row, {}, row)
        draft = cast("Draft", {"tax_rate": self.shop.usual_rate, **draft})
        kept, unfit = products.checked(draft, None, self.taken)
        self._tell_wrong(row, unfit, wrong)
        if wrong or unfit:
            return
        self._take(row, kept)
        offer = products.new(kept)
        offer.product.slug = slug
        free = slug.isascii() and slug not in self.taken
        offer.variant.sku = kept.get("sku") or (slug if free else offer.product.id)
        self.taken.setdefault(offer.variant.sku, Holder(offer.variant.id, f"Row {row.number}"))
        self.plan.steps.append(Step(offer, kept, is_new=True))
        self.plan.changes.append(Change(row.number, offer.name, [*_differences(kept, {})], is_new=True))

    def _draft(self, row: Row, now: Mapping[str, Any], first: Row) -> tuple[Draft, set[str]]:
        """Read of a row what is not so already, and return which fields of it can't be read.

        What all variants of a product have in common is said in the `first` of its rows.
        """
        draft: dict[str, Any] = {}
        wrong: set[str] = set()
        for column in COLUMNS:
            cell = row.cells.get(column.name)
            if cell is None:
                continue
            if row is not first and not column.of_variant:
                if cell and cell != first.cells[column.name]:
                    self.refuse(row.number, column.name, f"Row {first.number} says something else of all its variants.")
                continue
            try:
                said = _read(column, cell, now)
            except Unfit as unfit:
                wrong.add(column.field)
                self.refuse(row.number, column.name, str(unfit))
                continue
            if said is not ...:
                draft[column.field] = said
        return cast("Draft", draft), wrong

    def _tell_wrong(self, row: Row, unfit: Mapping[str, str], known: set[str]) -> None:
        for name, sentence in unfit.items():
            if name not in known:
                self.refuse(row.number, _BY_FIELD[name], sentence)

    def _take(self, row: Row, kept: Draft) -> None:
        if "sku" in kept:
            self.taken[kept["sku"]] = Holder("", f"Row {row.number}")


def _read(column: Column, cell: str, now: Mapping[str, Any]) -> Any:
    """Return what a cell says, and ... where it says what is so; raises Unfit."""
    if now:
        written = column.shown(now[column.field])
        if cell == written:
            return ...
        if cell == written.encode("cp1252", "replace").decode("cp1252"):
            raise Unfit(_LOST)
    return column.read(cell)


def _differences(kept: Draft, now: Mapping[str, Any]) -> Iterator[Difference]:
    for column in COLUMNS:
        if column.field in kept:
            was = column.shown(now[column.field]) if now else ""
            yield Difference(column.name, was, column.shown(cast("dict[str, Any]", kept)[column.field]))
