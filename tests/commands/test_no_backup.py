"""Whatever is no backup of such a shop, or is one no more, is refused in a sentence, and what is there stays."""

import gzip
import io
import random
import sqlite3
import tarfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from checkout_app.server.backups import archive
from checkout_app.server.backups.archive import BackupError
from tests.commands.conftest import ON_SQLITE, Place

PLACES = 200
"""How many bytes of a backup are changed, one at a time."""


def _packed(file: Path, content: bytes, member: str) -> None:
    """Write an archive with something in it."""
    with tarfile.open(file, "w:gz") as packed:
        info = tarfile.TarInfo(member)
        info.size = len(content)
        packed.addfile(info, io.BytesIO(content))


def _database(tables: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(tables)
        return made.serialize()


FILES: Mapping[str, Callable[[Path], object]] = {
    "nothing": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("Not a backup. " * 1000),
    "a database": lambda file: file.write_bytes(_database("CREATE TABLE t (x)")),
    "compressed text": lambda file: file.write_bytes(gzip.compress(b"Not a backup. " * 1000)),
    "an archive of nothing": lambda file: tarfile.open(file, "w:gz").close(),
    "an archive of something else": lambda file: _packed(file, b"Hello.", "../../shop.txt"),
}
CONTENTS: Mapping[str, bytes] = {
    "nothing": b"",
    "text": b"Not a shop. " * 1000,
    "another database": _database("CREATE TABLE t (x)"),
    "a database that is no shop": _database("CREATE TABLE alembic_version (version_num)"),
}


@ON_SQLITE
@pytest.mark.parametrize("wrong", FILES)
def test_what_is_no_backup_is_refused(place: Place, tmp_path: Path, wrong: str) -> None:
    FILES[wrong](tmp_path / "backup.tar.gz")
    place.refuse("restore", str(tmp_path / "backup.tar.gz"), "--replace")
    assert place.scheme == "unregistered"


@pytest.mark.parametrize("wrong", CONTENTS)
def test_what_has_no_shop_in_it_is_refused(place: Place, tmp_path: Path, wrong: str) -> None:
    _packed(tmp_path / "backup.tar.gz", CONTENTS[wrong], place.member)
    place.refuse("restore", str(tmp_path / "backup.tar.gz"), "--replace")
    assert place.scheme == "unregistered"


def test_a_backup_of_the_other_database_is_refused(place: Place, tmp_path: Path) -> None:
    other = {"shop.db", "shop.dump"} - {place.member}
    _packed(tmp_path / "backup.tar.gz", b"", *other)
    said = place.refuse("restore", str(tmp_path / "backup.tar.gz"), "--replace")
    assert said.endswith(f" in it, and this shop can be made of {place.member} alone.\n")


@ON_SQLITE
@pytest.mark.parametrize("missing", ["nowhere.tar.gz", "."])
def test_a_file_that_cant_be_read_is_refused(place: Place, tmp_path: Path, missing: str) -> None:
    assert str(tmp_path) in place.refuse("restore", str(tmp_path / missing), "--replace")


@ON_SQLITE
@pytest.mark.parametrize("kept", [0.02, 0.5, 0.99])
def test_a_part_of_a_backup_is_refused(place: Place, kept: float) -> None:
    backup = place.back_up()
    whole = backup.read_bytes()
    backup.write_bytes(whole[: int(len(whole) * kept)])
    place.refuse("restore", str(backup), "--replace")
    assert place.scheme == "unregistered"


@ON_SQLITE
def test_one_byte_that_changed_is_found_wherever_it_is(place: Place) -> None:
    backup = place.back_up()
    whole = backup.read_bytes()
    content = _read(backup)
    chance = random.Random(0)  # noqa: S311 - nothing to guess
    places = [*range(20), *range(len(whole) - 8, len(whole)), *chance.sample(range(len(whole)), PLACES)]
    unchanged, refused = list[bool](), list[int]()
    for at in places:
        backup.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        try:
            unchanged.append(_read(backup) == content)
        except BackupError:
            refused.append(at)
    assert all(unchanged), "some bytes mean nothing, such as the time in the head"
    assert len(refused) > PLACES / 2


def _read(backup: Path) -> bytes:
    with archive.opened(backup) as members:
        return b"".join(content.read() for _, content in members)
