"""The operator's commands `backup` and `restore`: what they take, and what they say."""

import argparse
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from checkout_app.commands.words import add
from checkout_app.core.migrations import Standing
from checkout_app.core.settings import MOST_BACKUPS

_NICE: Final = 5


def add_to(commands: Any) -> None:
    """Add the commands to those of the program; each carries itself out."""
    text = "Write a backup of the shop, which may go on selling."
    backing = add(commands, "backup", text, lambda given: _in_words(lambda: _back_up(given.folder, given.keep)))
    backing.add_argument("folder", nargs="?", type=_path, help="where to write it (default: backups in DATA_DIR)")
    backing.add_argument("--keep", type=_number, metavar="N", help="remove all but the newest N of that folder")
    restoring = add(
        commands,
        "restore",
        "Put a backup in the shop's place.",
        lambda given: _in_words(lambda: _restore(given.file, replace=given.replace)),
    )
    restoring.add_argument("file", type=_path, help="the backup")
    restoring.add_argument("--replace", action="store_true", help="put aside what is there")


def _path(text: str) -> Path:
    return Path(text).absolute()  # before the program goes to its own folder


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= MOST_BACKUPS:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no number of backups from 1 to {MOST_BACKUPS}")
    return int(text)


def _in_words(command: Callable[[], None]) -> int:
    from checkout_app.server.backups.archive import BackupError  # needless for every other command, as below

    try:
        command()
    except BackupError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


def _back_up(folder: Path | None, keep: int | None) -> None:
    from checkout_app.server.backups import archive, service

    os.nice(_NICE)  # buyers come first
    made = service.back_up(folder, keep)
    print(f"Wrote {made}, {archive.megabytes(made.stat().st_size)}", flush=True)


def _restore(file: Path, *, replace: bool) -> None:
    from checkout_app.server.backups import service

    standing, kept = service.restore(file, replace=replace)
    print(f"The shop is that of {file}", flush=True)
    if kept:
        print(f"What was there before is kept: {kept}", flush=True)
    if standing is Standing.OLDER:
        print("It is older than this program: `python -m checkout_app.cli migrate` comes next", flush=True)
