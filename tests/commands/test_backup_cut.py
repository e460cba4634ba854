"""A power cut or a full disk, wherever it comes: a backup is whole, and the shop is what it was or was to be."""

import gzip
import itertools
import os
import resource
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from checkout_app.server.backups import archive
from tests.commands.conftest import ON_SQLITE, Place
from tests.support.processes import ROOT, inherited, run

CUT = "tests/support/cut.py"
LENGTHS = ("", "1000")
"""Where a command is cut: before the change, and in the middle of writing what follows."""
LESS_THAN_THE_COPY = {"shop.db": 100_000, "shop.dump": 10_000}
MOST = 30
"""More places than any command has."""


def _cuts(place: Place, *command: str) -> Iterator[int]:
    """Cut a command short at one place after the other, until it has come through; yields the place each time."""
    for number, length in itertools.product(range(1, MOST), LENGTHS):
        done = run([CUT, str(number), length, *command], place.settings)
        if done.returncode == 0 and not length:
            return
        yield number
    raise AssertionError(f"{command} never came through: {done.stderr}")


def test_a_backup_is_whole_or_not_there(place: Place) -> None:
    cuts = set[int]()
    for cut in _cuts(place, "backup"):
        cuts.add(cut)
        for backup in place.backups.glob("shop-*"):
            with archive.opened(backup) as members:
                assert all(content.read() for _, content in members)
    assert len(cuts) >= 6
    for whole in place.backups.glob("shop-*"):
        place.do("restore", str(whole), "--replace")
        place.take_kept()
    assert (place.scheme, place.unfinished) == ("unregistered", [])


def test_a_shop_is_the_old_one_or_the_restored_one_and_the_old_one_is_never_lost(place: Place) -> None:
    backup = place.back_up()
    place.do("tax-scheme", "composition")
    cuts = set[int]()
    for cut in _cuts(place, "restore", str(backup), "--replace"):
        cuts.add(cut)
        scheme, kept = place.scheme, place.take_kept()
        assert scheme == "composition" or (scheme, kept) == ("unregistered", ["composition"])
        if scheme != "composition":
            place.do("tax-scheme", "composition")
    assert len(cuts) >= 4
    assert (place.scheme, place.take_kept(), place.unfinished) == ("unregistered", ["composition"], [])


def test_on_a_full_disk_nothing_is_left_and_the_shop_stays_as_it_is(place: Place) -> None:
    backup = place.back_up()
    place.do("tax-scheme", "composition")
    for command in (("backup",), ("restore", str(backup), "--replace")):
        done = _on_a_full_disk(place, *command)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert (place.scheme, place.take_kept(), place.unfinished) == ("composition", [], [])
    assert list(place.backups.glob("shop-*")) == [backup]


@ON_SQLITE
def test_a_disk_that_would_be_full_is_not_filled(place: Place, tmp_path: Path) -> None:
    backup, file = place.back_up(), tmp_path / "shop.db"
    os.truncate(file, shutil.disk_usage(tmp_path).free)  # which takes no room, and a copy would
    assert place.refuse("backup").startswith(f"There is no room in {place.backups}: ")
    info = tarfile.TarInfo(place.member)
    info.size = 10**15
    backup.write_bytes(gzip.compress(info.tobuf()))  # only said to be so large
    assert place.refuse("restore", str(backup), "--replace").startswith(f"There is no room in {tmp_path}: ")


def _on_a_full_disk(place: Place, *command: str) -> subprocess.CompletedProcess[str]:
    """Carry out a command whose files can't grow: what a full disk does to a process, and to no other."""
    room = LESS_THAN_THE_COPY[place.member]
    return subprocess.run(
        [sys.executable, "-m", "checkout_app.cli", *command],
        cwd=ROOT,
        # Python itself would leave half a compiled module behind, and everybody after it would stumble over that.
        env={**inherited(), **place.settings, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        capture_output=True,
        text=True,
        check=False,
    )
