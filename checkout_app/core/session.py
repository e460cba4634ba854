"""A session: rows as objects, and what was changed about them written down together.

Rows that a session has read are its own: the same row is the same object each time. What is changed about them, and
what is added, goes to the database before the next statement, or at the end: on PostgreSQL in one statement, however
many rows it concerns.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Generic, Protocol, TypeVar, TypeVarTuple, overload

from sqlalchemy import Dialect, Executable, bindparam
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlmodel import SQLModel, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from checkout_app.core.changes import Change, guarded, insertion, numbered, unless_known, update_of
from checkout_app.core.kept import Kept
from checkout_app.core.statements import POSTGRESQL, Column, Statement, TableText, Written, encoded, row_of, table_text

Table = TypeVar("Table", bound=SQLModel)
Item = TypeVar("Item")
Items = TypeVarTuple("Items")
Made = TypeVar("Made")
Key = tuple[type[SQLModel], Any]
"""Which row: its table, and its primary key."""


class Wire(Protocol):
    """A connection for the length of a session, opened when it is first needed."""

    dialect: Dialect

    @property
    def begun(self) -> bool:
        """Whether it is open."""

    async def fetch(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Return the rows that a statement answers."""

    async def execute(self, text: str, values: Sequence[Any]) -> int:
        """Carry out a statement without an answer; returns how many rows it concerned."""

    async def apply(self, changes: Sequence[Change], *, alone: bool) -> None:
        """Make all of these changes, `alone` as a transaction of their own; raises Lost when one can't be made."""


class Answer(Generic[Item]):
    """What a statement answered; `rowcount` is how many rows it changed, where it changes any."""

    def __init__(self, items: Sequence[Item], rowcount: int = 0) -> None:
        self._items = items
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Item]:
        """Go through the rows."""
        return iter(self._items)

    def all(self) -> Sequence[Item]:
        """Return the rows."""
        return self._items

    def first(self) -> Item | None:
        """Return the first row, None when there is none."""
        return self._items[0] if self._items else None

    def one(self) -> Item:
        """Return the only row; raises NoResultFound, MultipleResultsFound."""
        if not self._items:
            raise NoResultFound
        return self.one_or_none()  # type: ignore[return-value]

    def one_or_none(self) -> Item | None:
        """Return the only row, None when there is none; raises MultipleResultsFound."""
        if len(self._items) > 1:
            raise MultipleResultsFound
        return self.first()


class Session:
    """Statements and rows, in a transaction or around none; what sort of one says who opens it."""

    def __init__(self, wire: Wire, *, writes: bool = False) -> None:
        self._wire = wire
        self._writes = writes
        self._known: dict[Key, SQLModel] = {}
        self._were: dict[Key, dict[str, Any]] = {}
        self._added: list[SQLModel] = []
        self._changes: list[Change] = []
        self._afterwards: list[Callable[[], object]] = []

    @overload
    async def exec(self, statement: SelectOfScalar[Item] | Statement[Item], **values: Any) -> Answer[Item]: ...

    @overload
    async def exec(self, statement: Select[*Items], **values: Any) -> Answer[tuple[*Items]]: ...

    @overload
    async def exec(self, statement: Executable, **values: Any) -> Answer[Any]: ...

    async def exec(self, statement: Any, **values: Any) -> Answer[Any]:
        """Carry out a statement, with a value for each of its parameters."""
        await self.flush()
        written, text, given = self._spelled(statement, values)
        if not written.columns:
            return Answer([], await self._wire.execute(text, given))
        return Answer([self._read(written, row) for row in await self._wire.fetch(text, given)])

    async def kept(self, kept: Kept[Made], statement: Statement[Any], **values: Any) -> Made:
        """Ask, and return what was made of the answer before if it is the same again."""
        await self.flush()
        written, text, given = self._spelled(statement, values)
        rows = await self._wire.fetch(text, given)
        return kept.of((text, *given), rows, lambda: [self._read(written, row) for row in rows], **values)

    async def get(self, table: type[Table], key: str, *, populate_existing: bool = False) -> Table | None:
        """Return a row by its primary key, the one that is known already unless it is to be read anew."""
        known = self._known.get((table, key))
        if known is not None and not populate_existing:
            return known  # type: ignore[return-value]
        return (await self.exec(_by_key(table), key=key)).one_or_none()

    async def get_one(self, table: type[Table], key: str, *, populate_existing: bool = False) -> Table:
        """Return a row by its primary key; raises NoResultFound."""
        row = await self.get(table, key, populate_existing=populate_existing)
        if row is None:
            raise NoResultFound
        return row

    async def refresh(self, row: SQLModel) -> None:
        """Read a row anew."""
        await self.get_one(type(row), self._key_of(row)[1], populate_existing=True)

    def know(self, rows: Iterable[SQLModel]) -> None:
        """Take over rows as another session has read them; what is changed about them from now on is written down."""
        for row in rows:
            self._remember(row)

    def add(self, row: SQLModel) -> None:
        """Let a new row be written down."""
        self._added.append(row)

    def add_unless_known(self, row: SQLModel) -> None:
        """Let a new row be written down unless one with the same key is there."""
        self._changes.append(unless_known(self._insertion(row)))

    def change(self, table: type[SQLModel], statement: Statement[Any], **values: Any) -> None:
        """Let a row of a table be changed; where the statement finds none, nothing is changed and Lost is raised."""
        self._changes.append(guarded(self._text(table), statement, values, self._wire.dialect))

    def change_any(self, table: type[SQLModel], statement: Statement[Any], **values: Any) -> None:
        """Let a row of a table be changed if the statement finds one."""
        self._changes.append(guarded(self._text(table), statement, values, self._wire.dialect)._replace(must=False))

    def add_all(self, rows: Iterable[SQLModel]) -> None:
        """Let new rows be written down."""
        self._added += rows

    def afterwards(self, act: Callable[[], object]) -> None:
        """Let something be done once all of this is committed, and only then."""
        self._afterwards.append(act)

    def committed(self) -> None:
        """Do what was to be done afterwards."""
        for act in self._afterwards:
            act()

    async def insert_new(self, row: SQLModel) -> bool:
        """Insert a row unless one with the same key is there; waits for a rival that is inserting it right now.

        Returns whether this call made the row.
        """
        await self.flush()
        change = unless_known(self._insertion(row))
        text = numbered(change.text) if self._wire.dialect is POSTGRESQL else change.text
        made = await self._wire.execute(text, change.values) == 1
        if made:
            self._remember(row)
        return made

    async def flush(self) -> None:
        """Write down what was added and changed, in a transaction that goes on."""
        if not self._writes:
            return
        changed = self._changed()
        changes = self._to_write_down(changed)
        for row in (*self._added, *(row for _, row in changed)):
            self._remember(row)
        self._added, self._changes = [], []
        if changes:
            await self._wire.apply(changes, alone=False)

    async def put_away(self) -> None:
        """Write down what was added and changed, and know none of these rows any more: for who writes very many."""
        await self.flush()
        self._known.clear()
        self._were.clear()

    async def finish(self) -> None:
        """Write down the rest, at the end; where nothing was said before, that is the whole transaction."""
        if self._writes and (changes := self._to_write_down(self._changed())):
            await self._wire.apply(changes, alone=not self._wire.begun)

    def _changed(self) -> list[tuple[Key, SQLModel]]:
        return [(key, row) for key, row in self._known.items() if self._differs(key, row)]

    def _to_write_down(self, changed: Sequence[tuple[Key, SQLModel]]) -> list[Change]:
        changes = [*self._changes, *map(self._insertion, self._added), *(self._update(*each) for each in changed)]
        return sorted(changes, key=lambda change: change.place)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what is done in a block when it raises, and only that."""
        await self.flush()
        were, known = {key: dict(values) for key, values in self._were.items()}, len(self._afterwards)
        await self._wire.execute("SAVEPOINT block", ())
        try:
            yield
            await self.flush()
        except BaseException:
            await self._wire.execute("ROLLBACK TO SAVEPOINT block", ())
            self._go_back(were)
            del self._afterwards[known:]
            raise
        finally:
            await self._wire.execute("RELEASE SAVEPOINT block", ())

    def _go_back(self, were: Mapping[Key, dict[str, Any]]) -> None:
        self._added, self._changes = [], []
        self._known = {key: row for key, row in self._known.items() if key in were}
        self._were = {key: dict(values) for key, values in were.items()}
        for key, row in self._known.items():
            row.__dict__.update(were[key])

    def _spelled(self, statement: Any, values: Mapping[str, Any]) -> tuple[Written, str, list[Any]]:
        """Return a statement in the database's words, its text and its values."""
        dialect = self._wire.dialect
        written = statement.written(dialect) if isinstance(statement, Statement) else Written(statement, dialect)
        text, given = written.fill(values)
        return written, text, encoded(given, dialect)

    def _read(self, written: Written, values: Sequence[Any]) -> Any:
        """Make what an answer's row stands for."""
        if written.decoders is not None:
            return written.plain(values)
        items = [self._item(column, column.read(values)) for column in written.columns]
        return items[0] if written.scalar else tuple(items)

    def _item(self, column: Column, values: dict[str, Any]) -> Any:
        table, key_value = column.table, values[column.key]
        if table is None or key_value is None:
            return key_value  # a single value, or no row of an outer join
        key = (table, key_value)
        row = self._known.get(key)
        if row is None:
            row = self._known[key] = row_of(table, values)
        else:
            row.__dict__.update(values)
        if self._writes:
            self._were[key] = dict(values)
        return row

    def _remember(self, row: SQLModel) -> None:
        key = self._key_of(row)
        self._known[key] = row
        self._were[key] = dict(row.__dict__)

    def _key_of(self, row: SQLModel) -> Key:
        return type(row), row.__dict__.get(self._text(type(row)).key)

    def _differs(self, key: Key, row: SQLModel) -> bool:
        return not self._were[key].items() <= row.__dict__.items()

    def _insertion(self, row: SQLModel) -> Change:
        return insertion(self._text(type(row)), row.__dict__, self._wire.dialect)

    def _update(self, key: Key, row: SQLModel) -> Change:
        text, now, were = self._text(type(row)), row.__dict__, self._were[key]
        changed = {name: now.get(name) for name in text.columns if now.get(name) != were[name]}
        guards = {name: were[name] for name in text.guarded} if text.guarded & changed.keys() else {}
        return update_of(text, changed, {text.key: key[1]} | guards, self._wire.dialect)

    def _text(self, table: type[SQLModel]) -> TableText:
        return table_text(table, self._wire.dialect.name)


@cache
def _by_key(table: type[Table]) -> Statement[Table]:
    [key] = table.__table__.primary_key  # type: ignore[attr-defined]
    return Statement(select(table).where(key == bindparam("key")))
