"""Where the built pages are: each build in a folder of its own, of which one is current.

A build is put here when it is whole, and becomes current by a rename, so nobody ever meets half of one. A server serves
the build that was current when it began, whatever is built meanwhile; one that nobody serves any more goes after a day.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
WEB_FOLDER: Final = "REFLEX_WEB_WORKDIR"
"""The variable by which Reflex is told where it builds, or what it serves."""
FILES: Final = Path("build", "client")
"""Where in a build its pages and files are."""
RENDERER: Final = "renderer.mjs"
"""Beside those files, the program that renders public pages as they are asked for."""
WORKSHOP: Final = "workshop"
"""The folder beside the builds in which Reflex makes them."""
_CURRENT: Final = "current"
_STAY: Final = 24 * 60 * 60
"""Seconds for which a build stays after another became current."""


class BuildError(RuntimeError):
    """There are no pages; its text says why, or what to do."""


def home() -> Path:
    """Return the folder of the builds."""
    folder = Path(os.environ.get(WEB_FOLDER) or ROOT / ".pages")
    return folder.parent if (folder / FILES).is_dir() else folder  # a server is told of the one that it serves


def current() -> Path | None:
    """Return the build that a server begins with; None when there is none."""
    build = (home() / _CURRENT).resolve()
    return build if build.is_dir() else None


def make_current(build: Path) -> None:
    """Let servers begin with a build from now on, and remove those that were left long ago."""
    if (left := current()) and left != build.resolve():
        os.utime(left)
    draft = home() / "next"
    draft.unlink(missing_ok=True)
    draft.symlink_to(build.name)
    draft.replace(home() / _CURRENT)
    for other in home().iterdir():
        if other.is_dir() and not other.is_symlink() and other.name not in {build.name, WORKSHOP}:
            _remove_if_left(other)


@contextmanager
def held() -> Iterator[Path]:
    """Yield the current build and keep it for the length of a block, in which it is served; raises BuildError."""
    build = current()
    if build is None:
        raise BuildError("There are no pages to serve. Run `python -m checkout_app.cli build`.")
    descriptor = os.open(build, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield build
    finally:
        os.close(descriptor)


def _remove_if_left(build: Path) -> None:
    if time.time() - build.stat().st_mtime < _STAY:
        return
    descriptor = os.open(build, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(build)
    except BlockingIOError:
        pass  # a server began with it and has not been restarted since
    finally:
        os.close(descriptor)
