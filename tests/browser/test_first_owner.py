"""A shop that nobody owns says at its start who becomes its owner: whoever opens the link, by name, address and app."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import open_shop
from tests.browser.test_office import PASSWORD
from tests.support.factors import digits
from tests.support.processes import free_port


def test_the_link_of_the_first_start_leads_to_the_back_office(page: Page, tmp_path: Path) -> None:
    with open_shop(tmp_path, free_port()) as shop:
        [link] = re.findall(r"\S+/begin\?link=\S+", shop.told)
        page.goto(link)
        assert violations(page) == []
        page.get_by_label("Name").fill("Meera Iyer")
        page.get_by_label("E-mail").fill("meera@example.in")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Own this shop").click()
        secret = re.search(r"[A-Z2-7]{32}", page.get_by_role("button", name="Key").inner_text())
        assert secret
        page.get_by_label("The six digits").fill(digits(secret[0]))
        page.get_by_role("button", name="Set it up").click()
        page.get_by_role("link", name="I have kept them").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing sold yet today, nothing to ship")
        expect(page.get_by_role("link", name="People")).to_be_visible()
        page.close()  # before the shop, which it would miss
