"""The benchmark's floor does the shop's work on the shop's own tables, so it has to keep up with them."""

from collections.abc import Mapping

import asyncpg
import pytest

from benchmarks import floor_statements
from checkout_app.core.settings import settings

_STATEMENTS: Mapping[str, str] = {name: said for name, said in vars(floor_statements).items() if name.isupper()}


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("inside")
async def test_every_statement_of_the_floor_is_understood() -> None:
    connection = await asyncpg.connect(settings().database_url.replace("+psycopg", ""))
    wrong = {}
    for name, statement in _STATEMENTS.items():
        try:
            await connection.prepare(statement)
        except asyncpg.PostgresError as error:
            wrong[name] = str(error)
    await connection.close()
    assert wrong == {}
