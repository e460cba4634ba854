"""Behind https, on a port that is not the usual one."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import open_shop, watch
from tests.browser.steps import CUPS, continue_as_guest, new_address
from tests.support.processes import free_port
from tests.support.tls import tls_in_front_of


def test_the_pages_live_on_whatever_port_https_is(
    tmp_path: Path, new_context: Callable[..., BrowserContext], complaints: list[str]
) -> None:
    port, https = free_port(), free_port()
    url = f"https://localhost:{https}"
    with open_shop(tmp_path, port, PUBLIC_URL=url), tls_in_front_of(port, at=https):
        context = new_context(ignore_https_errors=True)
        watch(context, complaints)
        page = context.new_page()
        page.goto(f"{url}/product/{CUPS}")
        page.get_by_role("button", name="Buy now").click()
        continue_as_guest(page, new_address())
        expect(page.get_by_role("button", name="Pay ₹")).to_be_enabled()
        context.close()  # while there is a shop: its page would complain of one that is gone
