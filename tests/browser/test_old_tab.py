"""A tab that was open before a new version came goes on with its own scripts."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checkout_app.server import builds
from tests.browser.conftest import Shop, open_shop
from tests.browser.steps import CUPS, continue_as_guest, new_address, pay_for_it
from tests.support.processes import free_port
from tests.support.waiting import until

AWAY = "WebSocket connection|/_event|/api/events"
"""While one server takes the other's place."""
_HASHED = re.compile(r"-([\w-]{8})\.(?:js|css)$")
_TEXT = {".js", ".css", ".html", ".mjs", ".json"}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of builds with the one that is current, so that another can be put beside it."""
    current = builds.current()
    assert current, "the shop of the other tests is built"
    shutil.copytree(current, tmp_path / "pages" / current.name)
    (tmp_path / "pages" / "current").symlink_to(current.name)
    return tmp_path / "pages"


@pytest.fixture
def old_shop(pages: Path) -> Iterator[Shop]:
    with open_shop(pages.parent, free_port(), REFLEX_WEB_WORKDIR=str(pages)) as opened:
        yield opened


@pytest.mark.usefixtures("shop")  # which builds the pages
@pytest.mark.console_allows(AWAY)
def test_a_tab_from_before_a_release_buys_with_the_scripts_it_has(page: Page, old_shop: Shop, pages: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(f"{old_shop.url}/product/{CUPS}")
    expect(page.get_by_role("button", name="Buy now")).to_be_enabled()
    page.evaluate("window.since = 'before'")
    names = _release(pages)
    os.kill(old_shop.pid, signal.SIGUSR1)
    until(lambda: "all servers have been replaced" in old_shop.log.read_text(), "the release")
    already = len(asked)
    page.get_by_role("button", name="Buy now").click()
    page.wait_for_url("**/continue*")
    expect(page.get_by_role("form", name="Continue as a guest")).to_be_visible()
    assert page.evaluate("window.since") == "before", "nothing was loaded anew"
    assert set(asked[already:]) & set(names), "its own scripts were asked for"
    continue_as_guest(page, new_address())
    pay_for_it(page)
    page.goto(f"{old_shop.url}/product/{CUPS}")
    assert set(asked) & set(names.values()), "who comes now gets the new ones"


def _release(pages: Path) -> dict[str, str]:
    """Put the same build there with other names for its assets; returns the names, by those from before."""
    before = (pages / "current").resolve()
    after = shutil.copytree(before, pages / "release", ignore=shutil.ignore_patterns("*.br", "*.gz"))
    assets = after / "build" / "client" / "assets"
    hashes = {found[1]: found[1][::-1] for each in assets.iterdir() if (found := _HASHED.search(each.name))}
    either = re.compile("|".join(map(re.escape, hashes)))
    names = {}
    for file in [path for path in after.rglob("*") if path.is_file() and path.suffix in _TEXT]:
        file.write_text(either.sub(lambda found: hashes[found[0]], file.read_text()))
        if _HASHED.search(file.name):
            names[file.name] = either.sub(lambda found: hashes[found[0]], file.name)
            file.rename(file.with_name(names[file.name]))
    (pages / "next").symlink_to("release")
    (pages / "next").replace(pages / "current")
    return names
