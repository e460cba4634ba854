"""Commands about products as a table: out of the shop for a spreadsheet, and in again."""

import argparse
import asyncio
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkout_app.commands.words import WRONG_USAGE, Progress, add, tell

if TYPE_CHECKING:
    from checkout_app.catalog.table.planned import Change, Plan


def add_to(commands: Any) -> None:
    """Add these commands to those of the program."""
    text = "Write all products as a table for a spreadsheet."
    exporting = add(commands, "export-products", text, _export, on_a_shop=True)
    exporting.add_argument("file", nargs="?", type=_path, help="where to write it (default: to the terminal)")
    text = "Make and change products as a table says: all of it, or nothing while anything is wrong."
    importing = add(commands, "import-products", text, _import, on_a_shop=True)
    importing.add_argument("file", type=_path, help="CSV, as a spreadsheet writes it")
    importing.add_argument("--dry-run", action="store_true", help="only say what would change, and what is wrong")


def _path(text: str) -> Path:
    return Path(text).absolute()  # before the program goes to its own folder


def _export(given: argparse.Namespace) -> int:
    try:
        asyncio.run(_write(given.file))
    except OSError as error:
        tell(f"{given.file} can't be written: {error.strerror}.")
        return WRONG_USAGE
    return 0


async def _write(file: Path | None) -> None:
    from checkout_app.catalog.table import service as tables
    from checkout_app.core import database, spreadsheets

    try:
        with file.open("w", encoding="utf-8", newline="") if file else nullcontext(sys.stdout) as written:
            written.write(spreadsheets.MARK if file else "")
            async for rows in tables.table():
                written.write(spreadsheets.lines(rows))
    finally:
        await database.dispose()


def _import(given: argparse.Namespace) -> int:
    from checkout_app.catalog.errors import FileTooLarge, TableMoved
    from checkout_app.core.errors import InvalidInput

    try:
        plan = asyncio.run(_put(_content(given.file), dry=given.dry_run))
    except OSError as error:
        tell(f"{given.file} can't be read: {error.strerror}.")
        return WRONG_USAGE
    except (FileTooLarge, InvalidInput, TableMoved) as unfit:
        tell(unfit.detail)
        return WRONG_USAGE
    for problem in plan.problems:
        tell(f"Row {problem.row}, {problem.column}: {problem.sentence}")
    if plan.problems:
        tell("Nothing was done.")
        return WRONG_USAGE
    for change in plan.changes:
        tell(_said_of(change))
    is_done = "" if given.dry_run else "Done: "
    tell(f"{is_done}{plan.new:,} new, {plan.changed:,} changed, {plan.unchanged:,} as they were")
    return 0


def _content(file: Path) -> bytes:
    from checkout_app.catalog.errors import FileTooLarge
    from checkout_app.catalog.table import service as tables

    with file.open("rb") as opened:
        content = opened.read(tables.LARGEST + 1)
    if len(content) > tables.LARGEST:
        raise FileTooLarge
    return content


async def _put(content: bytes, *, dry: bool) -> "Plan":
    from checkout_app.catalog.table import service as tables
    from checkout_app.core import database
    from checkout_app.journal.actors import OPERATOR

    progress = Progress()
    try:
        plan, digest = await tables.look(content, progress.tell)
        if dry or plan.problems:
            return plan
        return await tables.put(content, digest, OPERATOR, progress.tell)
    finally:
        await database.dispose()


def _said_of(change: "Change") -> str:
    if change.is_new:
        return f"Row {change.row}, {change.name}: new"
    became = (f"{each.column} {_cut(each.was)} → {_cut(each.becomes)}" for each in change.differences)
    return f"Row {change.row}, {change.name}: {'; '.join(became)}"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= 60 else f"{line[:59]}…") or "nothing"  # noqa: PLR2004 - as much as a line has room for
