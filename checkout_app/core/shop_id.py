"""Which shop this is: an id, made once, that the database has and that is kept outside of it as well.

Every order at the gateway carries it. So a database that was lost is not taken for a new shop, another shop's is not
taken for this one's, and money at the gateway that the books do not know can be told from that of other shops.
"""

import os
import re
import secrets
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from checkout_app.core import made_up
from checkout_app.core.settings import SettingsError, read, settings

_ENV = Path(".env")
_NAME = "SHOP_ID"


def new() -> str:
    """Return an id that no other shop has."""
    return secrets.token_hex(5)


def of_database(connection: Connection) -> str:
    """Return the id of the shop in a database; empty where there is none, or one that never got an id."""
    tables = inspect(connection)
    if not tables.has_table("sellers") or "shop_id" not in {column["name"] for column in tables.get_columns("sellers")}:
        return ""
    return str(connection.scalar(text("SELECT shop_id FROM sellers")) or "")


def agree(found: str, place: str) -> None:
    """Keep the id of the database where none is known yet; raises SettingsError when it is another one.

    With the sandbox, where no money is, a developer changes databases at will: then the database is right.
    """
    known = settings().shop_id
    if found in {"", known}:
        return
    if known and not settings().sandboxed:
        raise SettingsError(
            f"{place} holds the shop {found}, and {_NAME} says {known}. One of the two is another shop's: look at "
            f"DATABASE_URL and {_NAME}."
        )
    remember(found)


def remember(shop_id: str) -> None:
    """Keep the id outside the database: in `.env`, or in development with what else was made up.

    Where there is no `.env` the operator has to do it: `is_kept` says whether somebody did. Raises SettingsError.
    """
    if settings().environment == "development":
        made_up.keep(settings().data_dir, _NAME.lower(), shop_id)
    elif os.environ.get(_NAME, shop_id) != shop_id:
        raise SettingsError(f"The environment says {_NAME}={os.environ[_NAME]}: let it say {_NAME}={shop_id}.")
    elif _ENV.exists():
        _write_down(f"{_NAME}={shop_id}")
    settings().shop_id = shop_id


def may_begin() -> bool:
    """Tell whether a shop that is not there was never begun: there is a `.env`, which will name it, and names none."""
    return _ENV.exists() and not settings().shop_id


def is_kept() -> bool:
    """Tell whether the id would be known without the database."""
    return read().shop_id != ""


def _write_down(line: str) -> None:
    try:
        after, found = re.subn(rf"(?m)^{_NAME}=.*$", line, before := _ENV.read_text())
        made_up.write_private(_ENV, after if found else f"{before.rstrip()}\n{line}\n")
    except OSError as error:
        raise SettingsError(f"{line} can't be written to {_ENV.absolute()}: {error.strerror}.") from error
