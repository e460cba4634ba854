"""The addresses of the shop's public pages."""

from urllib.parse import quote


def product_path(slug: str) -> str:
    """Return the address of a product's page."""
    return f"/product/{quote(slug)}"


def variant_path(slug: str, variant_id: str) -> str:
    """Return the address of a product's page on which one of its variants is chosen."""
    return f"{product_path(slug)}?variant={variant_id}"


def shelf_path(category: str = "", page: int = 1) -> str:
    """Return the address of a page of the shelf: of the category with this slug, or of everything."""
    path = f"/category/{quote(category)}" if category else "/"
    return f"{path}?page={page}" if page > 1 else path
