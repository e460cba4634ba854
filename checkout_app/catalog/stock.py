"""Keep count of what is left: guarded updates in sorted order, fenced by constraints in the database.

Each takes a mapping of variant ids to units. Two buyers of the same last unit can't both pass, and two transactions
can't wait for each other.
"""

from collections.abc import Mapping

from sqlmodel import col, or_, update

from checkout_app.catalog.errors import OutOfStock
from checkout_app.catalog.models import Product, Variant
from checkout_app.core.session import Session

Units = Mapping[str, int]


async def hold(session: Session, wanted: Units) -> None:
    """Promise units to an order; raises OutOfStock."""
    for variant_id, quantity in sorted(wanted.items()):
        enough = or_(col(Variant.on_hand).is_(None), col(Variant.on_hand) - col(Variant.held) >= quantity)
        if not await _move(session, variant_id, enough, held=col(Variant.held) + quantity):
            variant = await session.get_one(Variant, variant_id, populate_existing=True)
            product = await session.get_one(Product, variant.product_id)
            raise OutOfStock(product.name, variant.available or 0)


async def release(session: Session, held: Units) -> None:
    """Give promised units back to the shelf."""
    for variant_id, quantity in sorted(held.items()):
        await _move(session, variant_id, held=col(Variant.held) - quantity)


async def commit(session: Session, held: Units) -> None:
    """Turn promised units into sold ones."""
    for variant_id, quantity in sorted(held.items()):
        await _move(session, variant_id, held=col(Variant.held) - quantity, on_hand=col(Variant.on_hand) - quantity)


async def restock(session: Session, sold: Units) -> None:
    """Put sold units back on the shelf."""
    for variant_id, quantity in sorted(sold.items()):
        await _move(session, variant_id, on_hand=col(Variant.on_hand) + quantity)


async def _move(session: Session, variant_id: str, *guards: object, **changes: object) -> bool:
    statement = update(Variant).where(col(Variant.id) == variant_id, *guards).values(**changes)  # type: ignore[arg-type]
    result = await session.exec(statement)
    return result.rowcount == 1
