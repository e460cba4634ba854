"""How a database means to find what a statement asks for, and what of that it would read whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from sqlmodel import SQLModel

STAYS_SMALL: Final = frozenset(
    {
        *("products", "variants", "product_files", "sellers", "policies", "policy_answers", "delivery_zones"),
        *("complaints", "downtimes", "rounds"),
    }
)
"""Tables that may be read whole: of what is sold, by whom, how, where it is sent, of complaints, trouble and work."""
FEW_PAGES: Final = 100
"""A table of fewer is read whole by PostgreSQL whatever indexes it has, so it is asked what it would do otherwise."""
_GROW_TOO: Final = frozenset({"uq_users_account_email"})
"""Partial indexes that grow all the same: buyers have accounts."""
_THE_SAME_IN_ALL: Final = frozenset({"subject"})
"""Columns that have one value in all rows, so far."""

_INDEXES: Final = {
    "sqlite": """
        SELECT indexes.name, columns.name, partial
        FROM sqlite_schema AS tables, pragma_index_list(tables.name) AS indexes,
            pragma_index_info(indexes.name) AS columns
        WHERE tables.type = 'table' ORDER BY indexes.name, columns.seqno
    """,
    "postgresql": """
        SELECT relname, attname, indpred IS NOT NULL
        FROM pg_index JOIN pg_class ON oid = indexrelid JOIN pg_attribute ON attrelid = indexrelid
        ORDER BY relname, attnum
    """,
}
"""The columns of every index, in their order, and whether it is partial."""
_STEP: Final = re.compile(r"(SCAN|SEARCH) (\w+)(?:.* INDEX (\w+))?(.*)")
_PLACE: Final = re.compile(r"\$(\d+)")
"""A place for a value, as the shop's driver writes it."""
_SKIPPED: Final = re.compile(r"ANY\(\w+\)")


@dataclass(frozen=True)
class _Look:
    """One look into a table: by which index, if any, and what is said of the rows that are wanted."""

    table: str
    index: str | None
    condition: str


class Plans:
    """The plans of one database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._growing = {table.name for table in SQLModel.metadata.sorted_tables} - STAYS_SMALL
        self._partial: set[str] = set()
        self._leading: dict[str, str] = {}
        for index, column, partial in connection.exec_driver_sql(_INDEXES[connection.dialect.name]):
            if partial and index not in _GROW_TOO:
                self._partial.add(index)
            if column not in _THE_SAME_IN_ALL:
                self._leading.setdefault(index, column)

    def read_whole(self, statement: str, parameters: Any) -> list[str]:
        """Tell what a statement means to read from one end to the other though it grows.

        A partial index does not grow, and a list of which the beginning is asked for, without leaving anything out, is
        not read to its end.
        """
        looks = self._on_sqlite if self._connection.dialect.name == "sqlite" else self._on_postgresql
        return [
            f"{look.table} by {look.index}" for look in looks(statement, parameters) if not self._is_well_aimed(look)
        ]

    def _is_well_aimed(self, look: _Look) -> bool:
        if look.table not in self._growing or look.index in self._partial:
            return True
        return look.index is not None and self._leading[look.index] in re.findall(r"\w+", look.condition)

    def _on_sqlite(self, statement: str, parameters: Any) -> Iterator[_Look]:
        if "LIMIT" in statement and "WHERE" not in statement:
            return
        for step in self._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters)).all():
            if found := _STEP.match(step.detail):
                yield _Look(found[2], found[3], _SKIPPED.sub("", found[4]))

    def _on_postgresql(self, statement: str, parameters: Any) -> Iterator[_Look]:
        few = self._small_tables()
        named = _PLACE.sub(r"%(value\1)s", statement.replace("%", "%%"))
        given = {f"value{place}": value for place, value in enumerate(parameters, start=1)}
        for scanning in ("on", "off"):
            self._connection.exec_driver_sql(f"SET LOCAL enable_seqscan = {scanning}")
            [told] = self._connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {named}", given).scalar_one()
            for node, parent in _nodes(told["Plan"], {}):
                table, index = node.get("Relation Name") or parent.get("Relation Name"), node.get("Index Name")
                looks = node["Node Type"] == "Seq Scan" or index is not None
                ends_early = parent.get("Node Type") == "Limit" and "Filter" not in node
                if looks and not ends_early and (table in few) == (scanning == "off"):
                    yield _Look(table, index, node.get("Index Cond", ""))

    def _small_tables(self) -> set[str]:
        query = f"SELECT relname FROM pg_class WHERE relkind = 'r' AND relpages < {FEW_PAGES}"  # noqa: S608 - our figure
        return set(self._connection.exec_driver_sql(query).scalars())


def _nodes(node: Any, parent: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every step of a plan of PostgreSQL, and the one that asks for it."""
    yield node, parent
    for child in node.get("Plans", ()):
        yield from _nodes(child, node)
