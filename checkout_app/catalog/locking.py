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
_VARIANTS: Final = Statement[str](select(Variant.id).where(col(Variant.product_id) == bindparam("id")))


async def one(session: Session, product_id: str) -> Offer:
    """Return a product, on sale or not, with the variant that it is bought as; raises ProductNotFound."""
    found = (await session.exec(_ONE, id=product_id)).one_or_none()
    if found is None:
        raise ProductNotFound("We can't find this product.")
    return Offer(*found)


async def locked(session: Session, product_id: str) -> Offer:
    """Return it likewise, with all of its variants locked."""
    offer = await one(session, product_id)
    await database.lock(session, Variant, (await session.exec(_VARIANTS, id=product_id)).all())
    return offer
