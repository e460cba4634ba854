"""What is on the pages of products, by their addresses."""

from dataclasses import asdict
from typing import Final

from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import NotPermitted
from checkout_app.auth.tokens import Identity
from checkout_app.catalog import variants
from checkout_app.catalog.files import newest
from checkout_app.core import database, ids
from checkout_app.journal.audit import newest_about
from checkout_app.journal.models import Subject
from checkout_app.merchant.desk import Asked, first
from checkout_app.merchant.products.listing import list_products
from checkout_app.merchant.products.usual import usual
from checkout_app.merchant.products.views import NEW, PRODUCTS, new_view, one_view, products_view
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page

_MOST_PAST: Final = 30


async def products(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return the table of products, the form of a new one or one of them; None for the path of anything else.

    Raises ProductNotFound, NotPermitted, InvalidInput.
    """
    if path == PRODUCTS:
        return await _table(asked, person)
    if path == NEW:
        return await _new(person)
    folder, _, name = path.rpartition("/")
    if folder == PRODUCTS and name.isascii() and name.isalnum() and len(name) <= ids.ID_LENGTH:
        return await _one(name, person)
    return None


async def _table(asked: Asked, person: Identity) -> Content:
    search, cursor = first(asked, "search"), first(asked, "cursor")
    page = await list_products(search=search, cursor=cursor or None)
    shown = products_view(person, search, cursor, page)
    return own_page(PRODUCTS, "Products", asdict(shown), await presentation())


async def _new(person: Identity) -> Content:
    if not Caller.OWNER.admits(person.role):
        raise NotPermitted
    return own_page(NEW, "A new product", asdict(new_view(person, await usual())), await presentation())


async def _one(product_id: str, person: Identity) -> Content:
    async with database.ask() as session:
        product, its = await variants.of_product(session, product_id)
    async with database.ask() as session:
        file = await newest(session, product_id)
    past = await newest_about(Subject.PRODUCT, product_id, _MOST_PAST)
    shown = one_view(person, product, its, file, await usual(), past)
    return own_page(f"{PRODUCTS}/-", product.name, asdict(shown), await presentation())
