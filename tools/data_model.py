"""Draw docs/data-model.md from the models: every table with its columns, and which row belongs to which."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Column, ForeignKey, Table
from sqlmodel import SQLModel

import checkout_app.server.api
import checkout_app.server.mails  # noqa: F401 - all tables are known then

FILE = Path(__file__).resolve().parent.parent / "docs" / "data-model.md"
_WORDS = {"AutoString": "text", "Boolean": "boolean", "Integer": "integer", "JSON": "json", "UTCDateTime": "moment"}
_HEAD = """# Data model

`make data-model` draws this from the models, where each column's meaning is. Names in the diagram are those of the
database; amounts are whole minor units, moments are UTC.

| table | model | is |
|---|---|---|
"""


def document() -> str:
    """Return the whole file."""
    tables = sorted(SQLModel.metadata.sorted_tables, key=lambda table: (_model(table).__module__, table.name))
    diagram = "\n".join(line for part in (_entity, _relations) for table in tables for line in part(table))
    return f"{_HEAD}{''.join(map(_line, tables))}\n```mermaid\nerDiagram\n{diagram}\n```\n"


def _model(table: Table) -> type[SQLModel]:
    """Return the class whose rows a table keeps."""
    mappers = SQLModel._sa_registry.mappers  # noqa: SLF001 - where SQLModel keeps them
    [model] = [mapper.class_ for mapper in mappers if mapper.local_table is table]
    return model


def _line(table: Table) -> str:
    """Say what a table is, in the first line of its model's docstring."""
    model = _model(table)
    file = f"{model.__module__.removeprefix('checkout_app.').replace('.', '/')}.py"
    said, *_ = (model.__doc__ or "").splitlines()
    return f"| `{table.name}` | `{model.__name__}` in `{file}` | {said} |\n"


def _entity(table: Table) -> Iterator[str]:
    yield f"    {table.name} {{"
    for column in table.columns:
        empty = ' "may be empty"' if column.nullable else ""
        yield f"        {_type(column)} {column.name}{_keys(column)}{empty}"
    yield "    }"


def _type(column: Column[object]) -> str:
    return _WORDS[type(column.type).__name__]


def _keys(column: Column[object]) -> str:
    """Say whether a column names its row, another's row, or is unique by itself."""
    said = {"PK": column.primary_key, "FK": bool(column.foreign_keys), "UK": column.unique}
    names = ", ".join(name for name, holds in said.items() if holds)
    return f" {names}" if names else ""


def _relations(table: Table) -> Iterator[str]:
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        yield f"    {key.column.table.name} {_cardinality(table, key)} {table.name} : {key.parent.name}"


def _cardinality(table: Table, key: ForeignKey) -> str:
    """Say how many rows of either side belong together, in Mermaid's signs."""
    column = key.parent
    one = "|o" if column.nullable else "||"
    alone = column.unique or table.primary_key.columns.keys() == [column.name]
    return f"{one}--o{'|' if alone else '{'}"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
