"""The revision of the database: whether it is the one this code was written for, and how it comes to be that."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum, auto
from pathlib import Path

import structlog
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from alembic import command
from checkout_app.core import database, shop_id, urls
from checkout_app.core.database import DatabaseAway
from checkout_app.core.settings import settings
from checkout_app.core.turns import turn

log = structlog.stdlib.get_logger(__name__)

_TURN = int.from_bytes(b"checkout")
"""The key of the lock in PostgreSQL; nothing else there locks by it."""
_INI = Path(__file__).resolve().parents[2] / "alembic.ini"
_MIGRATE = "`python -m checkout_app.cli migrate`"
_LOST = (
    "The shop {shop} is known (SHOP_ID), but {place} does not hold it. `restore` brings back a backup, `recover` makes "
    "its orders again from what Razorpay keeps, and `new-shop` begins another, empty one."
)


class Standing(Enum):
    """How the database stands to this program; ABSENT has no shop in it."""

    ABSENT = auto()
    OLDER = auto()
    CURRENT = auto()
    NEWER = auto()


def _note_waiting() -> None:
    log.info("another program migrates the database, waiting for it")


def upgrade(waiting: Callable[[], object] = _note_waiting) -> None:
    """Run every migration the database has not seen; blocks, and must not be called inside a running event loop.

    Where there is no shop it makes a new one, unless one is known to have been there: then it raises DatabaseAway.
    Programs that do so at once take turns, and `waiting` is called by one that has to wait.
    """
    with _alone(waiting):
        found = require(Standing.ABSENT, Standing.OLDER, Standing.CURRENT)
        if found is Standing.ABSENT and settings().sandboxed:
            settings().shop_id = ""  # what the sandbox has of the shop that was here is another one's now
        if found is Standing.ABSENT and settings().shop_id:
            raise DatabaseAway(_words(found))
        _bring_up_to_date()


def make(new_id: str) -> None:
    """Make an empty shop of this id where there is none; blocks like `upgrade`. Raises DatabaseAway where there is."""
    with _alone(_note_waiting):
        if require(*Standing) is not Standing.ABSENT:
            raise DatabaseAway(f"There is a shop in {database.place()} already.")
        shop_id.remember(new_id)
        _bring_up_to_date()


def _bring_up_to_date() -> None:
    command.upgrade(Config(_INI), "head")
    require(Standing.CURRENT)


@contextmanager
def _alone(waiting: Callable[[], object]) -> Iterator[None]:
    url = settings().database_url
    with ExitStack() as turns:
        if file := urls.sqlite_file(url):
            database.prepare_directory(url)
            turns.enter_context(turn(file.parent, waiting))
        else:
            with database.in_words():
                _lock(turns.enter_context(database.blocking()), waiting)
        yield


def _lock(connection: Connection, waiting: Callable[[], object]) -> None:
    """Take the lock for as long as the connection's transaction lasts: a pooler keeps no other for its clients."""
    for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(select(func.set_config(limit, "0", True)))  # noqa: FBT003 - for this transaction alone
    if not connection.scalar(select(func.pg_try_advisory_xact_lock(_TURN))):
        waiting()
        connection.execute(select(func.pg_advisory_xact_lock(_TURN)))


def require(*good: Standing) -> Standing:
    """Return how the database stands; raises DatabaseAway when it can't be asked or stands otherwise than is good.

    Raises SettingsError when the shop in it is another one than SHOP_ID says.
    """
    found = _ask()
    if found not in good:
        raise DatabaseAway(_words(found))
    return found


def newest() -> str:
    """Name the revision that this program was written for."""
    return ScriptDirectory.from_config(Config(_INI)).get_current_head() or ""


def _ask() -> Standing:
    if _file_is_missing():
        return Standing.ABSENT
    with database.in_words(), database.blocking() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        shop_id.agree(shop_id.of_database(connection), database.place())
    return Standing.ABSENT if revision is None else standing_of(revision)


def standing_of(revision: str) -> Standing:
    """Tell how a database of a revision stands to this program."""
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
    if found is Standing.ABSENT and settings().shop_id:
        return _LOST.format(shop=settings().shop_id, place=place)
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
