"""Which URLs of databases are taken, and that the others are refused at start, without the password in them."""

from pathlib import Path

import pytest

from checkout_app.core import urls
from checkout_app.core.settings import SettingsError, settings
from tests.support.inside import settings_for


def _read(folder: Path, **values: str) -> tuple[str, str]:
    """Read the settings; the URLs of the database and of Redis."""
    with pytest.MonkeyPatch.context() as monkeypatch, settings_for(monkeypatch, DATA_DIR=str(folder), **values):
        return settings().database_url, settings().redis_url


@pytest.mark.parametrize(
    "given",
    [
        "nonsense",
        "shop.db",
        ".data/shop.db",
        "hidden@host/name",
        "sqlite:shop.db",
        "sqlite:/srv/shop.db",
        "sqlite://shop.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///.data/",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:shop?mode=memory&uri=true",
        "sqlite:///shop.db?timeout=hidden",
        "sqlite:///shop.db?timeout=1&timeout=2",
        "sqlite:///shop%00.db",
        "sqlite+pysqlite:///shop.db",
        "mysql://shop:hidden@host/name",
        "http://shop:hidden@host/name",
        "redis://shop:hidden@host:6379/0",
        "POSTGRESQL://shop:hidden@host/name",
        "postgresql+asyncpg://shop:hidden@host/name",
        "postgresql+psycopg2://shop:hidden@host/name",
        "postgres+psycopg://shop:hidden@host/name",
        "postgresql:shop:hidden@host/name",
        "postgresql://",
        "postgresql:///",
        "postgresql://shop:hidden@host:/name",
        "postgresql://shop:hidden@host:0/name",
        "postgresql://shop:hidden@host:65536/name",
        "postgresql://shop:hidden@host:hidden/name",
        "postgresql://shop:hidden@[::1/name",
        "postgresql://shop:hi@hidden@host/name",
        "postgresql://shop:hi@hidden/hidden@host/name",
        "postgresql://shop:hidden@host/na%00me",
        "postgresql://shop:hidden@host/name?pasword=hidden",
        "postgresql://shop:hidden@host/name?pgbouncer=hidden",
        "postgresql://shop:hidden@/name?host=one:hidden&host=two",
    ],
)
def test_a_database_url_that_cant_work_is_refused_without_saying_it_again(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL: must ") as refused:
        _read(tmp_path, DATABASE_URL=given)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("said", ["", "?pgbouncer=true", "?pgbouncer=false"])
def test_what_is_said_of_pgbouncer_is_ours_alone_and_no_driver_hears_it(tmp_path: Path, said: str) -> None:
    url = f"postgresql://u:p@h/d{said}"
    with pytest.MonkeyPatch.context() as patch, settings_for(patch, DATA_DIR=str(tmp_path), DATABASE_URL=url):
        assert settings().database_url == "postgresql+psycopg://u:p@h/d"
        assert settings().pgbouncer == said.endswith("true")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("sqlite:///.data/shop.db", "sqlite:///.data/shop.db"),
        ("sqlite:////srv/shop.db", "sqlite:////srv/shop.db"),
        ("sqlite+aiosqlite:////srv/shop.db?timeout=5", "sqlite:////srv/shop.db?timeout=5"),
        ("sqlite:///file:shop.db?mode=rwc&uri=true", "sqlite:///file:shop.db?mode=rwc&uri=true"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h:5432/d", "postgresql+psycopg://u:p@h:5432/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg_async://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u@h", "postgresql+psycopg://u@h"),
        ("postgresql:///d", "postgresql+psycopg:///d"),
        ("postgresql://u:p%40%2F%3A@[::1]:5432/d", "postgresql+psycopg://u:p%40%2F%3A@[::1]:5432/d"),
        ("postgresql://u:p/:?#@h/d", "postgresql+psycopg://u:p/:?#@h/d"),
        ("postgresql://u@s:p@h/d", "postgresql+psycopg://u@s:p@h/d"),
        ("postgresql://u:@/d?host=/tmp/pg", "postgresql+psycopg://u:@/d?host=/tmp/pg"),
        ("postgresql://u@/d?host=a:5432&host=b:5433", "postgresql+psycopg://u@/d?host=a:5432&host=b:5433"),
        (
            "postgresql://h/d?sslmode=require&connect_timeout=3",
            "postgresql+psycopg://h/d?sslmode=require&connect_timeout=3",
        ),
        ("postgresql:///?service=shop", "postgresql+psycopg:///?service=shop"),
    ],
)
def test_a_database_url_that_can_work_is_taken_with_the_name_of_its_driver(
    tmp_path: Path, given: str, taken: str
) -> None:
    assert _read(tmp_path, DATABASE_URL=given)[0] == taken


def test_without_a_database_url_the_file_lies_in_the_data_folder_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "10% #1 a?b"
    assert urls.sqlite_file(_read(folder, DATABASE_URL="")[0]) == folder / "shop.db"


@pytest.mark.parametrize(
    ("given", "file"),
    [
        ("sqlite:////srv/a%3Fb#c%25.db", "/srv/a?b#c%.db"),
        ("sqlite:////srv/shop.db?timeout=5", "/srv/shop.db"),
        ("sqlite:////srv/shop.db?uri=true", "/srv/shop.db"),
        ("sqlite:///file:/srv/a%253Fb.db?mode=rwc&uri=true", "/srv/a?b.db"),
        ("sqlite:///file:///srv/shop.db?uri=true", "/srv/shop.db"),
    ],
)
def test_an_sqlite_url_names_one_file(given: str, file: str) -> None:
    assert urls.sqlite_file(given) == Path(file)


@pytest.mark.parametrize(
    ("name", "opened"),
    [
        ("/srv/shop.db", "file:///srv/shop.db?mode=rw"),
        ("/srv/a?b#c%.db", "file:///srv/a%3Fb%23c%25.db?mode=rw"),
        ("file:/srv/shop.db", "file:/srv/shop.db?mode=rw"),
        ("file:/srv/shop.db?cache=shared", "file:/srv/shop.db?cache=shared&mode=rw"),
        ("file:/srv/shop.db?mode=rwc", "file:/srv/shop.db?mode=rwc&mode=rw"),
        ("file:/srv/shop.db?mode=ro", "file:/srv/shop.db?mode=ro"),
        ("file:/srv/shop.db#note", "file:/srv/shop.db?mode=rw"),
    ],
)
def test_a_file_is_opened_under_a_name_that_does_not_make_it(name: str, opened: str) -> None:
    assert urls.existing(name) == opened


@pytest.mark.parametrize(
    "given",
    [
        "nonsense",
        "host:6379",
        "http://:hidden@host:6379",
        "unix:///run/redis.sock",  # the rate limits know no sockets
        "redis+sentinel://:hidden@host:6379",
        "REDIS://:hidden@host:6379",
        "redis:host:6379",
        "redis://:hidden@host",
        "redis://:hidden@:6379",
        "redis://:hidden@host:0",
        "redis://:hidden@host:65536",
        "redis://:hid/den@host:6379",
        "redis://:hidden@one:6379,two:6379",
        "redis://:hidden@host:6379?nothing=1",
        "redis://:hidden@host:6379?socket_timeout=long",
    ],
)
def test_a_redis_url_that_cant_work_is_refused_without_saying_it_again(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match="REDIS_URL: must ") as refused:
        _read(tmp_path, REDIS_URL=given)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        "redis://",
        "redis://127.0.0.1:6379",
        "redis://[::1]:6379/0",
        "redis://user:p%2F@host:6379/1?socket_timeout=3",
        "rediss://:p@host:6380/0?ssl_cert_reqs=none",
    ],
)
def test_a_redis_url_that_can_work_is_taken_as_it_is(tmp_path: Path, given: str) -> None:
    assert _read(tmp_path, REDIS_URL=given)[1] == given
