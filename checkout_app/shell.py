"""A Python shell with the shop at hand, in which one may await: for looking into a shop and trying its services."""

import ast
import asyncio
import inspect
from code import InteractiveConsole
from collections.abc import Sequence
from contextlib import suppress
from types import CodeType, FunctionType
from typing import Any

from sqlmodel import SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from checkout_app import __version__
from checkout_app.accounts import service as accounts
from checkout_app.catalog import service as catalog
from checkout_app.checkout import service as checkout
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.orders import service as orders
from checkout_app.payments import service as payments
from checkout_app.payments.gateway.client import gateway
from checkout_app.seller import service as seller

_SERVICES = {
    "accounts": accounts,
    "catalog": catalog,
    "checkout": checkout,
    "orders": orders,
    "payments": payments,
    "seller": seller,
}


def open_shell() -> None:
    """Read, run and show what is typed, until it ends."""
    with suppress(ImportError):  # not every Python has it
        import readline  # noqa: F401 - makes input() keep a history
    at_hand = {"settings": settings(), "database": database, "rows": _rows, "select": select, **_SERVICES, **_tables()}
    with asyncio.Runner() as runner:
        _Shell(at_hand, runner).interact(_banner(at_hand), "")
        runner.run(_close())


class _Shell(InteractiveConsole):
    """A console whose statements may await; all of them on one event loop, to which the database's pools belong."""

    def __init__(self, at_hand: dict[str, Any], runner: asyncio.Runner) -> None:
        super().__init__(at_hand)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._at_hand = at_hand
        self._runner = runner

    def runcode(self, code: CodeType) -> None:
        """Run one statement; an error is shown and ends nothing."""
        if not code.co_flags & inspect.CO_COROUTINE:
            super().runcode(code)
            return
        try:
            self._runner.run(FunctionType(code, self._at_hand)())
        except (Exception, KeyboardInterrupt):  # noqa: BLE001 - whatever was typed
            self.showtraceback()


async def _rows(statement: SelectOfScalar[Any]) -> Sequence[Any]:
    """Return what a statement finds now."""
    async with database.read() as session:
        return (await session.exec(statement)).all()


async def _close() -> None:
    await gateway().aclose()
    await database.dispose()


def _tables() -> dict[str, type[SQLModel]]:
    """Return every table's class by its name."""
    mappers = SQLModel._sa_registry.mappers  # noqa: SLF001 - where SQLModel keeps them
    return {mapper.class_.__name__: mapper.class_ for mapper in mappers}


def _banner(at_hand: dict[str, Any]) -> str:
    names = ", ".join(sorted(at_hand, key=str.swapcase))
    return f"""Checkout {__version__} ({settings().environment}), on {database.place()}. At hand:
{names}
Await what has to be awaited: `await rows(select(Order))`. Writing needs `async with database.write() as session:`."""
