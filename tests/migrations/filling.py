"""Fill a database of revision 0002 with what the shop of that revision wrote, for migrations to carry over.

`filled_0002.json` holds the rows, `{table: [row, …]}`, in an order that foreign keys allow. The shop wrote them, acting
out every way an order can go; nothing makes them again once its code is another.

`filled_0002_expected.json` says what those rows mean. `orders` tells of each order what its API answered (status,
number, timeline, lines, payments, refunds), and what that does not show: a label, the stock, the attention, and how
many units of which product are `held` for it. Beside it, `held` sums those up for each product.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, MetaData, Table

from tests.support.databases import blocking_engine

FILLED = Path(__file__).with_name("filled_0002.json")
EXPECTED = Path(__file__).with_name("filled_0002_expected.json")


def fill(database_url: str, path: Path = FILLED) -> None:
    """Insert the rows of a file into the empty tables of a database, all of them or none.

    The tables are taken as they are found there: the models describe a later revision.
    """
    filled: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
    engine = blocking_engine(database_url)
    metadata = MetaData()
    try:
        with engine.begin() as connection:
            metadata.reflect(connection, only=list(filled))
            for name, rows in filled.items():
                table = metadata.tables[name]
                connection.execute(table.insert(), [_values(table, row) for row in rows])
    finally:
        engine.dispose()


def _values(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Turn the moments of a row, which JSON keeps as text, into moments again."""
    moments = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    return {name: datetime.fromisoformat(value) if value and name in moments else value for name, value in row.items()}
