"""A shop that has all that going live needs, for the doctor to look at: real parts, of which a test breaks one."""

import asyncio
import json
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.journal.actors import OPERATOR
from checkout_app.payments.gateway import client
from checkout_app.payments.gateway.line import Answer, Request
from checkout_app.seller.policies import service as policies
from checkout_app.seller.profile import say
from checkout_app.server import build
from checkout_app.server.doctor import machine
from checkout_app.server.doctor.report import doctor
from razorpay_sandbox import KeyPair, Sandbox, SandboxConfig
from tests.support.databases import migrate
from tests.support.inside import Indoors, TroubledLine
from tests.support.processes import free_port
from tests.support.serving import put_up
from tests.support.shops import KEY_ID, KEY_SECRET

CLOSED = "https://127.0.0.2:9"
"""An address of a shop, for whoever only reads it; nobody answers there."""
_MOUNTS = "disk / {} rw 0 0\nproc /proc proc rw 0 0\n"

SELLER = {
    "legal_name": "Meera Iyer",
    "address_line1": "14 Fort Road",
    "pin": "570001",
    "care_email": "help@mitti.example",
    "care_phone": "0821 244 1234",
    "grievance_name": "Meera Iyer",
    "grievance_designation": "Proprietor",
    "grievance_email": "help@mitti.example",
}

Told = dict[str, tuple[str, str]]
"""What was said of each thing: the light, and the message."""


@dataclass
class World:
    """The shop, and what a test can break."""

    gateway: ASGIApp
    line: TroubledLine
    folder: Path
    monkeypatch: pytest.MonkeyPatch

    async def look(self, **changed: str) -> Told:
        """Let the doctor look, with some settings changed."""
        said: list[str] = []
        self.line.inner = _Disguised(self.gateway)  # the doctor closes what it used
        with self.monkeypatch.context() as monkeypatch:
            for name, value in changed.items():
                monkeypatch.setenv(name, value)
            settings.cache_clear()
            client.gateway.cache_clear()
            status = await doctor(said.append, as_json=True)
        report = json.loads("".join(said))
        told: Told = {finding["check"]: (finding["light"], finding["message"]) for finding in report["findings"]}
        assert (status, report["ready"]) == ((1, False) if "red" in lights(told) else (0, True))
        assert "[redacted]" not in str(told)
        return told

    def keep_on(self, kind: str) -> None:
        """Let the folder be on another kind of file system."""
        mounts = self.folder / "mounts"
        mounts.write_text(_MOUNTS.format(kind))
        self.monkeypatch.setattr(machine, "MOUNTS", mounts)

    @property
    def pages(self) -> Path:
        """The folder of the built pages."""
        return self.folder / "pages"


def lights(told: Told) -> set[str]:
    """Return the lights that are on."""
    return {light for light, _ in told.values()}


class _Disguised(Indoors):
    """The line to the sandbox for a shop with a live key, which no sandbox takes."""

    async def carry(self, request: Request) -> Answer:
        """Let the sandbox answer, as to its own key."""
        keys = b64encode(f"{KEY_ID}:{KEY_SECRET}".encode()).decode()
        return await super().carry(request._replace(headers={**request.headers, "Authorization": f"Basic {keys}"}))


@asynccontextmanager
async def going_live(folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Make such a shop in an empty folder, for the length of a block; it is not running."""
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    own = {
        "ENVIRONMENT": "production",
        "PUBLIC_URL": CLOSED,
        "PORT": str(free_port()),
        "DATA_DIR": str(data),
        "DATABASE_URL": database_url,
        "JWT_SECRET": secrets.token_hex(32),
        "RAZORPAY_KEY_ID": "rzp_live_LiveKey0000001",
        "RAZORPAY_KEY_SECRET": KEY_SECRET,
        "RAZORPAY_WEBHOOK_SECRET": secrets.token_hex(16),
        "REFLEX_WEB_WORKDIR": str(folder / "pages"),
    }
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    sandbox = Sandbox(SandboxConfig(data=folder / "gateway", keys=(KeyPair(KEY_ID, KEY_SECRET),)))
    world = World(sandbox.app, TroubledLine(_Disguised(sandbox.app)), folder, monkeypatch)
    monkeypatch.setattr(client, "Razorpay", partial(client.Razorpay, line=world.line))
    monkeypatch.setattr(client, "_PAUSE_SECONDS", 0)
    world.keep_on("ext4")
    await asyncio.to_thread(migrate)
    monkeypatch.setenv("SHOP_ID", settings().shop_id)
    await say(OPERATOR, SELLER)
    await policies.answer({}, OPERATOR)
    await database.dispose()
    monkeypatch.chdir(folder)
    put_up(world.pages, build._name(build._sources()))  # noqa: SLF001 - as if they had been built
    yield world
    await database.dispose()
    monkeypatch.undo()
    settings.cache_clear()
    client.gateway.cache_clear()
    sandbox.gateway.store.close()
