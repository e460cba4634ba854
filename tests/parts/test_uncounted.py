"""A shop that has just opened asks a PostgreSQL that has not counted its rows, and nothing may cost more for that."""

import pytest
from sqlalchemy import text

from benchmarks import shelf
from checkout_app.catalog.service import WANTED
from checkout_app.core.settings import settings
from checkout_app.core.statements import POSTGRESQL, Statement
from tests.support.databases import blocking_engine

_PAGES = 40
"""So many of its 8 KB are looked at for one of a hundred products; read once for each of them, it would be 400."""


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("inside")
def test_what_somebody_wants_is_looked_for_once() -> None:
    shelf.fill(settings().database_url)
    spelled, given = Statement[object](WANTED).written(POSTGRESQL).fill({"names": [shelf.id_of(7)]})
    values = ", ".join(f"'{value}'" for value in given)
    engine = blocking_engine(settings().database_url)
    with engine.connect() as connection:
        connection.execute(text("SET plan_cache_mode = force_generic_plan"))
        connection.exec_driver_sql(f"PREPARE wanted AS {spelled}".replace("%", "%%"))
        explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE wanted ({values})"
        [told] = connection.exec_driver_sql(explained).scalar_one()
    engine.dispose()
    assert told["Plan"]["Actual Rows"] == 1
    assert told["Plan"]["Shared Hit Blocks"] + told["Plan"]["Shared Read Blocks"] < _PAGES
