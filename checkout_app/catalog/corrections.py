"""Say how many units there really are, and why that is another number than the one in the books."""

from enum import StrEnum
from types import EllipsisType
from typing import Final

from checkout_app.catalog import drafts
from checkout_app.catalog.errors import StockMoved
from checkout_app.catalog.locking import locked
from checkout_app.catalog.models import Variant
from checkout_app.catalog.service import Offer
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject

CORRECTED: Final = "stock_corrected"
"""What the journal calls it that there are more or fewer units than were written down."""


class Why(StrEnum):
    """Why there is another number of units."""

    COUNTED = "counted"
    CAME_IN = "came_in"
    FOUND = "found"
    RETURNED = "returned"
    BROKEN = "broken"
    LOST = "lost"
    GIVEN_AWAY = "given_away"


async def correct(
    product_id: str,
    stock: int | None,
    why: Why,
    by: Actor,
    *,
    seen: int | EllipsisType | None = ...,
    variant_id: str | None = None,
) -> Offer:
    """Let there be so many units of a product in the house, those that orders hold included; None never runs out.

    They are of its first variant unless another is named. `seen` is how many there were as somebody looked: where it is
    another number by now, it is left and StockMoved raised. Raises ProductNotFound, InvalidInput.
    """
    kept, wrong = drafts.fit({"stock": stock})
    async with database.write() as session:
        offer = await locked(session, product_id, variant_id)
        if not wrong and (problem := too_few(offer.variant, stock)):
            wrong["stock"] = problem
        if wrong:
            raise InvalidInput(wrong)
        if seen is not ... and seen != offer.variant.on_hand:
            raise StockMoved(in_words(seen), in_words(offer.variant.on_hand))
        await write_stock(session, offer, kept["stock"], why, by)
        return offer


async def write_stock(session: Session, offer: Offer, stock: int | None, why: Why, by: Actor) -> None:
    """Let there be so many units of a locked product, which are not `too_few`, and write that down."""
    variant = offer.variant
    if stock == variant.on_hand:
        return
    was, now = in_words(variant.on_hand), in_words(stock)
    about = (Subject.PRODUCT, offer.product.id, CORRECTED)
    await journal.record(session, *about, by, name=offer.name, why=why.value, before=was, after=now)
    variant.on_hand = stock


def too_few(variant: Variant, stock: int | None) -> str:
    """Say why there can't be so few units of a variant; nothing where there can."""
    if stock is None or stock >= variant.held:
        return ""
    return f"Orders that are not paid yet hold {variant.held}: there can't be fewer."


def in_words(stock: int | None) -> str:
    """Write a number of units; what never runs out has none."""
    return "any number" if stock is None else str(stock)
