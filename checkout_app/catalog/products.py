"""Make and change what is for sale, by drafts. All that is wrong with one is told at once, before anything is written.

It is live at once: what pages and lists show is asked for each time. Orders that exist stay as they are.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import String
from sqlmodel import bindparam, col, or_, select

from checkout_app.catalog import picture_names, taxes
from checkout_app.catalog import service as catalog
from checkout_app.catalog.corrections import Why, too_few, write_stock
from checkout_app.catalog.drafts import GST_RATES, LONGEST_NAME, Draft, fit
from checkout_app.catalog.folders import DIGEST
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.pictures import is_kept
from checkout_app.catalog.service import Offer
from checkout_app.catalog.window import slug_of
from checkout_app.core import clock
from checkout_app.core.errors import InvalidInput
from checkout_app.core.money import format_rate
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject

MADE: Final = "product_made"
EDITED: Final = "product_edited"
PRICED: Final = "product_priced"
SHOWN: Final = "product_shown"
HIDDEN: Final = "product_hidden"
NO_PICTURE: Final = "brand/no-picture.svg"
"""What is shown of a product of which there is no picture yet."""
USUAL_RATE: Final = 1_800
"""By what goods are taxed of which nothing else is known, before the shop has any."""
_LONGEST_SLUG: Final = 70
_NEEDED: Final = {"name": "", "category": "", "amount": 0}
"""What a new product can't be without, each as nothing, which its rule refuses."""
_OF_PRODUCT: Final = ("name", "category", "summary", "description", "details", "pictures", "back_in")
_OF_VARIANT: Final = ("sku", "hsn", "weight")

_LAST_RATE: Final = Statement[int](select(Variant.tax_rate).order_by(col(Variant.id).desc()).limit(1))
_HAVE_SKUS: Final = Statement[tuple[Product, Variant]](
    select(Product, Variant)
    .join(Variant, col(Variant.product_id) == col(Product.id))
    .where(col(Variant.sku).in_(bindparam("skus", expanding=True)))
)
_TAKEN: Final = Statement[tuple[str, str]](
    select(Product.slug, Variant.sku)
    .join(Variant, col(Variant.product_id) == col(Product.id))
    .where(or_(*(col(name).like(bindparam("pattern", type_=String)) for name in (Product.slug, Variant.sku))))
)


class Holder(NamedTuple):
    """What has a SKU: a variant's id, and what it is called."""

    variant_id: str
    name: str


async def holders(session: Session, skus: Collection[str]) -> dict[str, Holder]:
    """Tell which of some SKUs variants have, and which."""
    if not skus:
        return {}
    found = await session.exec(_HAVE_SKUS, skus=list(skus))
    return {variant.sku: Holder(variant.id, product.called(variant)) for product, variant in found}


async def make(session: Session, draft: Draft, by: Actor) -> Offer:
    """Make a product with its one variant; raises InvalidInput with all that is wrong with the draft."""
    return await _make(session, await _fit(session, draft, None), by)


async def change(session: Session, offer: Offer, draft: Draft, by: Actor) -> None:
    """Change of a locked product what is said; raises InvalidInput with all that is wrong with the draft.

    Its slug stays, whatever it is called: people have its address.
    """
    kept = await _fit(session, draft, offer)
    rate = offer.variant.rate_at(clock.now())
    if kept.get("tax_rate", rate) != rate:
        await taxes.write_rate(session, offer.product.id, kept["tax_rate"], by)
    await write(session, offer, kept, by)


async def write(session: Session, offer: Offer, kept: Draft, by: Actor) -> None:
    """Let a locked product be what is kept of a draft, but for its tax rate, which all of its variants have."""
    product, variant = offer.product, offer.variant
    await write_price(session, offer, kept.get("amount", variant.amount), by)
    await write_stock(session, offer, kept.get("stock", variant.on_hand), Why.COUNTED, by)
    edited = [*_written(product, kept, _OF_PRODUCT), *_written(variant, kept, _OF_VARIANT)]
    if "pictures" in edited:
        _show_first(product)
    if edited:
        await _tell(session, product, EDITED, by, what=", ".join(edited))
    if kept.get("on_sale", product.on_sale) != product.on_sale:
        product.on_sale = kept["on_sale"]
        await _tell(session, product, SHOWN if product.on_sale else HIDDEN, by)


async def duplicate(session: Session, offer: Offer, by: Actor) -> Offer:
    """Make a product like another one, hidden, of which there is none yet."""
    product, variant = offer.product, offer.variant
    copy: dict[str, Any] = {name: getattr(product, name) for name in (*_OF_PRODUCT, "digital")}
    copy |= {name: getattr(variant, name) for name in ("amount", "hsn", "weight")}
    copy["name"] = f"{product.name[: LONGEST_NAME - 7]} (copy)"
    copy |= {"tax_rate": variant.rate_at(clock.now()), "stock": None if variant.on_hand is None else 0}
    return await _make(session, cast("Draft", copy | {"on_sale": False}), by)


def new(kept: Draft) -> Offer:
    """Return a product as a whole draft says, its tax rate included, which has neither slug nor SKU yet."""
    product = Product(
        slug="",
        name=kept["name"],
        category=kept["category"],
        summary=kept.get("summary", ""),
        description=kept.get("description", ""),
        details=kept.get("details", []),
        pictures=kept.get("pictures", []),
        image="",
        image_alt="",
        digital=kept.get("digital", False),
        on_sale=kept.get("on_sale", True),
        back_in=kept.get("back_in"),
    )
    _show_first(product)
    variant = Variant(
        product_id=product.id,
        sku="",
        amount=kept["amount"],
        tax_rate=kept["tax_rate"],
        hsn=kept.get("hsn", ""),
        weight=kept.get("weight"),
        on_hand=kept.get("stock"),
    )
    return Offer(product, variant)


async def usual_rate(session: Session) -> int:
    """Return by what a product is taxed of which nobody says it: as the last one that was made."""
    rate = (await session.exec(_LAST_RATE)).first()
    return USUAL_RATE if rate is None else rate


async def tell_made(session: Session, offer: Offer, by: Actor) -> None:
    """Write down that a product was made."""
    product, variant = offer.product, offer.variant
    await _tell(session, product, MADE, by, amount=variant.amount, currency=variant.currency)


async def _make(session: Session, kept: Draft, by: Actor) -> Offer:
    if "tax_rate" not in kept:
        kept["tax_rate"] = await usual_rate(session)
    made = new(kept)
    product, variant = made.product, made.variant
    while True:
        product.slug = await _free_slug(session, product.name)
        variant.sku = kept.get("sku") or (product.slug if product.slug.isascii() else product.id)
        if await catalog.add_product(session, product, variant):
            break  # or somebody was faster with the slug
    await tell_made(session, made, by)
    return made


async def _fit(session: Session, draft: Draft, offer: Offer | None) -> Draft:
    said = [draft["sku"].strip()] if "sku" in draft else []
    kept, wrong = checked(draft, offer, await holders(session, said))
    if wrong:
        raise InvalidInput(wrong)
    return kept


def checked(draft: Draft, offer: Offer | None, taken: Mapping[str, Holder]) -> tuple[Draft, dict[str, str]]:
    """Return what may be kept of a draft, and what is wrong by its field, by itself and beside all else there is.

    `taken` are the SKUs that variants have, of those that it names.
    """
    kept, wrong = fit(draft if offer else cast("Draft", {**_NEEDED, **draft}))
    rate = kept.get("tax_rate", 0)
    if rate not in GST_RATES and not (offer and rate == offer.variant.rate_at(clock.now())):
        wrong["tax_rate"] = f"GST is one of {', '.join(map(format_rate, GST_RATES))}."
    if offer and (few := too_few(offer.variant, kept.get("stock"))):
        wrong["stock"] = few
    if offer and kept.get("digital", offer.product.digital) != offer.product.digital:
        wrong["digital"] = "A product stays what its orders took it for: make another one."
    if not all(DIGEST.fullmatch(each["id"]) and is_kept(each["id"]) for each in kept.get("pictures", [])):
        wrong["pictures"] = "One of these pictures is not here: send it first."
    holder = taken.get(kept.get("sku", ""))
    if holder and not (offer and holder.variant_id == offer.variant.id):
        wrong["sku"] = f"{holder.name} has this SKU."
    return kept, wrong


def slug_from(name: str) -> str:
    """Return the slug that is made of a name; nothing where it has no letters."""
    return slug_of(name)[:_LONGEST_SLUG].strip("-")


async def _free_slug(session: Session, name: str) -> str:
    """Return a slug of a name that neither a product nor, as a SKU, a variant has."""
    wanted = slug_from(name) or "product"
    taken = {name for names in await session.exec(_TAKEN, pattern=f"{wanted}%") for name in names}
    number = 1
    while (slug := f"{wanted}-{number}" if number > 1 else wanted) in taken:
        number += 1
    return slug


async def write_price(session: Session, offer: Offer, amount: int, by: Actor) -> None:
    """Let a locked variant cost so much, which it may, and write that down."""
    product, variant = offer.product, offer.variant
    if amount == variant.amount:
        return
    said = {"name": offer.name, "currency": variant.currency}
    await _tell(session, product, PRICED, by, **said, before=variant.amount, after=amount)
    variant.amount = amount


def _show_first(product: Product) -> None:
    """Let the first picture of a product stand for it, by what it shows or what the product is called."""
    first = next(iter(product.pictures), None)
    product.image = picture_names.image_of(first["id"]) if first else NO_PICTURE
    product.image_alt = first["alt"] or product.name if first else ""


def _written(row: Product | Variant, kept: Draft, fields: tuple[str, ...]) -> list[str]:
    """Let a row say what is kept of these fields, and return which of them said something else before."""
    changed = {name: value for name, value in kept.items() if name in fields and value != getattr(row, name)}
    for name, value in changed.items():
        setattr(row, name, value)
    return list(changed)


async def _tell(session: Session, product: Product, kind: str, by: Actor, **data: str | int) -> None:
    await journal.record(session, Subject.PRODUCT, product.id, kind, by, **{"name": product.name, **data})
