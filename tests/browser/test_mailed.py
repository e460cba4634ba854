"""A mail lets people in: a code that is typed, a link to another password, and one that says an address is theirs."""

import re
from email import message_from_bytes
from email.policy import default

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Shop
from tests.browser.steps import new_address, sign_in, sign_up
from tests.support.waiting import until

PASSWORD, NEW = "kulhad-chai-first", "kulhad-chai-second"


def _mail_to(shop: Shop, address: str, what: str) -> str:
    """Return what the newest mail to an address that says something says, once it is there."""

    def said() -> str:
        for file in sorted((shop.database.parent / "mail").glob("*.eml"), reverse=True):
            mail = message_from_bytes(file.read_bytes(), policy=default)
            body = mail.get_body(("plain",))
            if mail["to"] == address and body and re.search(what, text := str(body.get_content())):
                return text
        return ""

    return until(said, f"a mail to {address}")


def _link_in(text: str) -> str:
    found = re.search(r"https?://\S+link=\S+", text)
    assert found
    return found[0]


@pytest.fixture
def address(shop: Shop) -> str:
    """The address of an account."""
    email = new_address()
    account = {"email": email, "password": PASSWORD, "name": "Meera Iyer"}
    httpx.post(f"{shop.url}/api/auth/register", json=account, timeout=30).raise_for_status()
    return email


def test_a_mailed_code_signs_in_and_its_address_is_not_typed_twice(page: Page, shop: Shop, address: str) -> None:
    page.goto("/login?next=/orders")
    page.get_by_text("Sign in with a code").click()
    form = page.get_by_role("form", name="Mail me a code")
    form.get_by_label("E-mail").fill(address)
    form.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Type your code")
    assert "example.in" not in page.url
    assert violations(page) == []
    typing = page.get_by_role("form", name="Type your code")
    typing.get_by_label("Code").fill("000000")
    typing.get_by_role("button", name="Sign in").click()
    expect(typing.get_by_text("This is not the code").filter(visible=True)).to_be_visible()
    found = re.search(r"\b\d{6}\b", _mail_to(shop, address, "Type it where"))
    assert found
    typing.get_by_label("Code").fill(found[0])
    typing.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No orders yet")


def test_without_scripts_who_forgot_their_password_chooses_another(plain: Page, shop: Shop, address: str) -> None:
    plain.goto("/login")
    plain.get_by_role("link", name="Forgot your password?").click()
    plain.get_by_label("E-mail").fill(address)
    plain.get_by_role("button", name="Mail me a link").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Look at your mail")
    link = _link_in(_mail_to(shop, address, "/reset"))
    plain.goto(link)
    plain.get_by_label("Password", exact=True).fill(NEW)
    plain.get_by_role("button", name="Keep this password").click()
    plain.wait_for_url("**/orders")
    plain.goto(link)
    plain.get_by_label("Password", exact=True).fill(PASSWORD)
    plain.get_by_role("button", name="Keep this password").click()
    expect(plain.get_by_text("This link was used before").filter(visible=True)).to_be_visible()


def test_the_link_of_a_mail_says_that_an_address_is_ones_own(page: Page, shop: Shop) -> None:
    address = new_address()
    page.goto("/login")
    sign_up(page, "Meera Iyer", address, PASSWORD)
    expect(page.get_by_role("button", name="your account")).to_be_visible()
    asked = page.request.post("/api/auth/send-verification", headers={"origin": shop.url})
    assert asked.status == 202
    page.goto(_link_in(_mail_to(shop, address, "/verify")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this your address?")
    assert violations(page) == []
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No orders yet")
    [(verified,)] = shop.execute("SELECT verified_at FROM users WHERE email = ?", address)
    assert verified


@pytest.mark.nightly
def test_what_asks_for_a_mail_and_says_that_it_comes_can_be_used_by_everybody(page: Page) -> None:
    for path in ("/forgot", "/sent", "/reset?link=x"):
        page.goto(path)
        expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
        assert violations(page) == [], path


@pytest.mark.nightly
def test_the_password_of_before_opens_nothing_any_more(page: Page, shop: Shop, address: str) -> None:
    httpx.post(f"{shop.url}/api/auth/forgot", json={"email": address}, timeout=30).raise_for_status()
    link = _link_in(_mail_to(shop, address, "/reset"))
    page.goto(link)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Keep this password").click()
    expect(page.get_by_role("button", name="your account")).to_be_visible()
    page.get_by_role("button", name="your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/login?next=/orders")
    sign_in(page, address, PASSWORD)
    expect(page.get_by_text("do not belong together").filter(visible=True)).to_be_visible()
    sign_in(page, address, NEW)
    page.wait_for_url("**/orders")
