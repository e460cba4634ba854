"""Durable state: one SQLite file, written ahead and flushed at every commit, so a killed process loses nothing.

Entities are kept as the JSON that the API answers, beside the few columns they are looked up by.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SqlValue = str | int | float | None
Entity = dict[str, Any]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS entities (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    parent TEXT,
    receipt TEXT,
    created_at INTEGER NOT NULL,
    due_at REAL,
    body TEXT NOT NULL,
    hidden TEXT NOT NULL
) STRICT;
DROP INDEX IF EXISTS entities_listing;
CREATE INDEX IF NOT EXISTS entities_by_time ON entities (account, kind, created_at, seq);
CREATE INDEX IF NOT EXISTS entities_kind ON entities (kind, seq);
CREATE INDEX IF NOT EXISTS entities_parent ON entities (parent, kind, seq) WHERE parent IS NOT NULL;
CREATE INDEX IF NOT EXISTS entities_receipt ON entities (account, kind, receipt) WHERE receipt IS NOT NULL;
CREATE INDEX IF NOT EXISTS entities_due ON entities (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS idempotency (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    PRIMARY KEY (account, key)
) STRICT;
CREATE TABLE IF NOT EXISTS endpoints (
    id TEXT PRIMARY KEY,
    account TEXT,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    events TEXT NOT NULL,
    active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    disabled_at INTEGER,
    alert_email TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    secret TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    born_at REAL NOT NULL,
    due_at REAL,
    answers TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""

_ADDED: Final = (("endpoints", "alert_email", "TEXT"),)
"""Columns that came after the first version: table, column, type."""

_COLUMNS: Final = "seq, id, kind, account, parent, receipt, created_at, due_at, body, hidden"


@dataclass(slots=True)
class Record:
    """An entity with what the API does not show.

    ``parent`` is the order of a payment and the payment of a refund. ``due_at`` is the moment (unix seconds of the
    sandbox's clock) when time alone changes the entity, None when it rests.
    """

    kind: str
    account: str
    entity: Entity
    parent: str | None = None
    receipt: str | None = None
    due_at: float | None = None
    hidden: dict[str, Any] = field(default_factory=dict)
    seq: int = 0

    @property
    def id(self) -> str:
        """The entity's id."""
        value: str = self.entity["id"]
        return value


def compact(value: object) -> str:
    """Write JSON without blanks, as it is stored, sent and signed."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _record(row: Sequence[Any]) -> Record:
    return Record(
        seq=row[0],
        kind=row[2],
        account=row[3],
        parent=row[4],
        receipt=row[5],
        due_at=row[7],
        entity=json.loads(row[8]),
        hidden=json.loads(row[9]),
    )


class Store:
    """The database. Safe to use from any thread: one transaction at a time, the rest wait their turn."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)
        self._add_columns()

    def _add_columns(self) -> None:
        """Bring the tables of a folder that an earlier version made up to this one."""
        for table, column, kind in _ADDED:
            if not self.rows("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, column):
                self.rows(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    def close(self) -> None:
        """Close the file; a clean end also folds the write-ahead log back in."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do several reads and writes as one; joins the transaction that is already open in this thread."""
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._depth = 0

    @property
    def changes(self) -> int:
        """Count the rows that were added, changed or removed since the file was opened."""
        with self._lock:
            return self._connection.total_changes

    def rows(self, sql: str, *values: SqlValue) -> list[tuple[Any, ...]]:
        """Run one statement and return what it answers."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def get(self, kind: str, entity_id: str, account: str | None = None) -> Record | None:
        """Find one entity; with an account, only when it is that account's."""
        rows = self.rows(f"SELECT {_COLUMNS} FROM entities WHERE id = ? AND kind = ?", entity_id, kind)  # noqa: S608
        record = _record(rows[0]) if rows else None
        return record if record and account in (None, record.account) else None

    def insert(self, record: Record) -> Record:
        """Add an entity."""
        rows = self.rows(
            "INSERT INTO entities (id, kind, account, parent, receipt, created_at, due_at, body, hidden)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq",
            record.id,
            record.kind,
            record.account,
            record.parent,
            record.receipt,
            record.entity["created_at"],
            record.due_at,
            compact(record.entity),
            compact(record.hidden),
        )
        record.seq = rows[0][0]
        return record

    def save(self, record: Record) -> None:
        """Write a changed entity back."""
        self.rows(
            "UPDATE entities SET due_at = ?, body = ?, hidden = ? WHERE seq = ?",
            record.due_at,
            compact(record.entity),
            compact(record.hidden),
            record.seq,
        )

    def children(self, kind: str, parent: str) -> list[Record]:
        """List the payments of an order, or the refunds of a payment, oldest first."""
        sql = f"SELECT {_COLUMNS} FROM entities WHERE parent = ? AND kind = ? ORDER BY seq"  # noqa: S608
        return [_record(row) for row in self.rows(sql, parent, kind)]

    def with_receipt(self, kind: str, account: str, receipt: str) -> list[Record]:
        """List an account's entities that carry this receipt, newest first."""
        sql = f"SELECT {_COLUMNS} FROM entities WHERE account = ? AND kind = ? AND receipt = ? ORDER BY seq DESC"  # noqa: S608
        return [_record(row) for row in self.rows(sql, account, kind, receipt)]

    def newest(self, kind: str, account: str, since: int = 0, until: int = 2**40) -> Iterator[Record]:
        """Walk through what an account made in a span of time, newest first, reading a page at a time."""
        sql = (
            f"SELECT {_COLUMNS} FROM entities WHERE account = ? AND kind = ? AND created_at BETWEEN ? AND ?"  # noqa: S608
            " AND NOT (created_at = ? AND seq >= ?) ORDER BY created_at DESC, seq DESC LIMIT 100"
        )
        before = 2**62
        while page := self.rows(sql, account, kind, since, until, until, before):
            yield from map(_record, page)
            before, until = page[-1][0], page[-1][6]  # so that no page is looked for among those before it

    def latest(self, kind: str, limit: int) -> list[Record]:
        """List the latest entities of a kind, whoever's they are, newest first."""
        sql = f"SELECT {_COLUMNS} FROM entities WHERE kind = ? ORDER BY seq DESC LIMIT ?"  # noqa: S608
        return [_record(row) for row in self.rows(sql, kind, limit)]

    def everything(self, kind: str) -> list[Record]:
        """List all entities of a kind, whoever's they are, oldest first."""
        sql = f"SELECT {_COLUMNS} FROM entities WHERE kind = ? ORDER BY seq"  # noqa: S608
        return [_record(row) for row in self.rows(sql, kind)]

    def due(self, now: float) -> list[Record]:
        """List what time alone changes by ``now``, earliest first."""
        sql = f"SELECT {_COLUMNS} FROM entities WHERE due_at <= ? ORDER BY due_at, seq"  # noqa: S608
        return [_record(row) for row in self.rows(sql, now)]

    def next_due(self) -> float | None:
        """Tell when something is due next."""
        moment: float | None = self.rows("SELECT min(due_at) FROM entities WHERE due_at IS NOT NULL")[0][0]
        return moment

    def setting(self, name: str) -> Any:
        """Read a kept setting, None when it was never kept."""
        rows = self.rows("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(rows[0][0]) if rows else None

    def keep_setting(self, name: str, value: object) -> None:
        """Keep a setting across restarts."""
        self.rows("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, compact(value))

    def forget(self) -> None:
        """Delete every entity, event and delivery, and the endpoints that were added; settings stay."""
        with self.transaction():
            for table in ("entities", "idempotency", "events", "deliveries"):
                self.rows(f"DELETE FROM {table}")  # noqa: S608
