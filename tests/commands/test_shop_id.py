"""Which shop this is, the database and the settings both know: neither is missed, and neither taken for another's."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands.conftest import connected
from tests.migrations.test_migrations import _alembic
from tests.support.processes import operate
from tests.support.shops import KEY_ID, KEY_SECRET

_THREE_WAYS = ("`restore`", "`recover`", "`new-shop`")


@pytest.fixture
def own_keys(development: Mapping[str, str], empty_database_url: str) -> Mapping[str, str]:
    """The settings of a shop that is being developed with keys of Razorpay's."""
    keys = {"RAZORPAY_KEY_ID": KEY_ID, "RAZORPAY_KEY_SECRET": KEY_SECRET}
    return {**development, **keys, "DATABASE_URL": empty_database_url}


def _in_database(url: str) -> str:
    with connected(url) as connection:
        return str(connection.exec_driver_sql("SELECT shop_id FROM sellers").scalar_one())


def _kept(settings: Mapping[str, str]) -> str:
    return str(json.loads((Path(settings["DATA_DIR"]) / "secrets.json").read_text())["shop_id"])


def _lose(url: str) -> None:
    """Empty a database, as somebody does who makes it anew."""
    with connected(url) as connection:
        if connection.dialect.name == "sqlite":
            Path(url.removeprefix("sqlite:///")).unlink()
        else:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")


def test_the_first_migration_makes_an_id_that_stays(own_keys: Mapping[str, str]) -> None:
    done = operate(own_keys, "migrate")
    assert done.returncode == 0, done.stderr
    made = _in_database(own_keys["DATABASE_URL"])
    assert f"This is the shop {made}\n" in done.stdout
    assert _kept(own_keys) == made
    assert operate(own_keys, "migrate").returncode == 0
    assert (_in_database(own_keys["DATABASE_URL"]), _kept(own_keys)) == (made, made)


@pytest.mark.parametrize("command", ["migrate", "run", "check"])
def test_a_lost_database_is_no_new_shop(own_keys: Mapping[str, str], command: str) -> None:
    operate(own_keys, "migrate")
    made = _kept(own_keys)
    _lose(own_keys["DATABASE_URL"])
    done = operate(own_keys, command)
    assert (done.returncode, done.stderr.startswith(f"The shop {made} is known (SHOP_ID), but ")) == (3, True)
    assert all(way in done.stderr for way in _THREE_WAYS)
    assert operate(own_keys, "check").returncode == 3


def test_a_new_shop_is_begun_only_when_asked_for_and_has_another_id(own_keys: Mapping[str, str]) -> None:
    operate(own_keys, "migrate")
    before = _kept(own_keys)
    refused = operate(own_keys, "new-shop")
    assert (refused.returncode, "There is a shop in " in refused.stderr) == (3, True)
    assert _kept(own_keys) == before
    _lose(own_keys["DATABASE_URL"])
    assert operate(own_keys, "new-shop").returncode == 0
    assert _kept(own_keys) == _in_database(own_keys["DATABASE_URL"]) != before


def test_another_shops_database_is_refused(own_keys: Mapping[str, str]) -> None:
    operate(own_keys, "migrate")
    done = operate({**own_keys, "SHOP_ID": "another-shop"}, "check")
    assert done.returncode == 2
    assert f"holds the shop {_kept(own_keys)}, and SHOP_ID says another-shop." in done.stderr
    assert operate({**own_keys, "SHOP_ID": "another-shop"}, "migrate").returncode == 2


def test_where_nobody_keeps_it_the_database_tells_and_the_operator_is_asked_to(
    live: Mapping[str, str], empty_database_url: str
) -> None:
    settings = {**live, "DATABASE_URL": empty_database_url}
    done = operate(settings, "migrate")
    made = _in_database(empty_database_url)
    assert f"put SHOP_ID={made} into its environment" in done.stdout
    kept = {**settings, "SHOP_ID": made}
    again = operate(kept, "migrate")
    assert (again.returncode, "into its environment" in again.stdout) == (0, False)
    _lose(empty_database_url)
    assert operate(kept, "migrate").returncode == 3
    assert operate(kept, "new-shop").returncode == 0
    assert _in_database(empty_database_url) == made


def test_with_the_sandbox_databases_come_and_go(development: Mapping[str, str], tmp_path: Path) -> None:
    assert operate(development, "migrate").returncode == 0
    before = _kept(development)
    (tmp_path / "shop.db").rename(tmp_path / "moved.db")
    assert operate(development, "migrate").returncode == 0
    assert _kept(development) == _in_database(f"sqlite:///{tmp_path / 'shop.db'}") != before
    (tmp_path / "moved.db").rename(tmp_path / "shop.db")
    assert operate(development, "tax-scheme", "regular").returncode == 0
    assert _kept(development) == before


@pytest.mark.parametrize("given", ["", "given-shop"])
def test_an_older_shop_gets_its_id_when_it_is_migrated(own_keys: Mapping[str, str], tmp_path: Path, given: str) -> None:
    url = own_keys["DATABASE_URL"]
    _alembic(url, tmp_path, "upgrade", "0006")
    with connected(url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO sellers (id, created_at, tax_scheme) VALUES ('seller', '2026-01-01 00:00:00', 'composition')"
        )
    done = operate({**own_keys, "SHOP_ID": given}, "migrate")
    assert done.returncode == 0, done.stderr
    with connected(url) as connection:
        [row] = connection.exec_driver_sql("SELECT shop_id, tax_scheme FROM sellers").all()
    assert row == (given or _kept(own_keys), "composition")
