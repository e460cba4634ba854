"""A process that dies at one of its steps: before and after a transaction's commit or a call, or before any statement.

What dies here leaves what a killed process leaves: what was committed and what the gateway has done. Nothing else of it
is done any more until it is begun again.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from checkout_app.core.postgres import PostgresWire
from checkout_app.core.sqlite import SqliteWire
from checkout_app.payments.gateway.line import Answer, Line, Request
from tests.support.inside import Inside

_LONGEST_NAME = 100


class _Died(BaseException):
    """The process is no more; nothing that is there for errors hears of it."""


@dataclass
class Death:
    """At which of the steps the process dies, counted from 0, and those it came by.

    Statements are steps only when it goes `finely`: those of a transaction are undone together.
    """

    at: int
    finely: bool
    passed: list[str] = field(default_factory=list)

    @property
    def came(self) -> bool:
        """Whether it died."""
        return len(self.passed) > self.at

    def come_by(self, step: str) -> None:
        """Come by a step; die there when it is the one, and be dead ever after."""
        if not self.came:
            self.passed.append(" ".join(step.split())[:_LONGEST_NAME])
        if self.came:
            raise _Died


@dataclass
class _MortalLine:
    """A line to the gateway on which the process may die before a call goes out, and before its answer is read."""

    inner: Line
    death: Death

    async def carry(self, request: Request) -> Answer:
        """Carry one request."""
        self.death.come_by(f"before {request.method} {request.path}")
        answer = await self.inner.carry(request)
        self.death.come_by(f"after {request.method} {request.path}")
        return answer

    async def aclose(self) -> None:
        """Let go of the line beneath."""
        await self.inner.aclose()


async def lives(inside: Inside, at: int, story: Callable[[], Awaitable[None]], *, finely: bool) -> Death:
    """Live a story until the process dies at a step; tells whether it came to that, and where it came by."""
    death = Death(at, finely)
    with _mortal(inside, death):
        try:
            await story()
        except BaseException:
            if not death.came:
                raise
    return death


@contextmanager
def _mortal(inside: Inside, death: Death) -> Iterator[None]:
    inner = inside.line.inner
    inside.line.inner = _MortalLine(inner, death)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for wire in (PostgresWire, SqliteWire):
                for name in ("fetch", "execute"):
                    patch.setattr(wire, name, _said(getattr(wire, name), death))
                patch.setattr(wire, "end", _ended(wire.end, death))
            patch.setattr(PostgresWire, "apply", _applied(PostgresWire.apply, death))
            yield
    finally:
        inside.line.inner = inner


def _said(say: Callable[..., Any], death: Death) -> Callable[..., Any]:
    async def mortal(wire: Any, text: str, values: Sequence[Any]) -> Any:
        if death.finely or death.came:
            death.come_by(text)
        return await say(wire, text, values)

    return mortal


def _applied(apply: Callable[..., Any], death: Death) -> Callable[..., Any]:
    async def mortal(wire: PostgresWire, changes: Sequence[Any], *, alone: bool) -> None:
        if alone or death.finely or death.came:
            death.come_by(f"before {' and '.join(change.text for change in changes)}")
        await apply(wire, changes, alone=alone)
        if alone:
            death.come_by("after a transaction of one statement")

    return mortal


def _ended(end: Callable[..., Any], death: Death) -> Callable[..., Any]:
    async def mortal(wire: Any, *, well: bool) -> None:
        commits = well and wire.begun and wire._begin in {"BEGIN", "BEGIN IMMEDIATE"}  # noqa: SLF001 - nobody else asks
        try:
            if commits:
                death.come_by("before the commit")
        except _Died:
            await end(wire, well=False)  # as the database does by itself
            raise
        await end(wire, well=well)
        if commits:
            death.come_by("after the commit")

    return mortal
