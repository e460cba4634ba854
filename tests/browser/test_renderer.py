"""Pages come whoever renders them: when their renderer is dead, stuck or not there, the shop sells by their scripts."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from checkout_app.server import builds
from checkout_app.server.renderer import NODE
from tests.browser.conftest import ROOT, Shop
from tests.browser.products import change, put_on_sale
from tests.browser.steps import buy_as_guest
from tests.support.waiting import until

BOWL = "copper-bowl"
_PATH = f"/product/{BOWL}"
_amounts = count(10_000)
_KEEPER = """
import asyncio, sys
from pathlib import Path
from checkout_app.server.renderer import Renderer

async def keep():
    async with Renderer(Path(sys.argv[1])).running():
        print(flush=True)
        await asyncio.Event().wait()

asyncio.run(keep())
"""


@pytest.fixture(autouse=True)
def _bowl(shop: Shop) -> None:
    """A product of these tests alone."""
    put_on_sale(shop, BOWL, "Copper bowl")


@pytest.fixture
def renderer(shop: Shop) -> Iterator[int]:
    """The process that renders the shop's pages, back at work when the test is over."""
    [found] = until(_renderers, "a renderer")
    yield found
    until(lambda: _is_rendered(_new_page(shop)), "pages to be rendered again")


def _renderers() -> list[int]:
    """Return the processes that render the pages of this folder."""
    return [int(process.name) for process in Path("/proc").iterdir() if _renders(process)]


def _renders(process: Path) -> bool:
    try:
        command = (process / "cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return False
    return command[0] == str(NODE) and command[-1].startswith(str(ROOT))


def _new_page(shop: Shop) -> str:
    """Return a page that nobody has rendered before."""
    change(shop, BOWL, amount=next(_amounts), left=9, name="Copper bowl")
    answer = httpx.get(shop.url + _PATH, timeout=30).raise_for_status()
    assert "<title" in answer.text
    assert answer.text.count('"name":"Copper bowl"') >= 1
    assert '"@type":"Product"' in answer.text
    return answer.text


def _up(shop: Shop) -> float:
    """Return what the metrics say of it; the shop is up either way."""
    assert httpx.get(f"{shop.url}/api/health", timeout=30).is_success
    metrics = httpx.get(f"{shop.url}/metrics", timeout=30).text
    [said] = [line.split()[1] for line in metrics.splitlines() if line.startswith("shop_renderer_up ")]
    return float(said)


def _is_rendered(page: str) -> bool:
    return "<h1>Copper bowl</h1>" in page


def test_a_killed_renderer_is_missed_by_nobody_and_another_takes_its_place(
    shop: Shop, page: Page, renderer: int
) -> None:
    assert _is_rendered(_new_page(shop))
    os.kill(renderer, signal.SIGKILL)
    assert not _is_rendered(_new_page(shop))
    change(shop, BOWL, amount=77_700, left=9, name="Copper bowl")
    page.goto(_PATH)
    expect(page.get_by_text("₹777.00", exact=True)).to_be_visible()
    expect(page).to_have_title("Copper bowl · Mitti")
    until(lambda: [each for each in _renderers() if each != renderer], "another renderer")
    until(lambda: _up(shop) == 1, "the metrics to say so")


def test_one_that_is_stuck_is_not_waited_for_but_ended(shop: Shop, renderer: int) -> None:
    os.kill(renderer, signal.SIGSTOP)
    assert not _is_rendered(_new_page(shop))
    until(lambda: renderer not in _renderers(), "its end")


def test_of_many_pages_at_once_each_is_its_own_even_as_their_renderer_is_killed(shop: Shop, renderer: int) -> None:
    bowls = [f"bowl-{number}" for number in range(40)]
    for number, slug in enumerate(bowls):
        put_on_sale(shop, slug, f"Bowl {number}.", category="Bowls", position=9_000)

    def look(number: int) -> tuple[set[str], bool]:
        text = httpx.get(f"{shop.url}/product/{bowls[number]}", timeout=30).raise_for_status().text
        return set(re.findall(r"Bowl \d+\.", text)), f"<h1>Bowl {number}.</h1>" in text

    with ThreadPoolExecutor(len(bowls)) as visitors:
        looking = [visitors.submit(look, number) for number in range(len(bowls))]
        assert looking[0].result()[1]
        os.kill(renderer, signal.SIGKILL)
        assert [each.result()[0] for each in looking] == [{f"Bowl {number}."} for number in range(len(bowls))]


def test_without_any_the_shop_sells(page: Page, shop: Shop, renderer: int) -> None:
    def keep_killing() -> None:
        for each in _renderers():
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    page.on("request", lambda _: keep_killing())
    buy_as_guest(page, BOWL)
    page.goto("/category/table")
    page.get_by_role("link", name="Copper bowl").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Copper bowl")
    expect(page.locator("head > title")).to_have_count(1)
    assert renderer not in _renderers()

    def is_missed() -> bool:
        keep_killing()
        return _up(shop) == 0

    until(is_missed, "the metrics to say that there is none")


def test_none_is_left_when_whoever_began_it_is_killed(shop: Shop) -> None:
    assert shop
    served = until(_renderers, "a renderer")
    build = builds.current()
    assert build
    program = build / builds.FILES.with_name(builds.RENDERER)
    keeper = subprocess.Popen([sys.executable, "-c", _KEEPER, program], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert keeper.stdout
        assert keeper.stdout.readline()
        until(lambda: len(_renderers()) == len(served) + 1, "one more")
    finally:
        keeper.kill()
        keeper.communicate()
    until(lambda: _renderers() == served, "its end")
