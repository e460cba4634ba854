"""Let a product come in several variants: in what they differ, and which of the combinations there are.

A variant is never removed, since orders and carts name it: what is not wanted any more is hidden, with its stock, and
is the same one again when it is wanted again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product as combined
from typing import Final, TypedDict, cast

from sqlmodel import bindparam, col, select

from checkout_app.catalog.corrections import Why, too_few, write_stock
from checkout_app.catalog.drafts import LONGEST_SKU, Draft, fit
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.locking import locked
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.options import Option, fit_options
from checkout_app.catalog.products import holders, write_price
from checkout_app.catalog.service import Offer
from checkout_app.catalog.window import slug_of
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject

VARIED: Final = "product_varied"
"""What the journal calls it that there is something else to choose of a product."""

_OF_PRODUCT: Final = Statement[tuple[Product, Variant]](
    select(Product, Variant)
    .join(Variant, col(Variant.product_id) == col(Product.id))
    .where(Product.id == bindparam("product"))
    .order_by(col(Variant.position))
)
_OF_VARIANT: Final = ("amount", "stock", "sku")
_Wrong = dict[str, str]
_Values = tuple[str, ...]


class Wanted(TypedDict, total=False):
    """What is said of a combination of values; what is not said stays, or is as with the first variant, but for stock.

    An `id` lets that variant be the combination from now on, as when a value is called something else.
    """

    values: Sequence[str]
    id: str
    amount: int
    stock: int | None
    sku: str
    on_sale: bool


@dataclass(slots=True)
class _Plan:
    """What is to become of a variant; `said_at` is how the fields begin in which it was said."""

    variant: Variant
    values: _Values
    is_new: bool
    on_sale: bool
    said: Draft
    said_at: str


async def of_product(session: Session, product_id: str) -> tuple[Product, Sequence[Variant]]:
    """Return a product with all of its variants, those first that can be chosen; raises ProductNotFound."""
    found = (await session.exec(_OF_PRODUCT, product=product_id)).all()
    if not found:
        raise ProductNotFound("We can't find this product.")
    return found[0][0], [variant for _, variant in found]


async def put(
    session: Session, product_id: str, options: Sequence[Option], wanted: Sequence[Wanted], by: Actor
) -> tuple[Product, Sequence[Variant]]:
    """Let a product come in all combinations of these options, as is said of some; without options it is a single one.

    What is there goes on: where an option is new, it has its first value. What is no combination any more is hidden.
    Raises ProductNotFound, and InvalidInput with all that is wrong.
    """
    first = await locked(session, product_id)
    _, there = await of_product(session, product_id)
    fitting, wrong = fit_options(options)
    if wrong:
        raise InvalidInput(wrong)
    plans, wrong = _plans(first.variant, there, fitting, wanted)
    wrong |= await _name(session, first.variant, plans)
    if not wrong and not any(plan.on_sale for plan in plans):
        wrong["variants"] = "One of them is on sale at least: take the product off sale to hide them all."
    if wrong:
        raise InvalidInput(wrong)
    before = _shown(there)
    first.product.options = [option.name for option in fitting]
    variants = await _arrange(session, there, plans)
    for plan in plans:
        await _write(session, Offer(first.product, plan.variant), plan, by)
    if before != _shown(variants):
        await _tell(session, first.product, variants, by)
    return first.product, variants


async def put_alike(session: Session, product_id: str, copy: Offer, by: Actor) -> None:
    """Let a copy of a product come in the same variants, at the same prices, of which there is none yet."""
    product, variants = await of_product(session, product_id)
    if not product.options:
        return
    shown = {tuple(variant.option_values): variant.amount for variant in variants if variant.on_sale}
    options = offered(product, variants)
    wanted = [
        Wanted(values=values, amount=shown[values]) if values in shown else Wanted(values=values, on_sale=False)
        for values in combined(*(option.values for option in options))
    ]
    await put(session, copy.product.id, options, wanted, by)


def offered(product: Product, variants: Sequence[Variant]) -> list[Option]:
    """Return in what the variants of a product differ that can be chosen, each value where it comes first."""
    shown = [variant.option_values for variant in variants if variant.on_sale]
    return [
        Option(name, list(dict.fromkeys(values[place] for values in shown)))
        for place, name in enumerate(product.options)
    ]


def _plans(
    first: Variant, there: Sequence[Variant], options: Sequence[Option], wanted: Sequence[Wanted]
) -> tuple[list[_Plan], _Wrong]:
    """Plan a variant for each combination that there is to be, and tell what is wrong with what is said of them."""
    combinations = list(combined(*(option.values for option in options)))
    told, wrong = _told(there, combinations, wanted)
    free = {variant.id: variant for variant in there}
    left_out = _left_out(there, combinations)
    claimed = {values: free.pop(one["id"]) for values, (_, one) in told.items() if one.get("id") in free}
    plans: list[_Plan] = []
    for values in combinations:
        field, one = told.get(values, ("", Wanted()))
        known = claimed.get(values) or next(_fitting(free.values(), values, options), None)
        on_sale = one.get("on_sale", bool(one) or values not in left_out)
        if known is None and not on_sale:
            continue
        if known:
            free.pop(known.id, None)
        variant = known or _new(first, values)
        draft, unfit = fit(cast("Draft", {name: said for name, said in one.items() if name in _OF_VARIANT}))
        if known and (few := too_few(known, draft.get("stock"))):
            unfit["stock"] = few
        wrong |= {f"{field}{name}": sentence for name, sentence in unfit.items()}
        plans.append(_Plan(variant, values, known is None, on_sale, draft, field))
    return plans, wrong


def _told(
    there: Sequence[Variant], combinations: Sequence[_Values], wanted: Sequence[Wanted]
) -> tuple[dict[_Values, tuple[str, Wanted]], _Wrong]:
    """Sort out what is said of which combination, with how its fields begin, and what can't be meant."""
    said: dict[_Values, tuple[str, Wanted]] = {}
    wrong: _Wrong = {}
    ids = {variant.id for variant in there}
    for place, one in enumerate(wanted):
        field, values = f"variants.{place}.", tuple(one.get("values", ()))
        if values not in combinations:
            wrong[f"{field}values"] = "This is none of the combinations."
        elif values in said:
            wrong[f"{field}values"] = "Something is said of this combination already."
        elif "id" in one and one["id"] not in ids:
            wrong[f"{field}id"] = "This is none of the product's variants, or another combination is to be it."
        else:
            ids.discard(one.get("id", ""))
            said[values] = (field, one)
    return said, wrong


def _fitting(free: Iterable[Variant], values: _Values, options: Sequence[Option]) -> Iterator[Variant]:
    """Find what is the combination already: it has its values, and of options that are new or gone the first."""
    firsts = tuple(option.values[0] for option in options)
    for variant in free:
        shared = min(len(variant.option_values), len(values))
        if tuple(variant.option_values[:shared]) == values[:shared] and values[shared:] == firsts[shared:]:
            yield variant


def _left_out(there: Sequence[Variant], combinations: Iterable[_Values]) -> set[_Values]:
    """Return the combinations of values that can all be chosen, but not together: they stay out until it is said."""
    shown = {tuple(variant.option_values) for variant in there if variant.on_sale}
    offered = [set(values) for values in zip(*shown, strict=True)]
    return {
        values
        for values in combinations
        if values not in shown
        and len(values) == len(offered)
        and all(value in of for value, of in zip(values, offered, strict=True))
    }


def _new(first: Variant, values: _Values) -> Variant:
    """Make a variant like the first, of which there is none yet."""
    alike = ("product_id", "amount", "currency", "tax_rate", "next_tax_rate", "next_tax_from", "hsn", "weight")
    rest = {name: getattr(first, name) for name in alike}
    return Variant(**rest, sku="", option_values=list(values), on_hand=None if first.on_hand is None else 0)


def sku_of(first: Variant, values: Sequence[str]) -> str:
    """Return the SKU that is made of that of the first variant and some values; nothing where that is none."""
    made = f"{first.sku}-{slug_of(' '.join(values))}"
    return made if made.isascii() and len(made) <= LONGEST_SKU else ""


async def _name(session: Session, first: Variant, plans: Sequence[_Plan]) -> _Wrong:
    """Let each new variant have a SKU, made of its values where none is said, and tell which are another's."""
    wrong: _Wrong = {}
    for plan in plans:
        if plan.is_new and "sku" not in plan.said:
            plan.variant.sku = sku_of(first, plan.values) or plan.variant.id
    skus = [plan.said.get("sku", plan.variant.sku) for plan in plans]
    own = {plan.variant.id for plan in plans}
    found = await holders(session, skus)
    others = {sku: holder.name for sku, holder in found.items() if holder.variant_id not in own}
    others |= {plan.variant.sku: "Another one" for plan in plans if not plan.is_new}
    for plan, sku in zip(plans, skus, strict=True):
        if sku == plan.variant.sku and not plan.is_new:
            continue
        if sku not in others:
            others[sku] = "Another one"
        elif "sku" in plan.said:
            wrong[f"{plan.said_at}sku"] = f"{others[sku]} has this SKU."
        else:
            plan.variant.sku = plan.variant.id
    return wrong


async def _arrange(session: Session, there: Sequence[Variant], plans: Sequence[_Plan]) -> Sequence[Variant]:
    """Let variants be what is planned and stand in that order, those that are hidden last, and return all of them.

    Those that move step aside first, since no two may be in one place.
    """
    planned = {plan.variant.id for plan in plans}
    for plan in plans:
        plan.variant.option_values, plan.variant.on_sale = list(plan.values), plan.on_sale
    others = [variant for variant in there if variant.id not in planned]
    for variant in others:
        variant.on_sale = False
    in_order = sorted([*(plan.variant for plan in plans), *others], key=lambda variant: not variant.on_sale)
    places = {variant.id: place for place, variant in enumerate(in_order, start=1)}
    for variant in there:
        if variant.position != places[variant.id]:
            variant.position = -places[variant.id]
    await session.flush()
    for variant in in_order:
        variant.position = places[variant.id]
    return in_order


async def _write(session: Session, offer: Offer, plan: _Plan, by: Actor) -> None:
    variant, said = plan.variant, plan.said
    variant.sku = said.get("sku", variant.sku)
    if plan.is_new:
        variant.amount, variant.on_hand = said.get("amount", variant.amount), said.get("stock", variant.on_hand)
        session.add(variant)
        return
    await write_price(session, offer, said.get("amount", variant.amount), by)
    await write_stock(session, offer, said.get("stock", variant.on_hand), Why.COUNTED, by)


def _shown(variants: Sequence[Variant]) -> list[list[str]]:
    return [variant.option_values for variant in variants if variant.on_sale]


async def _tell(session: Session, product: Product, variants: Sequence[Variant], by: Actor) -> None:
    several = f"{len(_shown(variants))} variants, by {' and '.join(product.options)}"
    how = several if product.options else "a single thing"
    await journal.record(session, Subject.PRODUCT, product.id, VARIED, by, name=product.name, how=how)
