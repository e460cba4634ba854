"""The day that it was in India at a moment, within a statement: what is added up by day is added up by the database."""

from typing import Any, Final

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from typing_extensions import override

from checkout_app.core.clock import INDIA

_AHEAD: Final = "+330 minutes"
"""By how much clocks in India are ahead, all year, for a database that knows no zones."""


class DayInIndia(FunctionElement[str]):
    """The day of a moment, such as `2026-11-28`."""

    type = String()
    inherit_cache = True

    @override
    def __init__(self, moment: Any) -> None:
        super().__init__(moment)


@compiles(DayInIndia, "sqlite")
def _on_sqlite(day: DayInIndia, compiler: SQLCompiler, **how: Any) -> str:
    return f"date({compiler.process(day.clauses, **how)}, '{_AHEAD}')"


@compiles(DayInIndia, "postgresql")
def _on_postgresql(day: DayInIndia, compiler: SQLCompiler, **how: Any) -> str:
    return f"to_char({compiler.process(day.clauses, **how)} AT TIME ZONE '{INDIA.key}', 'YYYY-MM-DD')"
