"""More connections than the database allows are refused at start, in words that name the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from checkout_app.core import room
from checkout_app.core.settings import SettingsError
from tests.support.databases import empty_postgresql
from tests.support.inside import settings_for
from tests.support.processes import free_port, operate

_EVERYBODY = 97
"""What a server allows of its own: 100, of which 3 are its operator's."""


@contextmanager
def _wanting(url: str, folder: Path, workers: int, pool: int) -> Iterator[None]:
    wanted = {"DATABASE_URL": url, "DATABASE_POOL": str(pool), "WEB_WORKERS": str(workers), "DATA_DIR": str(folder)}
    outside = {"REDIS_URL": "redis://127.0.0.1:9/0", "RAZORPAY_API_URL": "http://gateway.test"}
    key = {"RAZORPAY_KEY_ID": "rzp_test_TestKey0000001", "RAZORPAY_KEY_SECRET": "s" * 24}
    with pytest.MonkeyPatch.context() as patch, settings_for(patch, **wanted, **outside, **key):
        yield


@pytest.fixture(scope="module")
def hosted(postgresql: str) -> str:
    """A database of somebody who may open few connections."""
    url = empty_postgresql(postgresql, "hosted")
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CREATE ROLE clerk LOGIN CONNECTION LIMIT 10")
    return url.replace("postgresql://postgres:@", "postgresql://clerk@")


@pytest.mark.parametrize(("workers", "pool"), [(1, 97), (2, 48)])
def test_as_many_as_the_server_allows_are_taken(postgresql: str, tmp_path: Path, workers: int, pool: int) -> None:
    with _wanting(postgresql, tmp_path, workers, pool):
        room.require_room()


@pytest.mark.parametrize(("workers", "pool"), [(1, 98), (2, 49), (5, 20)])
def test_more_are_refused_in_a_sentence_that_names_the_settings(
    postgresql: str, tmp_path: Path, workers: int, pool: int
) -> None:
    with _wanting(postgresql, tmp_path, workers, pool), pytest.raises(SettingsError) as refused:
        room.require_room()
    said = str(refused.value)
    assert said.startswith(f"WEB_WORKERS ({workers}) times DATABASE_POOL ({pool}) is {workers * pool} connections")
    assert f"allows {_EVERYBODY}: lower one of them" in said


def test_the_limit_of_who_connects_counts_as_well(hosted: str, tmp_path: Path) -> None:
    with _wanting(hosted, tmp_path, 2, 5):
        room.require_room()
    with _wanting(hosted, tmp_path, 2, 6), pytest.raises(SettingsError, match="allows 10: lower one of them"):
        room.require_room()


def test_run_refuses_before_it_does_anything(postgresql: str, tmp_path: Path) -> None:
    environment = {"DATABASE_URL": postgresql, "DATABASE_POOL": "98", "DATA_DIR": str(tmp_path)}
    refused = operate({**environment, "PORT": str(free_port())}, "run")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "DATABASE_POOL (98)" in refused.stderr
