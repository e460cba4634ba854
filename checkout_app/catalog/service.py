"""Look at what is for sale, and keep count of what is left."""

from collections.abc import Iterable, Mapping

from sqlmodel import col, func, or_, select, tuple_, update
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.catalog.errors import OutOfStock, ProductNotFound
from checkout_app.catalog.models import Product
from checkout_app.core.errors import InvalidInput
from checkout_app.core.pagination import Page, page_of

LONGEST_QUERY = 80


async def list_products(
    session: AsyncSession, *, query: str = "", category: str = "", cursor: str | None = None, limit: int = 20
) -> Page[Product]:
    """List what is on sale in the shop window's order; `query` looks in names and summaries, any case."""
    statement = select(Product).where(col(Product.on_sale)).order_by(col(Product.position), col(Product.id))
    if query:
        pattern = "%" + query[:LONGEST_QUERY].replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        fields = (col(Product.name), col(Product.summary), col(Product.category))
        statement = statement.where(or_(*(field.ilike(pattern, escape="\\") for field in fields)))
    if category:
        statement = statement.where(Product.category == category)
    if cursor:
        statement = statement.where(tuple_(col(Product.position), col(Product.id)) > tuple_(*_place(cursor)))
    rows = (await session.exec(statement.limit(limit + 1))).all()
    return page_of(rows, limit, [f"{row.position}.{row.id}" for row in rows])


async def get_product(session: AsyncSession, id_or_slug: str) -> Product:
    """Find one product on sale by its id or its slug; raises ProductNotFound."""
    statement = select(Product).where(or_(Product.id == id_or_slug, Product.slug == id_or_slug), col(Product.on_sale))
    product = (await session.exec(statement)).one_or_none()
    if product is None:
        raise ProductNotFound
    return product


async def categories(session: AsyncSession) -> list[str]:
    """Return the categories that have something on sale, in the shop window's order."""
    statement = (
        select(Product.category)
        .where(col(Product.on_sale))
        .group_by(col(Product.category))
        .order_by(func.min(Product.position))
    )
    return list((await session.exec(statement)).all())


def availability(product: Product) -> str:
    """Say in words how much is left."""
    match product.available:
        case None:
            return "Always available" if product.digital else "In stock"
        case 0:
            return f"Sold out, back in {product.back_in}" if product.back_in else "Sold out"
        case 1:
            return "Last one"
        case left:
            return f"{left} left"


async def hold(session: AsyncSession, wanted: Mapping[str, int]) -> None:
    """Promise units to an order: `wanted` maps product ids to quantities. Raises OutOfStock.

    One guarded update a product, in sorted order: two buyers of the same last unit can't both pass.
    """
    for product_id, quantity in sorted(wanted.items()):
        enough = or_(col(Product.on_hand).is_(None), col(Product.on_hand) - col(Product.held) >= quantity)
        if not await _move(session, product_id, enough, held=col(Product.held) + quantity):
            product = await session.get_one(Product, product_id, populate_existing=True)
            raise OutOfStock(product.name, product.available or 0)


async def release(session: AsyncSession, held: Mapping[str, int]) -> None:
    """Give promised units back to the shelf."""
    for product_id, quantity in sorted(held.items()):
        await _move(session, product_id, held=col(Product.held) - quantity)


async def sell(session: AsyncSession, held: Mapping[str, int]) -> None:
    """Turn promised units into sold ones."""
    for product_id, quantity in sorted(held.items()):
        await _move(session, product_id, held=col(Product.held) - quantity, on_hand=col(Product.on_hand) - quantity)


async def _move(session: AsyncSession, product_id: str, *guards: object, **changes: object) -> bool:
    statement = update(Product).where(col(Product.id) == product_id, *guards).values(**changes)  # type: ignore[arg-type]
    result = await session.exec(statement.execution_options(synchronize_session=False))
    return result.rowcount == 1


def _place(cursor: str) -> tuple[int, str]:
    position, _, product_id = cursor.partition(".")
    if not (position.isascii() and position.isdigit() and len(position) < 10 and product_id):  # noqa: PLR2004 - fits an integer
        raise InvalidInput({"cursor": "This is not a cursor we gave out."})
    return int(position), product_id


async def products_by_id(session: AsyncSession, ids: Iterable[str]) -> dict[str, Product]:
    """Fetch several products on sale at once, by id or slug; the answer is keyed by what was asked for."""
    asked = set(ids)
    statement = select(Product).where(
        or_(col(Product.id).in_(asked), col(Product.slug).in_(asked)), col(Product.on_sale)
    )
    found: dict[str, Product] = {}
    for product in (await session.exec(statement)).all():
        found |= {name: product for name in (product.id, product.slug) if name in asked}
    return found
