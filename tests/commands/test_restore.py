"""`restore`, on both databases: the shop that was backed up is there again, and what it takes the place of is kept."""

import sqlite3
import tarfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.commands.conftest import LIVE, ON_EITHER, ON_POSTGRESQL, ON_SQLITE, Place, connected
from tests.migrations.test_migrations import _alembic
from tests.support.processes import operate, running
from tests.support.shops import API_SERVER

MIGRATE = "It is older than this program: `python -m checkout_app.cli migrate` comes next\n"


@ON_EITHER
def test_a_shop_comes_back_in_another_place(place: Place, elsewhere: Place) -> None:
    backup = place.back_up()
    assert elsewhere.do("restore", str(backup)) == f"The shop is that of {backup}\n"
    assert elsewhere.scheme == "unregistered"
    elsewhere.do("tax-scheme", "regular")
    assert (elsewhere.scheme, place.scheme, elsewhere.unfinished) == ("regular", "unregistered", [])


@ON_SQLITE
def test_the_files_of_products_come_back_with_the_shop_and_take_none_away(place: Place, elsewhere: Place) -> None:
    contents = {sha256(content).hexdigest(): content for content in (b"%PDF-1.4 one", b"%PDF-1.4 two" * 100_000)}
    theirs, ours = _files_of(place), _files_of(elsewhere)
    for folder in (theirs, ours):
        folder.mkdir()
    for digest, content in contents.items():
        (theirs / digest).write_bytes(content)
    (theirs / ".unfinished-1").touch()
    (ours / ("0" * 64)).touch()
    shown, name = theirs.with_name("pictures"), f"{'1' * 64}-640.webp"
    shown.mkdir()
    (shown / name).write_bytes(b"RIFF")
    (shown / "notes.txt").touch()
    backup = place.back_up()
    elsewhere.do("restore", str(backup))
    assert {file.name: file.read_bytes() for file in ours.iterdir()} == {**contents, "0" * 64: b""}
    assert {file.stat().st_mode & 0o777 for file in ours.iterdir() if file.name in contents} == {0o600}
    with tarfile.open(backup) as packed:
        assert packed.getnames() == [
            place.member,
            *(f"files/{digest}" for digest in sorted(contents)),
            f"pictures/{name}",
        ]
    pictures = ours.with_name("pictures")
    assert {file.name: file.read_bytes() for file in pictures.iterdir()} == {name: b"RIFF"}


@ON_SQLITE
def test_a_file_that_is_not_what_its_name_says_is_no_part_of_a_shop(place: Place, tmp_path: Path) -> None:
    backup, digest = place.back_up(), "0" * 64
    with tarfile.open(backup) as packed:
        packed.extractall(tmp_path / "apart", filter="data")
    with tarfile.open(backup, "w:gz") as packed:
        packed.add(tmp_path / "apart" / place.member, place.member)
        packed.add(__file__, f"files/{digest}")
    place.do("tax-scheme", "composition")
    refused = place.refuse("restore", str(backup), "--replace")
    assert refused == f"{backup} is damaged: files/{digest} has another content than its name says.\n"
    assert (place.scheme, (_files_of(place) / digest).exists()) == ("composition", False)


def _files_of(place: Place) -> Path:
    return Path(place.settings["DATA_DIR"]) / "files"


@ON_EITHER
def test_what_is_there_is_replaced_only_when_told_to_and_kept(place: Place) -> None:
    backup = place.back_up()
    place.do("tax-scheme", "composition")
    assert place.refuse("restore", str(backup)).endswith(" already: --replace puts it aside.\n")
    assert place.scheme == "composition"
    assert "What was there before is kept: " in place.do("restore", str(backup), "--replace")
    assert (place.scheme, place.take_kept()) == ("unregistered", ["composition"])


def test_a_restored_shop_is_backed_up_and_restored_like_any(place: Place, elsewhere: Place) -> None:
    elsewhere.do("restore", str(place.back_up()))
    elsewhere.do("migrate")
    place.do("restore", str(elsewhere.back_up()), "--replace")
    assert place.scheme == "unregistered"


@ON_EITHER
def test_while_the_shop_runs_it_is_not_replaced(place: Place, tmp_path: Path) -> None:
    backup = place.back_up()
    url, log = f"http://127.0.0.1:{place.settings['PORT']}", tmp_path / "shop.log"
    with running([API_SERVER], url=url, ready="/api/products", log=log, environment=place.settings):
        assert place.refuse("restore", str(backup), "--replace").endswith(": stop the shop first.\n")
    place.do("restore", str(backup), "--replace")


def test_a_shop_of_an_older_program_comes_back_and_is_migrated_as_ever(elsewhere: Place, tmp_path: Path) -> None:
    _alembic(elsewhere.url, tmp_path, "upgrade", "0004")
    backup = elsewhere.back_up()
    assert elsewhere.do("restore", str(backup), "--replace").endswith(MIGRATE)
    elsewhere.do("migrate")
    elsewhere.do("tax-scheme", "regular")


def test_a_shop_of_a_newer_program_is_left_to_that(place: Place, elsewhere: Place) -> None:
    with connected(place.url) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    backup = place.back_up()
    assert f"The shop in {backup} is newer than this program: " in elsewhere.refuse("restore", str(backup))
    assert elsewhere.refuse("backup", status=3).startswith("There is no shop in ")


def test_the_backup_of_another_shop_is_refused(place: Place, elsewhere: Place) -> None:
    backup = place.back_up()
    another = Place({**elsewhere.settings, **LIVE, "SHOP_ID": "0123456789"})
    assert another.refuse("restore", str(backup), status=2).startswith(f"{backup} holds the shop ")
    assert elsewhere.refuse("backup", status=3).startswith("There is no shop in ")


@ON_SQLITE
@pytest.mark.parametrize("damaged", [True, False])
def test_what_is_left_of_a_lost_shop_is_kept_and_does_not_get_into_the_restored_one(
    place: Place, *, damaged: bool
) -> None:
    backup, folder = place.back_up(), Path(place.settings["DATA_DIR"])
    log = _log_of_changing_the_scheme(folder / "shop.db")
    if damaged:
        (folder / "shop.db").write_text("Not a database. " * 1000)
    else:
        (folder / "shop.db").unlink()
        (folder / "shop.db-wal").write_bytes(log)
    place.refuse("restore", str(backup))
    place.do("restore", str(backup), "--replace")
    assert place.scheme == "unregistered"
    kept = {file.name.partition("Z.db")[2]: file.read_bytes() for file in folder.glob("shop-replaced-*")}
    assert kept == ({"": b"Not a database. " * 1000} if damaged else {"-wal": log})


def _log_of_changing_the_scheme(file: Path) -> bytes:
    """Change a shop and return what is in the log beside its file before that is brought into the file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as changing:
        changing.execute("PRAGMA journal_mode=WAL")
        changing.execute("UPDATE sellers SET tax_scheme = 'composition'")
        return Path(f"{file}-wal").read_bytes()


@ON_SQLITE
def test_a_link_to_the_file_stays_one(place: Place, tmp_path: Path) -> None:
    backup, file = place.back_up(), tmp_path / "shop.db"
    (tmp_path / "disk").mkdir()
    file.rename(tmp_path / "disk" / "shop.db")
    file.symlink_to(tmp_path / "disk" / "shop.db")
    place.do("restore", str(backup), "--replace")
    assert (file.is_symlink(), place.scheme) == (True, "unregistered")
    assert len(list((tmp_path / "disk").glob("shop-replaced-*.db"))) == 1


@ON_POSTGRESQL
def test_what_fails_on_the_way_back_has_changed_nothing(place: Place) -> None:
    backup = place.back_up()
    place.do("tax-scheme", "composition")
    with connected(place.url) as connection:
        connection.exec_driver_sql("ALTER TABLE webhook_events RENAME TO was_webhook_events")
        connection.exec_driver_sql("CREATE VIEW webhook_events AS SELECT 1")  # where a table has to be
    assert '"webhook_events" already exists' in place.refuse("restore", str(backup), "--replace")
    assert (place.scheme, place.take_kept()) == ("composition", [])


@pytest.mark.parametrize("arguments", [(), ("--replace",), ("a", "b")])
def test_without_one_file_it_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert operate({}, "restore", *arguments).returncode == 2
