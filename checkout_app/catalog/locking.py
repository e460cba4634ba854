"""A product that nobody else changes meanwhile."""

from typing import Final

from sqlmodel import bindparam, col, select

from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import EVERYTHING, Offer
from checkout_app.core import database
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement

_ONE: Final = Statement[tuple[Product, Variant]](EVERYTHING.where(Product.id == bindparam("id")))
_NAMED: Final = Statement[tuple[Product, Variant]](
    select(Product, Variant)
    .join(Variant, col(Variant.product_id) == col(Product.id))
    .where(Product.id == bindparam("id"), Variant.id == bindparam("variant"))
)
_VARIANTS: Final = Statement[str](select(Variant.id).where(col(Variant.product_id) == bindparam("id")))


async def one(session: Session, product_id: str, variant_id: str | None = None) -> Offer:
    """Return a product, on sale or not, with a variant of it, the first unless one is named; raises ProductNotFound."""
    if variant_id is None:
        found = (await session.exec(_ONE, id=product_id)).one_or_none()
    else:
        found = (await session.exec(_NAMED, id=product_id, variant=variant_id)).one_or_none()
    if found is None:
        raise ProductNotFound("We can't find this product.")
    return Offer(*found)


async def locked(session: Session, product_id: str, variant_id: str | None = None) -> Offer:
    """Return it likewise, with all of its variants locked."""
    offer = await one(session, product_id, variant_id)
    await database.lock(session, Variant, (await session.exec(_VARIANTS, id=product_id)).all())
    return offer
