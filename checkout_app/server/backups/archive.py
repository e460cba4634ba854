"""The file that a backup is: written under another name, private from its first byte, and named when it is whole.

A tar archive in gzip, whose checksum is over every byte of it. First in it is the database, then what the shop has
beside it; `tar xzf` gets at all of it without this program.
"""

import gzip
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import IO, Final

from checkout_app.core import clock

_NAME: Final = re.compile(r"shop-\d{8}T\d{6}Z\.tar\.gz")
_UNFINISHED: Final = ".unfinished-"
_LEVEL: Final = 1
"""How hard gzip tries: four times as hard gains a tenth."""
_CHUNK: Final = 1 << 20
_DAMAGED: Final = (gzip.BadGzipFile, tarfile.TarError, zlib.error, EOFError)

Member = tuple[tarfile.TarInfo, IO[bytes]]
"""What is told of something in an archive, and its content, to be read before the next one."""


class BackupError(RuntimeError):
    """A backup that can't be made or restored; its text says why, in a sentence."""


def pack(contents: Mapping[str, Path], folder: Path) -> Path:
    """Put files, by their names in it, into a new archive in a folder.

    Returns the archive, which is whole, read again, and on the disk.
    """
    archive = _new(folder)
    with unfinished(folder, archive.name) as draft:
        with draft.open("wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_LEVEL) as tar:
                for name, content in contents.items():
                    tar.add(content, name, filter=_nobodys)
            file.flush()
            os.fsync(file.fileno())
        with opened(draft) as members:
            for _, packed in members:
                while packed.read(_CHUNK):
                    pass
        draft.rename(archive)
    sync(folder)
    return archive


@contextmanager
def opened(archive: Path) -> Iterator[Iterator[Member]]:
    """Open what is in an archive, one after the other; when the block ends well, every byte is what was written.

    Raises BackupError for a file that is damaged, or something else.
    """
    try:
        with gzip.open(archive) as whole:
            with tarfile.open(fileobj=whole, mode="r|") as tar:
                yield _members(tar, archive)
            while whole.read(_CHUNK):  # the checksum comes last
                pass
    except _DAMAGED as error:
        raise BackupError(f"{archive} is no backup, or it is damaged: {error}.") from error


def _members(tar: tarfile.TarFile, archive: Path) -> Iterator[Member]:
    for member in tar:
        content = tar.extractfile(member)
        if content is None:
            raise BackupError(f"{archive} is no backup of a shop.")
        yield member, content


@contextmanager
def unfinished(folder: Path, name: str) -> Iterator[Path]:
    """Make an empty file that nobody else may read, for what is not whole yet; it is gone afterwards, or renamed."""
    draft = folder / f"{_UNFINISHED}{name}"
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what killed processes left behind, in a folder in which nobody else is at work."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        left.unlink()


def prune(folder: Path, keep: int, newest: Path) -> None:
    """Remove all backups of a folder but the newest so many.

    One named after a later moment than the newest was made by a clock that was ahead: it stays, and takes no place.
    """
    older = sorted(file for file in folder.iterdir() if _NAME.fullmatch(file.name) and file.name < newest.name)
    for file in older[: max(len(older) + 1 - keep, 0)]:
        file.unlink()


def require_room(folder: Path, size: int) -> None:
    """Raise BackupError when a folder has no room for so many bytes: a full disk would stop the shop."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise BackupError(
            f"There is no room in {folder}: {megabytes(size)} are needed, and {megabytes(free)} are free."
        )


def megabytes(size: int) -> str:
    """Write a number of bytes as people read it: `12.34 MB`."""
    return f"{size / 1e6:,.2f} MB"


def sync(folder: Path) -> None:
    """Let the names in a folder be on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _new(folder: Path) -> Path:
    """Return the name of a backup that is made now, of the next second that has none."""
    moments = (clock.now() + timedelta(seconds=later) for later in count())
    names = (folder / f"shop-{moment:%Y%m%dT%H%M%SZ}.tar.gz" for moment in moments)
    return next(name for name in names if not name.exists())


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
