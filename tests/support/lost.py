"""Books that lost orders, as after a restore from a backup."""

from sqlalchemy import delete
from sqlmodel import SQLModel, update

from checkout_app.catalog.models import Variant
from checkout_app.core import database
from checkout_app.pricing.models import Coupon

_KEPT = {"users", "sessions", "products", "variants", "sellers", "delivery_zones", "coupons", "rounds"}


async def lose_orders(*, on_hand: int | None = None) -> None:
    """Forget every order and what belongs to it; of each variant so many units are on the shelf again."""
    async with database.write() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name not in _KEPT:
                await session.exec(delete(table))
        await session.exec(update(Coupon).values(used=0))
        if on_hand is not None:
            await session.exec(update(Variant).values(on_hand=on_hand, held=0))
