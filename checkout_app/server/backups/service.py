"""Back the shop up while it sells, and put a backup in its place."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checkout_app.catalog import files, picture_names
from checkout_app.core import clock, database, migrations, shop_id, urls
from checkout_app.core.migrations import Standing
from checkout_app.core.settings import settings
from checkout_app.server.backups import archive
from checkout_app.server.backups.archive import BackupError
from checkout_app.server.backups.sqlite import SqliteFile

if TYPE_CHECKING:
    from checkout_app.server.backups.postgresql import PostgresqlSchema

_FOLDERS: Final = {folder.name: folder for folder in (files.FOLDER, picture_names.FOLDER)}
"""What is below these names in an archive comes from these folders."""
_ANY_SHOP: Final = (Standing.OLDER, Standing.CURRENT, Standing.NEWER)


def back_up(folder: Path | None, keep: int | None) -> Path:
    """Write a backup into a folder, the shop's own unless told, and return it; the shop may go on selling.

    Only the newest backups of the folder stay, as many as are to be kept, if that is said. Blocks; raises BackupError,
    or DatabaseAway.
    """
    migrations.require(*_ANY_SHOP)
    with _alone() as own:
        folder, shop = folder or own, _shop(own)
        if not folder.is_dir():
            raise BackupError(f"There is no folder {folder}.")
        for place in {own, folder, shop.workplace}:
            archive.sweep(place)
        with archive.unfinished(own, shop.member) as copy:
            shop.dump(copy)
            shop.look_through(copy)
            # What the database speaks of was there before it was, and nothing of it ever goes.
            beside = {f"{folder.name}/{file.name}": file for folder in _FOLDERS.values() for file in folder.kept()}
            archive.require_room(folder, sum(file.stat().st_size for file in (copy, *beside.values())))
            made = archive.pack({shop.member: copy, **beside}, folder)
        if keep:
            archive.prune(folder, keep, made)
    return made


def restore(file: Path, *, replace: bool) -> tuple[Standing, str]:
    """Put a backup in the shop's place, all of it or nothing.

    Files of products come first: they are named by their content, so they only ever add to what is there. Returns how
    the shop stands to this program now, and where what was there before is kept, empty when nothing was.
    Blocks; raises BackupError, SettingsError for the backup of another shop, or DatabaseAway.
    """
    with _alone() as own:
        shop = _shop(own)
        if shop.is_there() and not replace:
            raise BackupError(f"There is something in {database.place()} already: --replace puts it aside.")
        shop.require_alone()
        database.prepare_directory(settings().database_url)
        with archive.unfinished(shop.workplace, shop.member) as copy:
            _unpack(file, shop.member, copy)
            shop.look_through(copy)
            standing = _standing(file, shop, copy)
            _put_files_back(file)
            shop.require_alone()  # who has begun in the meantime would go on with what is put aside
            return standing, shop.put_back(copy, clock.now())


def _shop(own: Path) -> "SqliteFile | PostgresqlSchema":
    url = settings().database_url
    if file := urls.sqlite_file(url):
        return SqliteFile(file)
    from checkout_app.server.backups.postgresql import PostgresqlSchema  # its driver takes its time to be imported

    return PostgresqlSchema(url, own)


def _standing(file: Path, shop: "SqliteFile | PostgresqlSchema", copy: Path) -> Standing:
    """Return how the shop in a copy stands to this program; raises BackupError, or SettingsError, unless it is ours."""
    revision = shop.value_in(copy, "alembic_version", "version_num")
    if not revision:
        raise BackupError(f"There is no shop in {file}.")
    standing = migrations.standing_of(revision)
    if standing is Standing.NEWER:
        raise BackupError(f"The shop in {file} is newer than this program: restore it with the one that made it.")
    shop_id.agree(shop.value_in(copy, "sellers", "shop_id"), str(file))
    return standing


@contextmanager
def _alone() -> Iterator[Path]:
    """Keep everybody else from backing up or restoring this shop meanwhile; yields the folder of its backups."""
    own = (settings().data_dir / "backups").absolute()
    try:
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (own / ".lock").open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError("A backup of this shop is being made or restored already.") from None
            yield own
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise BackupError(f"{error.strerror or error}{where}.") from error


def _unpack(file: Path, wanted: str, into: Path) -> None:
    with archive.opened(file) as members:
        member, content = next(members, (None, None))
        if member is None or content is None:
            raise BackupError(f"{file} is no backup of a shop.")
        if member.name != wanted:
            raise BackupError(f"{file} has {member.name[:60]!r} in it, and this shop can be made of {wanted} alone.")
        archive.require_room(into.parent, member.size)
        with into.open("wb") as copy:
            shutil.copyfileobj(content, copy)


def _put_files_back(file: Path) -> None:
    """Put back what is missing of the files that a backup has; raises BackupError for one that is another's content."""
    with archive.opened(file) as members:
        for member, content in members:
            place, _, name = member.name.partition("/")
            folder = _FOLDERS.get(place)
            if folder is None or not folder.names.fullmatch(name) or folder.path_of(name).is_file():
                continue  # the database, or what is there
            archive.require_room(settings().data_dir, member.size)
            by_digest = folder is files.FOLDER
            digest = folder.put(iter(partial(content.read, files.CHUNK), b""), "" if by_digest else name)
            if by_digest and digest != name:
                raise BackupError(f"{file} is damaged: {member.name} has another content than its name says.")
