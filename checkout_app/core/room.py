"""Whether a PostgreSQL server has room for all the connections that the processes may open together."""

from sqlalchemy import text

from checkout_app.core import database
from checkout_app.core.settings import SettingsError, settings

_ALLOWED = text("""
    SELECT least(
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true), '0')::int,
        nullif(rolconnlimit, -1), nullif(datconnlimit, -1))
    FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()
""")


def require_room() -> None:
    """Refuse settings by which buyers would be turned away for want of a connection; raises SettingsError.

    What else connects to the server is not counted: it may be gone by the time it matters.
    """
    shop = settings()
    if shop.database_url.startswith("sqlite") or shop.pgbouncer:  # which opens as many as its own settings say
        return
    with database.in_words(), database.blocking() as connection:
        allowed: int = connection.execute(_ALLOWED).scalar_one()
    wanted = shop.web_workers * shop.database_pool
    if wanted > allowed:
        raise SettingsError(
            f"WEB_WORKERS ({shop.web_workers}) times DATABASE_POOL ({shop.database_pool}) is {wanted} connections, and "
            f"{database.place()} allows {allowed}: lower one of them, or raise max_connections there."
        )
