"""What a table would change of what is for sale, and all that is wrong with it. Nothing is asked or written here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from checkout_app.catalog import products, variants
from checkout_app.catalog.drafts import Draft
from checkout_app.catalog.models import VALUES_APART
from checkout_app.catalog.products import Holder
from checkout_app.catalog.service import Offer
from checkout_app.catalog.table.choices import choices
from checkout_app.catalog.table.columns import COLUMNS, HEADINGS, OPTIONS, SLUG, Column, told_of
from checkout_app.catalog.table.planned import Change, Difference, Plan, Problem, Shop, Step
from checkout_app.core.spreadsheet_files import Row, Table
from checkout_app.core.text import Unfit

_BY_FIELD: Final = {column.field: column.name for column in COLUMNS}
_LOST: Final = "Excel has lost letters of this: save the file as “CSV UTF-8”."


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
        """Plan a new product as its first row says, with a variant for each of its rows."""
        row, *others = rows
        options, values, mistaken = choices(rows)
        self.plan.problems += mistaken
        draft, wrong = self._draft(row, {}, row)
        draft = cast("Draft", {"tax_rate": self.shop.usual_rate, **draft})
        kept, unfit = products.checked(draft, None, self.taken)
        self._tell_wrong(row, unfit, wrong)
        if wrong or unfit or mistaken:
            self._take(row, kept)
            return
        first = products.new(kept)
        first.product.slug, first.product.options = slug, options
        first.variant.option_values = values[0]
        self._add(row, first, kept, slug if slug.isascii() else "")
        alike = {name: said for name, said in kept.items() if name != "sku"}
        alike["stock"] = None if kept.get("stock") is None else 0
        for position, (other, has) in enumerate(zip(others, values[1:], strict=True), start=2):
            draft, wrong = self._draft(other, {}, row)
            whole, unfit = products.checked(cast("Draft", {**alike, **draft}), None, self.taken)
            self._tell_wrong(other, unfit, wrong)
            if wrong or unfit:
                continue
            made = Offer(first.product, products.new(whole).variant)
            made.variant.product_id, made.variant.position, made.variant.option_values = first.product.id, position, has
            said = cast("Draft", {name: value for name, value in whole.items() if name in draft})
            self._add(other, made, said, variants.sku_of(first.variant, has))

    def _add(self, row: Row, offer: Offer, kept: Draft, sku: str) -> None:
        """Plan something new, which has a SKU of its own, or this one if that is free."""
        offer.variant.sku = kept.get("sku") or (sku if sku and sku not in self.taken else offer.variant.id)
        self.taken[offer.variant.sku] = Holder(offer.variant.id, f"Row {row.number}")
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
            self.taken.setdefault(kept["sku"], Holder("", f"Row {row.number}"))


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
