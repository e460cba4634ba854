"""The shop as people meet it: the real server, on a port and with data of its own, and a browser in front of it."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, BrowserContext, Page, Playwright

from tests.browser_launch import launch_options
from tests.support.processes import free_port
from tests.support.shops import UNHURRIED

ROOT = Path(__file__).resolve().parents[2]
_OPEN = "Stop it with Ctrl-C."
"""What is said last, once the shop is open."""
_LONGEST_STOP = 20
_LONGEST_WAIT = 15_000  # milliseconds; generous, because nothing waits longer than it has to
_SETTINGS_OF_OTHERS = (
    "DATABASE_URL",
    "JWT_SECRET",
    "JWT_SECRET_PREVIOUS",
    "LINK_SECRET",
    "LINK_SECRET_PREVIOUS",
    "PUBLIC_URL",
    "RAZORPAY_API_URL",
    "RAZORPAY_CHECKOUT_JS_URL",
    "RAZORPAY_KEY_ID",
    "RAZORPAY_KEY_ID_PREVIOUS",
    "RAZORPAY_KEY_SECRET",
    "RAZORPAY_KEY_SECRET_PREVIOUS",
    "RAZORPAY_WEBHOOK_SECRET",
    "REDIS_URL",
)


@dataclass(frozen=True)
class Shop:
    """A running shop: where it is, its database for what a visitor can't do, its log, the process that keeps it."""

    url: str
    database: Path
    log: Path
    pid: int
    told: str
    """What its start said."""

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        connection = sqlite3.connect(self.database, timeout=_LONGEST_STOP)
        with connection:
            rows = connection.execute(statement, values).fetchall()
        connection.close()
        return rows


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("shop"), free_port()) as opened:
        yield opened


@contextmanager
def open_shop(data: Path, port: int, **settings: str) -> Iterator[Shop]:
    """Run the shop for the length of a block."""
    environment = {**os.environ, **dict.fromkeys(_SETTINGS_OF_OTHERS, "")}
    environment |= {"ENVIRONMENT": "development", "DATA_DIR": str(data), "PORT": str(port), "LOG_FORMAT": "json"}
    environment |= {"WEB_WORKERS": "1", "RATE_LIMITS": UNHURRIED, **settings}
    command = [sys.executable, "-m", "checkout_app.cli", "run"]
    log = data / "shop.log"
    with (
        log.open("wb") as told,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=told, text=True) as server,
    ):
        output: list[str] = []
        for line in server.stdout or ():
            output.append(line)
            if line.startswith(_OPEN):
                break
        else:
            pytest.fail("The shop did not open:\n" + "".join(output) + log.read_text())
        shop = Shop(
            url=f"http://localhost:{port}", database=data / "shop.db", log=log, pid=server.pid, told="".join(output)
        )
        shop.execute("DELETE FROM delivery_zones")  # a test of its own says where parcels go; others need not
        shop.execute("UPDATE variants SET on_hand = 10000 WHERE sku = 'kulhad-cups-set-of-six'")  # most tests buy them
        try:
            yield shop
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(_LONGEST_STOP) == 0


@pytest.fixture(scope="session")
def base_url(shop: Shop) -> str:
    return shop.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **launch_options()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    # Motion is reduced, because drawing it in software is much of the work.
    looks = {"locale": "en-IN", "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
    return {**browser_context_args, **looks, "service_workers": "block"}  # which would ask for pages past our routes


@pytest.fixture
def complaints(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What the browser complained about; anything a test does not name with `console_allows` fails it.

    A violation of the content policy is such a complaint, and so is an error nobody caught.
    """
    seen: list[str] = []
    yield seen
    allowed = [pattern for marker in request.node.iter_markers("console_allows") for pattern in marker.args]
    assert [message for message in seen if not any(re.search(pattern, message) for pattern in allowed)] == []


@pytest.fixture(autouse=True)
def _watched(request: pytest.FixtureRequest, complaints: list[str]) -> None:
    if "context" in request.fixturenames:
        watch(request.getfixturevalue("context"), complaints)


@pytest.fixture(scope="session")
def ask(playwright: Playwright, base_url: str) -> Iterator[APIRequestContext]:
    """Somebody who asks for pages and files, for tests of answers that no browser has to show."""
    asking = playwright.request.new_context(base_url=base_url)
    yield asking
    asking.dispose()


@pytest.fixture
def somebody_else(new_context: Callable[..., BrowserContext], complaints: list[str]) -> Page:
    """Another person at another device."""
    other = new_context()
    watch(other, complaints)
    return other.new_page()


@pytest.fixture
def plain(new_context: Callable[..., BrowserContext], complaints: list[str]) -> Page:
    """A page of a browser that runs no scripts."""
    context = new_context(java_script_enabled=False)
    watch(context, complaints)
    return context.new_page()


def watch(context: BrowserContext, complaints: list[str]) -> None:
    """Give a context our patience, and note what it complains about."""
    context.set_default_timeout(_LONGEST_WAIT)
    context.on(
        "console",
        lambda entry: complaints.append(f"{entry.text} ({entry.location['url']})") if entry.type == "error" else None,
    )
    context.on("weberror", lambda error: complaints.append(str(error.error)))
