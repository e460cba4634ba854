"""Quotes that are asked for and ordered by, in a shop that has cups and a lamp, a coupon, and charges for delivery."""

from datetime import timedelta
from typing import Any, Final

from sqlmodel import col, update

from checkout_app.auth.tokens import Claims
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core import clock, database
from checkout_app.delivery.address import Destination
from checkout_app.journal.actors import OPERATOR
from checkout_app.pricing import service as pricing
from checkout_app.pricing.models import Coupon, CouponKind, KeptQuote
from tests.support.inside import BUYER, put_on_shelf
from tests.support.zones import charge_everywhere, somewhere

CODE: Final = "DIWALI"
MYSURU: Final = somewhere()
HERE: Final = MYSURU.destination


async def open_shop() -> str:
    """Put cups and a lamp on the shelf, begin a coupon, and send everywhere for ₹50; returns the id of the cups."""
    await put_on_shelf(9, 20_000, slug="lamp", tax_rate=1200)
    await pricing.create_coupon(Coupon(code=CODE, kind=CouponKind.PERCENT, value=1000), OPERATOR)
    await charge_everywhere(5_000)
    return await put_on_shelf(9, 48_000, tax_rate=1200)


async def ask(
    *items: Item, who: Claims | None = BUYER, coupon: str = "", to: Destination | None = None, browser: str = ""
) -> KeptQuote:
    """Ask what some cost, the cups unless it is said, as the buyer unless it is said who."""
    _, kept = await checkout.quote(who, items or [Item("cups")], coupon=coupon, to=to, browser=browser)
    return kept


async def order(kept: KeptQuote, who: Claims = BUYER, **more: Any) -> PaymentOrder:
    """Order by a quote; it goes to Mysuru unless it is said where."""
    return await checkout.order_quoted(who, kept.id, **{"to": MYSURU, **more})


async def expire(kept: KeptQuote) -> None:
    """Let a quote have lasted as long as it does."""
    async with database.write() as session:
        (await session.get_one(KeptQuote, kept.id)).expires_at = clock.now() - timedelta(hours=1)


async def change(slug: str = "cups", **values: int) -> None:
    """Change what a product says of itself."""
    async with database.write() as session:
        await session.exec(update(Variant).where(col(Variant.sku) == slug).values(**values))
