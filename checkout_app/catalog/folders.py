"""Folders of contents below the shop's own data: each has its name once it is whole, and is never written over.

Nothing in them is ever removed: so a backup has whatever its database speaks of.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from checkout_app.core import clock, ids
from checkout_app.core.settings import settings

DIGEST: Final = re.compile("[0-9a-f]{64}")
"""How the SHA-256 of a content is written."""
_UNFINISHED: Final = ".unfinished-"
_FORGOTTEN: Final = timedelta(days=1)
"""After so long what is unfinished is what a killed process left."""
_HEAD: Final = 64


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder by its name, and how the names in it read."""

    name: str
    names: re.Pattern[str]

    @property
    def path(self) -> Path:
        """Where it is, if it is there."""
        return settings().data_dir.absolute() / self.name

    def path_of(self, name: str) -> Path:
        """Return where the content of a name is, if it is there."""
        return self.path / name

    def kept(self) -> Sequence[Path]:
        """Return all that is in it; blocks."""
        place = self.path
        return sorted(file for file in place.iterdir() if self.names.fullmatch(file.name)) if place.is_dir() else []

    def put(self, content: Iterable[bytes], name: str = "") -> str:
        """Keep a content under a name, or else under its digest, which is returned; blocks."""
        draft = Draft(self)
        try:
            for part in content:
                draft.add(part)
            return draft.keep(name)
        finally:
            draft.drop()


class Draft:
    """A content on its way to the disk, for its owner's eyes; it has its name only once it is whole."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(folder.path)
        self._path = folder.path_of(f"{_UNFINISHED}{ids.new_id()}")
        self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._digest = hashlib.sha256()
        self.size = 0
        self.head = b""

    def add(self, part: bytes) -> None:
        """Write what comes next."""
        self._file.write(part)
        self._digest.update(part)
        self.size += len(part)
        self.head += part[: _HEAD - len(self.head)]

    def keep(self, name: str = "") -> str:
        """Let it be on the disk under a name, or else under its digest, which is returned."""
        self._file.flush()
        os.fsync(self._file.fileno())
        digest = self._digest.hexdigest()
        self._path.replace(self._folder.path_of(name or digest))
        descriptor = os.open(self._folder.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return digest

    def drop(self) -> None:
        """Let go of what was not kept."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what killed processes left behind."""
    before = (clock.now() - _FORGOTTEN).timestamp()
    for left in folder.glob(f"{_UNFINISHED}*"):
        if left.stat().st_mtime < before:
            left.unlink(missing_ok=True)
