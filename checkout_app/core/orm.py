"""What all tables share: names of constraints, ids, moments."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, event, literal
from sqlalchemy.orm import Mapper, configure_mappers
from sqlmodel import Field, Index, SQLModel, text

from checkout_app.core import clock, ids

SQLModel.metadata.naming_convention = {  # names that migrations can refer to on every database
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@cache
def _defaults(table: type[SQLModel]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell a table's columns that are something without being given: what each is, or what makes it."""
    configure_mappers()  # or a row can't be read: SQLAlchemy's own constructor would see to it
    fields = table.model_fields
    constants = {name: field.default for name, field in fields.items() if not field.is_required()}
    factories = {name: field.default_factory for name, field in fields.items() if field.default_factory}
    return {name: value for name, value in constants.items() if name not in factories}, factories


def spelled_out(value: str) -> ColumnElement[str]:
    """Write a value of ours into the statement itself, as a partial index has to see it to be of use."""
    return literal(value, literal_execute=True)


def id_field() -> Any:
    """Return the primary key of a table whose rows we name ourselves."""
    return Field(default_factory=ids.new_id, primary_key=True, max_length=ids.ID_LENGTH)


def partial_index(name: str | None, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of the few rows that meet a condition, on either database; without a name it gets the usual one.

    A question finds it by saying the condition too.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Base(SQLModel):
    """Base of every table: when the row was made.

    Its rows are what they hold and nothing else: a session of ours compares them with what it read, so none of the
    bookkeeping is done that SQLAlchemy's own would need, which costs more than the row.
    """

    created_at: datetime = Field(default_factory=clock.now)

    def __init__(self, **values: Any) -> None:
        """Make a row of what is given and what the rest is by default."""
        constants, factories = _defaults(type(self))
        row = self.__dict__
        row.update(constants)
        for name, make in factories.items():
            if name not in values:
                row[name] = make()
        row.update(values)

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep a value."""
        self.__dict__[name] = value


class _Named:
    """A column by its name in the table's class; in a row, Python finds what the row holds without asking here."""

    def __init__(self, column: Any) -> None:
        self._column = column

    def __get__(self, row: object, _table: type) -> Any:
        if row is not None:  # which does not hold it, or we would not be asked
            raise AttributeError(f"this row has no {self._column.key}")
        return self._column


@event.listens_for(Mapper, "after_mapper_constructed")
def _keep_plain(mapper: Mapper[Any], table: type[SQLModel]) -> None:
    """Take the bookkeeping out of a table's constructor and columns again, where SQLAlchemy has just put it."""
    if issubclass(table, Base):
        table.__init__ = Base.__init__  # type: ignore[method-assign]
        for column in mapper.column_attrs:
            type.__setattr__(table, column.key, _Named(getattr(table, column.key)))
