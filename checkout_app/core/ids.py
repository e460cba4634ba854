"""Public ids: random, sortable by time, primary keys. And order numbers, which people read to each other."""

import secrets
from datetime import datetime

from ulid import ULID

ID_LENGTH = 26
NUMBER_LENGTH = 9
LAST_ID = "Z" * ID_LENGTH
"""What every id sorts before, or is."""
_TIME_BYTES, _RANDOM_BYTES = 6, 10
_SPOKEN = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32, without I, L, O and U, which are heard or read as others


def new_id() -> str:
    """Return a fresh id of 26 characters; later ones sort after earlier ones, of another process to the millisecond."""
    return str(ULID())


def first_of(moment: datetime) -> str:
    """Return what no id of a moment or later sorts before, and every id from before it does, to the millisecond."""
    return str(ULID.from_bytes(int(moment.timestamp() * 1000).to_bytes(_TIME_BYTES) + bytes(_RANDOM_BYTES)))


def new_number() -> str:
    """Return a number to try for an order, such as `7F3K-9Q2D`; the database keeps two orders from having the same."""
    drawn = _spoken(secrets.token_bytes(NUMBER_LENGTH - 1))
    return f"{drawn[:4]}-{drawn[4:]}"


def code_of(drawn: bytes) -> str:
    """Return what people write down and type of ten bytes that nobody can guess, such as `7F3K9-Q2DXM`."""
    said = _spoken(drawn)
    return f"{said[:5]}-{said[5:]}"


def _spoken(drawn: bytes) -> str:
    return "".join(_SPOKEN[byte % len(_SPOKEN)] for byte in drawn)
