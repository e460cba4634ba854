"""The revision of the database: whether it is the one this code was written for, and how it comes to be that."""

from enum import Enum, auto
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from alembic import command
from checkout_app.core import database, urls
from checkout_app.core.database import DatabaseAway
from checkout_app.core.settings import settings

_INI = Path(__file__).resolve().parents[2] / "alembic.ini"
_MIGRATE = "`python -m checkout_app.cli migrate`"


class Standing(Enum):
    """How the database stands to this program; ABSENT has no shop in it."""

    ABSENT = auto()
    OLDER = auto()
    CURRENT = auto()
    NEWER = auto()


def upgrade() -> None:
    """Run every migration the database has not seen; blocks, and must not be called inside a running event loop.

    Nothing else makes an SQLite file.
    """
    require(Standing.ABSENT, Standing.OLDER, Standing.CURRENT)
    command.upgrade(Config(_INI), "head")


def require(*good: Standing) -> Standing:
    """Return how the database stands; raises DatabaseAway when it can't be asked or stands otherwise than is good."""
    found = _ask()
    if found not in good:
        raise DatabaseAway(_words(found))
    return found


def _ask() -> Standing:
    if _file_is_missing():
        return Standing.ABSENT
    with database.in_words(), database.blocking() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return Standing.ABSENT
    known = [script.revision for script in ScriptDirectory.from_config(Config(_INI)).walk_revisions()]
    if revision == known[0]:
        return Standing.CURRENT
    return Standing.OLDER if revision in known else Standing.NEWER


def _file_is_missing() -> bool:
    file = urls.sqlite_file(settings().database_url)
    try:
        return file is not None and not file.exists()
    except OSError:
        return False  # opening it says more


def _words(found: Standing) -> str:
    place = database.place()
    if found is Standing.ABSENT:
        missing = ", which is not there" if _file_is_missing() else ""
        return (
            f"There is no shop in {place}{missing}. Bring back the one that was, or run {_MIGRATE}, "
            "which makes a new, empty one."
        )
    if found is Standing.OLDER:
        return f"The shop in {place} is older than this program. Make a backup, then run {_MIGRATE}."
    return (
        f"This program is older than the shop in {place}. Run the program that goes with it, or restore the backup "
        "that was made before the upgrade."
    )
