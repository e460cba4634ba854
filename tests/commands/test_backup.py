"""`backup`, on both databases: one private file that is a whole shop, wherever it is told to be."""

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.commands.conftest import ON_EITHER, ON_SQLITE, Place
from tests.support.processes import ROOT, inherited, operate


def _mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


@ON_EITHER
def test_a_backup_is_one_private_file_named_by_its_moment(place: Place) -> None:
    backup = place.back_up()
    assert {file.name for file in place.backups.iterdir()} == {".lock", backup.name}
    assert backup.match("backups/shop-????????T??????Z.tar.gz")
    assert (_mode(place.backups), _mode(backup)) == (0o700, 0o600)
    with tarfile.open(backup) as archive:
        [member] = archive.getmembers()
    assert member.name == place.member


@ON_SQLITE
@pytest.mark.parametrize("folder", ["backups", "there"])
def test_only_the_newest_stay_of_what_is_a_backup(place: Place, tmp_path: Path, folder: str) -> None:
    old = [f"shop-2026010{day}T000000Z.tar.gz" for day in range(1, 6)]
    others = ["shop-29991231T000000Z.tar.gz", "shop-20260101T000000Z.tar", "notes.txt"]
    (tmp_path / folder).mkdir()
    for name in (*old, *others):
        (tmp_path / folder / name).touch()
    place.do("backup", str(tmp_path / folder), "--keep", "3")
    left = {file.name for file in (tmp_path / folder).iterdir()} - {".lock"}
    [made] = left - {*old, *others}
    assert left == {*old[-2:], made, *others}


@ON_SQLITE
def test_it_goes_where_whoever_types_it_is(place: Place, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    environment = {**inherited(), **place.settings, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "checkout_app.cli", "backup", "there"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    [made] = (tmp_path / "there").iterdir()
    assert (done.returncode, done.stdout.startswith(f"Wrote {made}, ")) == (0, True), done.stderr


@ON_SQLITE
def test_a_folder_that_is_not_there_is_not_made(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "unmounted"
    assert place.refuse("backup", str(folder)) == f"There is no folder {folder}.\n"
    assert not folder.exists()


@pytest.mark.parametrize("number", ["0", "-1", "1001", "many"])
def test_a_number_that_cant_be_kept_is_wrong_usage(number: str) -> None:
    done = operate({}, "backup", f"--keep={number}")
    assert (done.returncode, "is no number of backups from 1 to 1000" in done.stderr) == (2, True), done.stderr


def test_where_there_is_no_shop_nothing_is_backed_up(elsewhere: Place) -> None:
    assert elsewhere.refuse("backup", status=3).startswith("There is no shop in ")
    assert not elsewhere.backups.exists()


@ON_SQLITE
def test_for_files_that_would_fill_the_disk_none_is_begun(place: Place) -> None:
    folder = Path(place.settings["DATA_DIR"]) / "files"
    folder.mkdir()
    (folder / ("0" * 64)).touch()
    os.truncate(folder / ("0" * 64), shutil.disk_usage(folder).free)  # which takes no room, and a copy would
    assert place.refuse("backup").startswith(f"There is no room in {place.backups}: ")


@ON_SQLITE
def test_two_at_once_do_not_meet(place: Place) -> None:
    backup = place.back_up()
    with (place.backups / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (("backup",), ("restore", str(backup), "--replace")):
            assert place.refuse(*command) == "A backup of this shop is being made or restored already.\n"


@ON_SQLITE
def test_a_shop_that_is_damaged_is_not_backed_up(place: Place) -> None:
    file = Path(place.settings["DATA_DIR"]) / "shop.db"
    whole = file.read_bytes()
    file.write_bytes(whole[: 20 * 4096] + b"\xff" * 4096 + whole[21 * 4096 :])
    assert "The copy of the shop is damaged: " in place.refuse("backup")
    assert [backup.name for backup in place.backups.iterdir()] == [".lock"]
