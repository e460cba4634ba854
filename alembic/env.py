"""Run migrations on the database that the settings name, SQLite or PostgreSQL."""

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from alembic import context
from checkout_app.accounts import models as _accounts  # noqa: F401 - its tables
from checkout_app.auth import models as _auth  # noqa: F401 - its tables
from checkout_app.cart import models as _cart  # noqa: F401 - its tables
from checkout_app.catalog import models as _catalog  # noqa: F401 - its tables
from checkout_app.core import rounds as _rounds  # noqa: F401 - its table
from checkout_app.core.database import prepare_directory
from checkout_app.core.settings import settings
from checkout_app.delivery import models as _delivery  # noqa: F401 - its tables
from checkout_app.fulfilment import models as _fulfilment  # noqa: F401 - its tables
from checkout_app.journal import models as _journal  # noqa: F401 - its tables
from checkout_app.mail import models as _mail  # noqa: F401 - its tables
from checkout_app.orders import models as _orders  # noqa: F401 - its tables
from checkout_app.payments import models as _payments  # noqa: F401 - its tables
from checkout_app.seller import models as _seller  # noqa: F401 - its tables
from checkout_app.seller.complaints import models as _complaints  # noqa: F401 - its tables
from checkout_app.seller.policies import models as _policies  # noqa: F401 - its tables

LEFT = {"tickets"}
"""Tables that only the program of the version before uses; the first migration of the next version may drop them."""


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        include_name=lambda name, kind, _parents: kind != "table" or name not in LEFT,
        render_as_batch=connection.dialect.name == "sqlite",  # SQLite changes a table by copying it
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


prepare_directory(settings().database_url)
# PgBouncer would give what is prepared here to others.
unprepared = {"prepare_threshold": None} if settings().pgbouncer else {}
with create_engine(settings().database_url, poolclass=NullPool, connect_args=unprepared).connect() as opened:
    _migrate(opened)
    opened.commit()
