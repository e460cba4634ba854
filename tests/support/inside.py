"""The shop in this process, on a real database, talking to the real sandbox through its ASGI application.

Everything a server adds is missing and nothing else, so that a thousand histories take a minute.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from sqlalchemy import delete
from sqlmodel import SQLModel, col, select
from starlette.types import ASGIApp

from checkout_app.auth import tokens
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.auth.tokens import Claims, Identity
from checkout_app.catalog import service as catalog
from checkout_app.catalog.models import Product, Variant
from checkout_app.core import clock, database, limits
from checkout_app.core.orm import Base
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.journal import issues
from checkout_app.journal.models import Data, Subject
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import Reader, issue_sentence
from checkout_app.payments import reconcile, refunds
from checkout_app.payments.checks.comparison import compare_with_gateway
from checkout_app.payments.checks.rules import check_rules
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.gateway import client
from checkout_app.payments.gateway.line import Answer, Line, Request
from checkout_app.payments.models import Refund
from checkout_app.payments.record import gather
from razorpay_sandbox import KeyPair, Sandbox, SandboxConfig
from razorpay_sandbox.state.gateway import Gateway
from tests.support.databases import migrate
from tests.support.shops import KEY_ID, KEY_SECRET, OTHER_KEY_ID, OTHER_KEY_SECRET, UNHURRIED, WEBHOOK_SECRET

Table = TypeVar("Table", bound=Base)

BUYER = Identity("BUYER", "SESSION", "asha@example.in", "Asha", Role.GUEST)


class Indoors:
    """The line to an application in this process."""

    def __init__(self, app: ASGIApp) -> None:
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway.test")

    async def carry(self, request: Request) -> Answer:
        """Let the application answer."""
        method, path, query, headers, body = request
        answer = await self._http.request(method, path, params=query, headers=headers, content=body)
        return Answer(answer.status_code, answer.headers, answer.content)

    async def aclose(self) -> None:
        """Let go of the application."""
        await self._http.aclose()


@dataclass
class TroubledLine:
    """A line to the gateway. `troubles` are what happens to the next calls, first one first; None is no trouble.

    A trouble that begins with a figure is an HTTP status, and what follows it is what the gateway says.
    """

    inner: Line
    troubles: list[str | None] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)
    """The body of each call, None where there was none."""
    meanwhile: Callable[[], Awaitable[object]] | None = None
    """What happens elsewhere while the next call is under way."""

    async def carry(self, request: Request) -> Answer:
        """Carry one request, or do not."""
        self.calls.append(f"{request.method} {request.path}")
        self.sent.append(json.loads(request.body) if request.body else None)
        if meanwhile := self.meanwhile:
            self.meanwhile = None
            await meanwhile()
        trouble = self.troubles.pop(0) if self.troubles else None
        match trouble:
            case None:
                return await self.inner.carry(request)
            case "hang":  # until the client has had enough
                await asyncio.Event().wait()
            case "reset":
                raise ConnectionResetError
            case "lost":
                await self.inner.carry(request)
                raise ConnectionError("the reply got lost")
            case "empty":
                return Answer(200, {}, b"")
            case "html":
                return Answer(502, {}, b"<html>Bad Gateway</html>")
        status, _, words = trouble.partition(" ")
        said = {"error": {"description": words or trouble}}
        return Answer(int(status), {"Retry-After": "0"}, json.dumps(said).encode())

    async def aclose(self) -> None:
        """Let go of the line beneath."""
        await self.inner.aclose()


@dataclass
class Inside:
    """A shop and its gateway in this process."""

    sandbox: Sandbox
    line: TroubledLine

    @property
    def gateway(self) -> Gateway:
        """The gateway's own state, to act as the bank, the dashboard and time do."""
        return self.sandbox.gateway

    async def clear(self) -> None:
        """Forget everything on both sides."""
        limits._limiter.cache_clear()  # noqa: SLF001 - what it has counted
        for told in (self.line.troubles, self.line.calls, self.line.sent):
            told.clear()
        with self.gateway.store.transaction():
            self.gateway.store.forget()
            self.gateway.settings.reset(self.gateway.store)
            self.gateway.keys.reset()
        async with database.write() as session:
            for emptied in _all_emptied():
                await session.exec(emptied)
            session.add(User(id=BUYER.user_id, email=BUYER.email, name=BUYER.name, role=Role.GUEST))
            expires_at = datetime(9999, 1, 1, tzinfo=UTC)  # whatever time passes in a test
            ends = {"expires_at": expires_at, "seen_at": expires_at}
            session.add(UserSession(id=BUYER.session_id, user_id=BUYER.user_id, **ends))

    def events(self) -> list[tuple[str, bytes]]:
        """Return the webhooks the gateway would send to our account, oldest first: event ids and bodies."""
        ours = "SELECT id, body FROM events WHERE account = ? ORDER BY seq"
        return [(event_id, body.encode()) for event_id, body in self.gateway.store.rows(ours, KEY_ID)]

    def entities(self, kind: str) -> list[dict[str, Any]]:
        """Return everything of a kind at the gateway, oldest first."""
        return [json.loads(json.dumps(record.entity)) for record in self.gateway.store.everything(kind)]


@cache
def _all_emptied() -> list[Statement[None]]:
    return [Statement(delete(table)) for table in reversed(SQLModel.metadata.sorted_tables)]


async def somebody_else() -> Claims:
    """Let another buyer sign in."""
    async with database.write() as session:
        other = User(email="ravi@example.in", role=Role.GUEST)
        session.add(other)
        return tokens.read(tokens.open_session(session, other))


async def keep_shop() -> str:
    """Let the buyer keep the shop too, signed in with a second factor; returns their token."""
    async with database.write() as session:
        user = await session.get_one(User, BUYER.user_id)
        user.role = Role.OWNER
        token = tokens.open_session(session, user)
    await show_factor(token)
    return token


async def show_factor(token: str) -> None:
    """Let the second factor have been shown in a sign-in just now."""
    async with database.write() as session:
        sign_in = await session.get_one(UserSession, tokens.read(token).session_id)
        sign_in.factor_at = clock.now()


async def row(table: type[Table], key: str) -> Table:
    """Return one row as it is now."""
    async with database.read() as session:
        return await session.get_one(table, key)


async def rows(table: type[Table]) -> list[Table]:
    """Return every row of a table in the order in which they were made."""
    async with database.read() as session:
        return list((await session.exec(select(table).order_by(col(table.created_at)))).all())


async def timeline(order_id: str) -> list[tuple[str, str]]:
    """Return an order's timeline as somebody else than its buyer reads it: kinds and messages."""
    async with database.read() as session:
        record = await gather(session, await session.get_one(Order, order_id))
    return [(told.kind, told.message) for told in record.timeline(Reader.OTHER)]


async def written(order_id: str) -> list[tuple[str, str, Data]]:
    """Return an order's events as they were written down: kinds, who did it, and the data."""
    async with database.read() as session:
        return [(event.kind, event.actor, event.data) for event in await orders.timeline(session, order_id)]


async def waits_for(order_id: str) -> list[str]:
    """Return why an order waits for a person, the oldest reason first."""
    async with database.read() as session:
        return [issue_sentence(issue) for issue in await issues.open_issues(session, Subject.ORDER, [order_id])]


async def let_refund_be_due(refund_id: str, ago: int = 1) -> None:
    """Let a planned refund have been due for so many seconds."""
    async with database.write() as session:
        (await session.get_one(Refund, refund_id)).due_at = clock.now() - timedelta(seconds=ago)


async def put_on_shelf(
    on_hand: int,
    amount: int = 48000,
    *,
    slug: str = "cups",
    name: str = "Kulhad cups",
    tax_rate: int = 0,
    digital: bool = False,
) -> str:
    """Put a product on the shelf and return its id, which is also its variant's."""
    product = Product(
        slug=slug,
        name=name,
        category="Table",
        summary="Six cups.",
        description="Clay.",
        image="cups.svg",
        image_alt="Six cups.",
        digital=digital,
    )
    variant = Variant(
        id=product.id, product_id=product.id, sku=slug, amount=amount, on_hand=on_hand, tax_rate=tax_rate, hsn="6912"
    )
    async with database.write() as session:
        assert await catalog.add_product(session, product, variant)
    return product.id


async def pdf() -> AsyncIterator[bytes]:
    """Be what a product's file begins with."""
    yield b"%PDF-1.4"


async def reconcile_once(order_id: str) -> None:
    """Do for one order what the background jobs do, once: compare it with the gateway, carry its refunds out."""
    await reconcile.check_order(order_id)
    await refunds.carry_out_due(order_id)


async def violations() -> list[Violation]:
    """Return everything that does not hold: the rules, and the comparison with the gateway paisa by paisa."""
    return [*await check_rules(), *(await compare_with_gateway()).violations]


@contextmanager
def settings_for(monkeypatch: pytest.MonkeyPatch, **values: str) -> Iterator[None]:
    """Give this process the shop's settings, and take them away again."""
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    try:
        yield
    finally:
        settings.cache_clear()


@asynccontextmanager
async def running_inside(folder: Path, database_url: str) -> AsyncIterator[Inside]:
    """Run a shop and its gateway in this process, for one block at a time."""
    keys = (KeyPair(KEY_ID, KEY_SECRET), KeyPair(OTHER_KEY_ID, OTHER_KEY_SECRET))
    sandbox = Sandbox(SandboxConfig(data=folder / "gateway", keys=keys, webhook_secret=WEBHOOK_SECRET))
    line = TroubledLine(Indoors(sandbox.app))
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        settings_for(
            monkeypatch,
            DATA_DIR=str(folder),
            DATABASE_URL=database_url,
            RAZORPAY_API_URL="http://gateway.test",
            RAZORPAY_KEY_ID=KEY_ID,
            RAZORPAY_KEY_SECRET=KEY_SECRET,
            RAZORPAY_WEBHOOK_SECRET=WEBHOOK_SECRET,
            RATE_LIMITS=UNHURRIED,
        ),
    ):
        monkeypatch.setattr(client, "Razorpay", partial(client.Razorpay, line=line))
        monkeypatch.setattr(client, "_PAUSE_SECONDS", 0)  # nobody else is in a hurry here
        client.gateway.cache_clear()
        await asyncio.to_thread(migrate)
        yield Inside(sandbox, line)
        await client.gateway().aclose()
        await database.dispose()
        client.gateway.cache_clear()
    sandbox.gateway.store.close()
