"""What is for sale, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from checkout_app.catalog import service
from checkout_app.catalog.service import Offer
from checkout_app.core import database
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.core.settings import settings

router = APIRouter(prefix="/products", tags=["catalogue"])


class ProductBody(BaseModel):
    """A product; `amount` in minor units, tax included; `available` is null for what never runs out."""

    id: str
    slug: str
    name: str
    description: str
    image_url: str
    amount: int
    currency: str
    available: int | None
    category: str
    digital: bool


class ProductPage(BaseModel):
    """Some products, and the cursor of the next ones."""

    items: list[ProductBody]
    next_cursor: str | None


@router.get("")
async def list_products(
    q: Annotated[str, Query(max_length=service.LONGEST_QUERY)] = "",
    category: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> ProductPage:
    """List what is on sale."""
    async with database.ask() as session:
        page = await service.list_products(session, query=q, category=category, cursor=cursor, limit=limit)
    return ProductPage(items=[_body(offer) for offer in page.items], next_cursor=page.next_cursor)


@router.get("/{id_or_slug}")
async def get_product(id_or_slug: str) -> ProductBody:
    """Show one product."""
    async with database.ask() as session:
        return _body(await service.get_product(session, id_or_slug))


def _body(offer: Offer) -> ProductBody:
    product, variant = offer.product, offer.variant
    return ProductBody(
        id=product.id,
        slug=product.slug,
        name=product.name,
        description=product.description,
        image_url=f"{settings().public_url}/{product.image}",
        amount=variant.amount,
        currency=variant.currency,
        available=variant.available,
        category=product.category,
        digital=product.digital,
    )
