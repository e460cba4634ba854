"""A product together with what its seller says of every sale."""

from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import NAMED, ON_SALE, Offer
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.seller.service import TERMS, Terms

OFFERED = Statement[tuple[Product, Variant, str, str, str]](ON_SALE.add_columns(*TERMS).where(NAMED))
"""Finds one product by its id or its slug, `name`: what an `Offer` is made of, and then `Terms`, all of one moment."""


async def look_at(session: Session, id_or_slug: str) -> tuple[Offer, Terms]:
    """Find one product on sale by its id or its slug, and what its seller says now; raises ProductNotFound."""
    found = (await session.exec(OFFERED, name=id_or_slug)).one_or_none()
    if found is None:
        raise ProductNotFound
    product, variant, *terms = found
    return Offer(product, variant), Terms(*terms)
