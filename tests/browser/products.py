"""Products that appear while the shop is open: long after its pages were built."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.browser.conftest import Shop
from tests.browser.steps import CUPS

LATE: Final = "tin-whistle"


@contextmanager
def as_they_are(shop: Shop) -> Iterator[None]:
    """Let there be a product that came after the pages were built; what a block changes of others is put back."""
    put_on_sale(shop, LATE, "Tin <whistle>", position=9_000)
    variants = shop.execute("SELECT id, amount, on_hand FROM variants")
    names = shop.execute("SELECT id, name FROM products")
    yield
    for variant_id, amount, on_hand in variants:
        shop.execute("UPDATE variants SET amount = ?, on_hand = ? WHERE id = ?", amount, on_hand, variant_id)
    for product_id, name in names:
        shop.execute("UPDATE products SET name = ? WHERE id = ?", name, product_id)
    shop.execute("DELETE FROM variants WHERE id LIKE 'many-%'")
    shop.execute("DELETE FROM products WHERE id LIKE 'many-%'")


def put_on_sale(shop: Shop, slug: str, name: str, **also: object) -> None:
    """Put a product on sale that is the cups but for its name and what else is said, unless it is there already."""
    _copy(shop, "products", {"id": slug, "slug": slug, "name": name, **also}, f"slug = '{CUPS}'")
    _copy(shop, "variants", {"id": slug, "product_id": slug, "sku": slug}, f"sku = '{CUPS}'")


def change(shop: Shop, slug: str, *, amount: int, left: int, name: str) -> None:
    """Give a product another price, another stock and another name."""
    [(product_id,)] = shop.execute("SELECT id FROM products WHERE slug = ?", slug)
    shop.execute("UPDATE products SET name = ? WHERE id = ?", name, product_id)
    shop.execute("UPDATE variants SET amount = ?, on_hand = held + ? WHERE product_id = ?", amount, left, product_id)


def _copy(shop: Shop, table: str, changed: dict[str, object], which: str) -> None:
    """Put a row into a table that is another one but for some columns, unless it is there already."""
    columns = [name for _, name, *_ in shop.execute(f"PRAGMA table_info({table})")]
    kept = ", ".join(name for name in columns if name not in changed)
    shop.execute(
        f"INSERT OR IGNORE INTO {table} ({', '.join(changed)}, {kept}) "  # noqa: S608 - our own names
        f"SELECT {', '.join('?' * len(changed))}, {kept} FROM {table} WHERE {which}",
        *changed.values(),
    )
