"""A shop on SQLite: its file is copied while others write, and replaced by another in one step."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from checkout_app.core import urls
from checkout_app.core.sqlite import BUSY_SECONDS
from checkout_app.server.backups.archive import BackupError, require_room, sync

_BESIDE: Final = ("-wal", "-shm")
"""Files of SQLite's own beside its file: in the first may be what the file itself does not have yet."""
_KIND: Final = 0xFF
"""What an error of SQLite is, without which of its kind."""


class SqliteFile:
    """The file that a shop is in."""

    member: Final = "shop.db"

    def __init__(self, file: Path) -> None:
        self._file = file.resolve()  # where the file itself is renamed, a link to it must not be

    @property
    def workplace(self) -> Path:
        """The folder from which a file can take the shop's place in one step."""
        return self._file.parent

    def dump(self, into: Path) -> None:
        """Copy the shop as it is at one moment into an empty file; writers go on meanwhile."""
        require_room(into.parent, 2 * sum(file.stat().st_size for file in self._files()))  # the copy, and the archive
        with _in_words("The shop can't be copied"), _open(self._file) as shop, _open(into) as copy:
            copy.execute("PRAGMA synchronous=OFF")  # the archive is what lasts
            shop.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it

    def look_through(self, dump: Path) -> None:
        """Raise BackupError when a copy is damaged."""
        with _in_words("The copy of the shop can't be read"), _open(dump) as copy:
            [found] = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise BackupError(f"The copy of the shop is damaged: {found.splitlines()[-1]}.")

    def value_in(self, dump: Path, table: str, column: str) -> str:
        """Return what the first row of a table has in a copy; empty when there is no such thing."""
        with _in_words("The copy of the shop can't be read"), _open(dump) as copy:
            if column not in {name for _, name, *_ in copy.execute(f"PRAGMA table_info({table})")}:
                return ""
            [value] = copy.execute(f"SELECT {column} FROM {table}").fetchone() or ("",)  # noqa: S608 - our own names
        return str(value)

    def require_alone(self) -> None:
        """Raise BackupError when any process has the shop open; what was written last is in the file itself afterwards.

        Of a file that is no database any more this can't be told.
        """
        if not self._file.exists():
            return
        try:
            with _open(self._file) as shop:
                shop.execute("PRAGMA busy_timeout = 0")
                shop.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode & _KIND == sqlite3.SQLITE_BUSY:
                raise BackupError(f"{self._file} is in use: stop the shop first.") from error

    def is_there(self) -> bool:
        """Tell whether there is anything that a restored shop would take the place of."""
        return bool(self._files())

    def put_back(self, dump: Path, moment: datetime) -> str:
        """Let a copy be the shop; returns where what was there is kept, empty when nothing was.

        At every moment the whole of one or the other has the file's name.
        """
        with dump.open("rb") as copy:
            os.fsync(copy.fileno())
        aside = self._file.with_name(f"{self._file.stem}-replaced-{moment:%Y%m%dT%H%M%SZ}{self._file.suffix}")
        kept = str(aside) if self.is_there() else ""
        for beside in _BESIDE:  # of a file that is damaged; what is in them must not be taken for the new one's
            if (own := Path(f"{self._file}{beside}")).exists():
                own.rename(f"{aside}{beside}")
        if self._file.exists():
            os.link(self._file, aside)
        dump.replace(self._file)
        sync(self._file.parent)
        return kept

    def _files(self) -> list[Path]:
        files = [self._file, *(Path(f"{self._file}{beside}") for beside in _BESIDE)]
        return [file for file in files if file.exists()]


@contextmanager
def _open(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(urls.existing(str(file)), uri=True, timeout=BUSY_SECONDS)) as connection:
        yield connection


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise BackupError(f"{what}: {error}.") from error
