"""A throw of which there are several: in two colours and two sizes, one of them sold out, one not made, one hidden."""

from typing import Final

from checkout_app.catalog import service as catalog
from checkout_app.catalog.models import Product, Variant
from checkout_app.core import database

SLUG: Final = "throw"
LARGE, SMALL, MADDER, HIDDEN = "Indigo / Large", "Indigo / Small", "Madder / Large", "Indigo / Vast"
"""For ₹3,250, for ₹2,950 and sold out, for ₹3,350, and not to be chosen. There is no small one in madder."""
_SHELF: Final = {LARGE: (325_000, 4), SMALL: (295_000, 0), MADDER: (335_000, 2), HIDDEN: (999_900, 9)}


async def throws() -> dict[str, str]:
    """Put them on the shelf, and return the ids of the variants by their values."""
    product = Product(
        slug=SLUG,
        name="Handloom throw",
        category="Cloth",
        summary="Kala cotton.",
        description="Woven on a pit loom.",
        image="products/throw.svg",
        image_alt="A folded throw.",
        options=["Colour", "Size"],
    )
    variants = {
        values: Variant(
            product_id=product.id,
            sku=f"THROW-{number}",
            option_values=values.split(" / "),
            amount=amount,
            on_hand=on_hand,
            on_sale=values != HIDDEN,
        )
        for number, (values, (amount, on_hand)) in enumerate(_SHELF.items(), start=1)
    }
    async with database.write() as session:
        assert await catalog.add_product(session, product, *variants.values())
    return {values: variant.id for values, variant in variants.items()}
