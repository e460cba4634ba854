"""The back office of a shop of its own, which nobody else looks at, as its owner has it at hand: on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.conftest import Shop, open_shop, watch
from tests.browser.office.people import at_work
from tests.support.processes import free_port


@pytest.fixture(scope="package")
def office_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The demo shop, whose prices, policies and products are changed here."""
    with open_shop(tmp_path_factory.mktemp("office"), free_port()) as opened:
        yield opened


@pytest.fixture(scope="package")
def owner(office_shop: Shop) -> str:
    """The token of an owner who has just shown their second factor."""
    return at_work(office_shop)


@pytest.fixture
def office(
    browser: Browser,
    browser_context_args: dict[str, Any],
    playwright: Playwright,
    office_shop: Shop,
    owner: str,
    complaints: list[str],
) -> Iterator[Page]:
    """A page of the owner's browser."""
    phone = {**browser_context_args, **playwright.devices["Pixel 7"], "base_url": office_shop.url}
    with browser.new_context(**phone) as context:
        watch(context, complaints)
        context.add_cookies(
            [{"name": "session", "value": owner, "url": office_shop.url, "httpOnly": True, "sameSite": "Lax"}]
        )
        yield context.new_page()
