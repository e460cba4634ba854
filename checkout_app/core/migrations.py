"""Bring the database to the revision this code was written for."""

from pathlib import Path

from alembic.config import Config

from alembic import command

_INI = Path(__file__).resolve().parents[2] / "alembic.ini"


def upgrade() -> None:
    """Run every migration the database has not seen; blocks, and must not be called inside a running event loop."""
    command.upgrade(Config(_INI), "head")
