"""What all tables share: names of constraints, ids, moments."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlmodel import Field, SQLModel

from checkout_app.core import clock, ids

SQLModel.metadata.naming_convention = {  # names that migrations can refer to on every database
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def spelled_out(value: str) -> ColumnElement[str]:
    """Write a value of ours into the statement itself, as a partial index has to see it to be of use."""
    return literal(value, literal_execute=True)


def id_field() -> Any:
    """Return the primary key of a table whose rows we name ourselves."""
    return Field(default_factory=ids.new_id, primary_key=True, max_length=ids.ID_LENGTH)


class Base(SQLModel):
    """Base of every table: when the row was made."""

    created_at: datetime = Field(default_factory=clock.now)
