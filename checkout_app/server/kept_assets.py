"""The assets of every build that was served within a day: a tab that was opened with it goes on loading its own.

They are kept with the data, where all servers of the shop find them, and not with the builds: an image has one alone.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from checkout_app.core.settings import settings
from checkout_app.core.turns import turn
from checkout_app.server.builds import FILES

log = structlog.stdlib.get_logger(__name__)

ASSETS: Final = "assets"
_STAY: Final = 24 * 60 * 60
"""Seconds for which they stay after they were served last."""


def folders() -> list[Path]:
    """Return a folder for each build, with its assets below."""
    return [path for path in _home().iterdir() if not path.name.startswith(".")] if _home().is_dir() else []


@contextmanager
def kept(build: Path) -> Iterator[None]:
    """Keep the assets of a build for the length of a block, in which it is served, and for a day after."""
    _keep(build)
    try:
        yield
    finally:
        _keep(build)


def _keep(build: Path) -> None:
    """Keep them from now on; without room for them the shop is open all the same."""
    try:
        _home().mkdir(parents=True, exist_ok=True)
        with turn(_home(), lambda: None):
            _put(build / FILES / ASSETS, _home() / build.name)
            for other in _home().iterdir():
                if time.time() - other.stat().st_mtime > _STAY:
                    shutil.rmtree(other)
    except OSError:
        log.exception("assets are not kept for tabs that are open", build=build.name)


def _put(assets: Path, folder: Path) -> None:
    if not folder.exists():
        draft = folder.with_name(f".{folder.name}")
        shutil.copytree(assets, draft / ASSETS, dirs_exist_ok=True)
        draft.rename(folder)
    os.utime(folder)


def _home() -> Path:
    return settings().data_dir / "kept-assets"
