"""On PostgreSQL the server's own programs do the work: of its version, by its own door, and never with the password."""

import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands.conftest import ON_POSTGRESQL, Place, connected
from tests.support.databases import PROGRAMS
from tests.support.pooler import pooling


def _written(folder: Path, name: str, script: str) -> str:
    """Write a program; returns a PATH on which it comes first."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    return f"{folder}:{PROGRAMS}"


@ON_POSTGRESQL
def test_without_the_programs_it_is_said_what_to_install(place: Place, tmp_path: Path) -> None:
    bare = Place({**place.settings, "PATH": str(tmp_path)})
    said = bare.refuse("backup")
    assert said.startswith("The server is PostgreSQL ")
    assert said.endswith(": pg_dump of that version has to be on the PATH, where it is missing.\n")


@ON_POSTGRESQL
def test_programs_of_another_version_are_not_used(place: Place, tmp_path: Path) -> None:
    path = _written(tmp_path, "pg_restore", "echo 'pg_restore (PostgreSQL) 9.6.24'")
    said = Place({**place.settings, "PATH": path}).refuse("backup")
    assert said.endswith(" of that version has to be on the PATH, where it is pg_restore (PostgreSQL) 9.6.24.\n")


def test_what_a_program_complains_of_is_said_and_the_password_stands_in_no_command_line(
    development: Mapping[str, str], clerks_shop_url: str, tmp_path: Path
) -> None:
    real = PROGRAMS.partition(":")[0]
    path = _written(tmp_path, "pg_dump", f'echo "$@" >> {tmp_path}/heard\nexec {real}/pg_dump "$@"')
    clerks = Place({**development, "DATABASE_URL": clerks_shop_url, "PATH": path})
    said = clerks.refuse("backup")
    assert "permission denied for table " in said
    heard = (tmp_path / "heard").read_text()
    assert ("user=clerk" in heard, "hidden" in heard, "hidden" in said) == (True, False, False)


@ON_POSTGRESQL
@pytest.mark.parametrize("tables", ["", "CREATE TABLE alembic_version (version_num text)"])
def test_a_dump_without_a_shop_is_refused(place: Place, elsewhere: Place, tmp_path: Path, tables: str) -> None:
    with connected(elsewhere.url) as connection:
        connection.exec_driver_sql(tables or "SELECT 1")
    program, dump, backup = PROGRAMS.partition(":")[0], tmp_path / "dump", tmp_path / "backup.tar.gz"
    subprocess.run([f"{program}/pg_dump", "--format=custom", "--file", dump, elsewhere.url], check=True)
    with tarfile.open(backup, "w:gz") as packed:
        packed.add(dump, place.member)
    assert place.refuse("restore", str(backup), "--replace") == f"There is no shop in {backup}.\n"
    assert place.scheme == "unregistered"


@ON_POSTGRESQL
def test_behind_a_pooler_nothing_is_left_on_a_connection_that_the_shop_gets(place: Place) -> None:
    backup = place.back_up()
    with pooling(place.url) as url:
        behind = Place({**place.settings, "DATABASE_URL": url})
        for command in (("backup",), ("restore", str(backup), "--replace")):
            assert behind.refuse(*command).startswith("A pooler is between ")
