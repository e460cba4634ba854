"""A database that can't be asked ends every command in words and with status 3; it is never an empty shop."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.commands.conftest import ON_A_SHOP
from tests.support.databases import empty_sqlite, settle
from tests.support.processes import free_port, operate

ALL = (*ON_A_SHOP, ("migrate",), ("run",), ("dev",))


def _refused(done: subprocess.CompletedProcess[str], words: str, status: int = 3) -> None:
    """Assert that a command was refused with these words, in no more than two sentences, without a password."""
    assert (done.returncode, words in done.stderr, "hidden" in done.stderr) == (status, True, False), done.stderr
    assert (done.stderr.count("\n"), done.stderr.count(". ") <= 1) == (1, True), done.stderr


def test_a_file_that_was_moved_away_is_missed_and_not_made_anew(live: Mapping[str, str], tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    settle(empty_sqlite(tmp_path))
    file.rename(tmp_path / "moved.db")
    for command in (*ON_A_SHOP, ("run",), ("dev",)):
        _refused(operate(live, *command), f"There is no shop in the SQLite file {file}, which is not there.")
        assert not file.exists()
    (tmp_path / "moved.db").rename(file)
    assert operate(live, "tax-scheme", "regular").returncode == 0


def test_in_production_a_shop_is_made_by_migrating_and_by_nothing_else(
    live: Mapping[str, str], empty_database_url: str
) -> None:
    settings = {**live, "DATABASE_URL": empty_database_url}
    for command in ("run", "check"):
        refused = operate(settings, command)
        _refused(refused, "There is no shop in ")
        assert "`python -m checkout_app.cli migrate`, which makes a new, empty one." in refused.stderr
    assert operate(settings, "migrate").returncode == 0
    assert operate(settings, "tax-scheme", "regular").returncode == 0


@pytest.mark.parametrize("command", ALL, ids=lambda command: command[0])
def test_a_server_that_refuses_is_named_without_its_password(
    development: Mapping[str, str], command: tuple[str, ...]
) -> None:
    url = f"postgresql://clerk:hidden@127.0.0.1:{free_port()}/shop"
    done = operate({**development, "DATABASE_URL": url}, *command)
    _refused(done, f"Nothing can be asked of the database {url.replace(':hidden', '')}: ")
    assert "refused" in done.stderr


def test_a_wrong_password_is_refused_and_the_right_one_let_in(development: Mapping[str, str], clerks_url: str) -> None:
    wrong = {**development, "DATABASE_URL": clerks_url.replace(":hidden@", ":hiddenhidden@")}
    for command in ("check", "migrate", "run"):
        _refused(operate(wrong, command), "password authentication failed")
    right = {**development, "DATABASE_URL": clerks_url.replace("/clerk", "/no_clerk")}
    _refused(operate(right, "check"), "does not exist")


def test_a_database_that_fails_in_the_middle_of_a_command_is_said_in_words_too(
    development: Mapping[str, str], clerks_shop_url: str
) -> None:
    clerk = {**development, "DATABASE_URL": clerks_shop_url}
    _refused(operate(clerk, "appoint", "asha@example.in"), "permission denied for table users")


@pytest.mark.parametrize("command", ["check", "migrate", "run"])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(
    development: Mapping[str, str], tmp_path: Path, command: str
) -> None:
    (tmp_path / "shop.db").write_text("Not a database. " * 1000)
    _refused(operate(development, command), f"the SQLite file {tmp_path / 'shop.db'}: file is not a database")
    assert (tmp_path / "shop.db").read_text() == "Not a database. " * 1000


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "unable to open database file"),
        (f"/{'a' * 300}.db", "unable to open database file"),
        ("/file/shop.db", "can't be made: File exists"),
    ],
)
def test_a_place_where_no_file_can_be_is_refused(
    development: Mapping[str, str], tmp_path: Path, path: str, words: str
) -> None:
    (tmp_path / "file").write_text("")
    _refused(operate({**development, "DATABASE_URL": f"sqlite:///{tmp_path}{path}"}, "migrate"), words)


@pytest.mark.parametrize("url", ["sqlite:///{}", "sqlite:///file:{}?mode=rwc&uri=true"])
def test_the_file_that_is_asked_is_the_file_that_was_made_whatever_its_name(
    development: Mapping[str, str], tmp_path: Path, url: str
) -> None:
    file = tmp_path / "shops" / "10% #1 a?b.db"
    written = quote(quote(str(file))) if "uri=true" in url else quote(str(file))
    settings = {**development, "DATABASE_URL": url.format(written)}
    assert operate(settings, "tax-scheme", "regular").returncode == 3
    assert not file.parent.exists()
    assert operate(settings, "migrate").returncode == 0
    assert operate(settings, "tax-scheme", "regular").returncode == 0
    assert {path.name.removesuffix("-wal").removesuffix("-shm") for path in file.parent.iterdir()} == {file.name}


@pytest.mark.parametrize("command", ["check", "migrate", "build", "run"])
@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE_URL", "mysql://clerk:hidden@host/shop"), ("REDIS_URL", "hidden@host")]
)
def test_a_url_that_cant_work_is_wrong_usage(
    development: Mapping[str, str], command: str, name: str, value: str
) -> None:
    done = operate({**development, name: value}, command)
    assert (done.returncode, "hidden" in done.stderr) == (2, False), done.stderr
    assert done.stderr.splitlines()[0] == "The settings can't be used:"
    assert done.stderr.splitlines()[1].startswith(f"  {name}: must be like ")
    assert len(done.stderr.splitlines()) == 2
