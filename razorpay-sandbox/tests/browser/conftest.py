"""The gateway as a process, a merchant's page on another origin, and a buyer's browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.buyer import ANDROID, IPHONE, Checkout
from tests.browser.launch import launch_options
from tests.browser.merchant import Merchant, running_merchant
from tests.support import SandboxProcess, sandbox_process

expect.set_options(timeout=15_000)  # generous: a wait ends as soon as what it waits for is there


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How the browser is started."""
    return launch_options()


@pytest.fixture(scope="session")
def gateway_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the gateway keeps its data and its log."""
    return tmp_path_factory.mktemp("gateway")


@pytest.fixture(scope="session")
def gateway(gateway_folder: Path) -> Iterator[SandboxProcess]:
    """The sandbox, as a process of its own."""
    with sandbox_process(gateway_folder) as running:
        yield running


@pytest.fixture(scope="session")
def merchant_site(gateway: SandboxProcess) -> Iterator[Merchant]:
    """The merchant's page, served once for all tests."""
    with running_merchant(gateway.url) as running:
        yield running


@pytest.fixture
def merchant(merchant_site: Merchant) -> Merchant:
    """The merchant's page with nothing posted to it yet."""
    merchant_site.posted.clear()
    return merchant_site


@pytest.fixture(scope="session")
def browsing(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile for all tests, as buyers have; the sheet keeps nothing in it that could join them.

    Motion is reduced, because drawing it in software is most of the work; the tests of motion switch it on.
    """
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1000, "height": 720})
    yield context
    context.close()


@pytest.fixture
def page(browsing: BrowserContext) -> Iterator[Page]:
    """A tab of its own for each test."""
    tab = browsing.new_page()
    yield tab
    tab.close()


@contextmanager
def _unbroken(page: Page) -> Iterator[None]:
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on(
        "console", lambda message: broken.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield
    assert not broken


@pytest.fixture
def checkout(page: Page, merchant: Merchant, gateway: SandboxProcess) -> Iterator[Checkout]:
    """A buyer in front of the merchant's page; fails when a page's script did."""
    with _unbroken(page):
        yield Checkout(page, merchant, gateway)


@contextmanager
def _phone(browser: Browser, user_agent: str) -> Iterator[Page]:
    viewport = ViewportSize(width=390, height=844)
    with browser.new_context(user_agent=user_agent, viewport=viewport, reduced_motion="reduce") as context:
        page = context.new_page()
        with _unbroken(page):
            yield page


@pytest.fixture
def iphone(browser: Browser, merchant: Merchant, gateway: SandboxProcess) -> Iterator[Checkout]:
    """The same buyer with an iPhone."""
    with _phone(browser, IPHONE) as page:
        yield Checkout(page, merchant, gateway)


@pytest.fixture
def android(browser: Browser, merchant: Merchant, gateway: SandboxProcess) -> Iterator[Checkout]:
    """The same buyer with an Android phone."""
    with _phone(browser, ANDROID) as page:
        yield Checkout(page, merchant, gateway)
