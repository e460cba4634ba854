"""Public ids: random, sortable by time, primary keys."""

from ulid import ULID

ID_LENGTH = 26


def new_id() -> str:
    """Return a fresh id of 26 characters; later ones sort after earlier ones, to the millisecond."""
    return str(ULID())


def order_number(order_id: str) -> str:
    """Shorten an order's id to what people read to each other: `7F3K-9Q2D` (its random end)."""
    return f"{order_id[-8:-4]}-{order_id[-4:]}"
