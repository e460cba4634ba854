"""One's own account on its page, and how somebody comes to run the shop: invited, with a second factor."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import buy_at_once, come_as_guest, new_address, sign_in, sign_up
from tests.support.factors import digits
from tests.support.processes import operate

PASSWORD, NEW = "kulhad-chai-first", "kulhad-chai-second"


def _heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def _invitation(shop: Shop, address: str) -> str:
    own = {"ENVIRONMENT": "development", "DATA_DIR": str(shop.database.parent), "PORT": shop.url.rpartition(":")[2]}
    return operate(own, "appoint", address).stdout.split()[-1]


def test_who_is_invited_sets_a_second_factor_up_and_shows_it_at_the_next_sign_in(
    page: Page, shop: Shop, browser: Browser
) -> None:
    address = new_address()
    page.goto(_invitation(shop, address))
    page.get_by_label("Name").fill("Meera Iyer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join the shop").click()
    _heading(page, "Set up your second factor")
    assert violations(page) == []
    secret = re.search(r"[A-Z2-7]{32}", page.get_by_role("button", name="Key").inner_text())
    assert secret
    page.get_by_label("The six digits").fill("000000")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_text("does not show these digits").filter(visible=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text(secret[0])).to_be_visible()  # it is what their app has scanned
    page.get_by_label("The six digits").fill(digits(secret[0]))
    page.get_by_role("button", name="Set it up").click()
    _heading(page, "Keep these codes")
    assert violations(page) == []
    code = page.locator(".codes li").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/merchant")
    elsewhere = browser.new_page(base_url=shop.url)
    elsewhere.goto("/login?next=/account")
    sign_in(elsewhere, address, PASSWORD)
    _heading(elsewhere, "Show that it is you")
    assert violations(elsewhere) == []
    elsewhere.get_by_label("Digits").fill(code)
    elsewhere.get_by_role("button", name="Go on").click()
    _heading(elsewhere, "Your account")
    elsewhere.close()


def test_a_guest_keeps_their_order_in_an_account_on_its_receipt(page: Page, shop: Shop) -> None:
    come_as_guest(page, shop)
    page.goto(buy_at_once(page, shop))
    form = page.get_by_role("form", name="Keep it in an account")
    form.get_by_label("Choose a password").fill("short")
    form.get_by_role("button", name="Keep it in an account").click()
    expect(form.get_by_text("Use at least").filter(visible=True)).to_be_visible()
    form.get_by_label("Choose a password").fill(PASSWORD)
    form.get_by_role("button", name="Keep it in an account").click()
    expect(page.get_by_text("You have an account now")).to_be_visible()
    page.get_by_role("link", name="My orders").first.click()
    expect(page.locator(".statement-line")).to_have_count(1)


def test_on_the_page_of_an_account_its_other_sign_ins_end_and_another_password_is_chosen(
    page: Page, shop: Shop
) -> None:
    address = new_address()
    page.goto("/login?next=/account")
    sign_up(page, "Meera Iyer", address, PASSWORD)
    _heading(page, "Your account")
    for _ in range(2):
        account = {"email": address, "password": PASSWORD}
        httpx.post(f"{shop.url}/api/auth/login", json=account, timeout=30).raise_for_status()
    page.reload()
    expect(page.get_by_text("This browser")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page.get_by_text("You are signed out there.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_have_count(1)
    page.get_by_text("Choose another password").click()
    form = page.get_by_role("form", name="Choose another password")
    form.get_by_label("Your password until now").fill("not-it-at-all")
    form.get_by_label("Your password from now on").fill(NEW)
    form.get_by_role("button", name="Keep this password").click()
    expect(form.get_by_text("do not belong together").filter(visible=True)).to_be_visible()
    form.get_by_label("Your password until now").fill(PASSWORD)
    form.get_by_role("button", name="Keep this password").click()
    expect(page.get_by_text("You have another password now")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all of it").click()
    assert download.value.suggested_filename == "my-data.json"
    assert address in download.value.path().read_text()


@pytest.mark.nightly
def test_an_account_is_erased_on_its_page_and_its_browser_signed_out(page: Page, shop: Shop) -> None:
    address = new_address()
    page.goto("/login?next=/account")
    sign_up(page, "Meera Iyer", address, PASSWORD)
    page.get_by_text("Erase your account").click()
    form = page.get_by_role("form", name="Erase your account")
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button", name="Erase my account").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert shop.execute("SELECT count(*) FROM users WHERE email = ?", address) == [(0,)]
