"""A hundred products for a shop that is measured, with more of each than anybody buys."""

from sqlalchemy import text

from tests.support.databases import blocking_engine

NUMBER = 100
_MOMENT = "2026-01-01 00:00:00"


def fill(database_url: str) -> None:
    """Put the products into a shop that has none."""
    engine = blocking_engine(database_url)
    with engine.begin() as connection:
        for table, row in (("products", _product), ("variants", _variant)):
            rows = [row(number) for number in range(1, NUMBER + 1)]
            statement = f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES (:{', :'.join(rows[0])})"  # noqa: S608 - our names
            connection.execute(text(statement), rows)
    engine.dispose()


def id_of(number: int) -> str:
    """Return the id of a product, which are counted from one."""
    return f"PRODUCT{number:019d}"


def _product(number: int) -> dict[str, object]:
    return {
        "id": id_of(number),
        "created_at": _MOMENT,
        "slug": f"cups-{number}",
        "position": number,
        "name": f"Kulhad cups, set {number}",
        "category": "Table",
        "summary": "Six cups of clay.",
        "description": "Six cups, thrown by hand and fired once, for tea that tastes of rain on earth.",
        "details": "[]",
        "image": "products/kulhad-cups-set-of-six.svg",
        "image_alt": "Six cups.",
        "digital": False,
        "on_sale": True,
    }


def _variant(number: int) -> dict[str, object]:
    return {
        "id": id_of(number),
        "created_at": _MOMENT,
        "product_id": id_of(number),
        "position": 1,
        "sku": f"cups-{number}",
        "amount": 48_000 + 100 * number,
        "currency": "INR",
        "tax_rate": 1200,
        "hsn": "6912",
        "on_hand": 1_000_000,
        "held": 0,
    }
