"""`/dev/mail`: in development mails are read there, shut in; elsewhere there is no such place."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from checkout_app.core import ids
from checkout_app.core.settings import settings
from checkout_app.mail import letters, post
from checkout_app.mail.letters import Envelope, Letter
from checkout_app.server.api import build_api
from checkout_app.server.assemble import in_front_of
from checkout_app.server.one_origin import is_backend_path
from tests.support.inside import settings_for
from tests.web.test_assemble import Reflex

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path)):
        yield


def _asking() -> httpx.AsyncClient:
    app = in_front_of(Reflex(), build_api())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop")


async def _written(*subjects: str) -> list[str]:
    """Write mails, and return their names."""
    names = [ids.new_id() for _ in subjects]
    async with post.way_out() as way:
        for name, subject in zip(names, subjects, strict=True):
            letter = Letter(subject=subject, paragraphs=(EVIL,), button="Choose a password", link="/reset?link=abc")
            envelope = Envelope(name, "meera@example.in", AT)
            made = letters.message(letter, envelope, sender="shop@localhost", shop="Mitti", accent="#A8451F")
            await way.send(name, made, None)
    return names


async def test_mails_are_listed_the_newest_first_and_each_is_read_with_its_links() -> None:
    names = await _written("Older", f"Newer {EVIL}")
    async with _asking() as browser:
        listed, one = await browser.get("/dev/mail"), await browser.get(f"/dev/mail/{names[1]}")
    assert listed.text.index(names[1]) < listed.text.index(names[0])
    assert "27 Nov 2026, 3:00 pm · meera@example.in" in listed.text
    assert f'<a href="{settings().public_url}/reset?link=abc">' in one.text
    assert EVIL not in listed.text + one.text
    assert is_backend_path("/dev/mail/x")


async def test_what_a_mail_says_is_shut_in() -> None:
    [name] = await _written("Hello")
    async with _asking() as browser:
        one, page = await browser.get(f"/dev/mail/{name}"), await browser.get(f"/dev/mail/{name}/page")
    assert f'<iframe src="/dev/mail/{name}/page" sandbox="" title="The mail">' in one.text
    assert page.headers["content-security-policy"].split("; ") == [
        *("default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'self'", "sandbox"),
    ]
    assert "frame-ancestors 'none'; frame-src 'self'" in one.headers["content-security-policy"]
    assert {answer.headers["cache-control"] for answer in (one, page)} == {"no-store"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/dev/mail/%2e%2e%2fshop", 404),
        ("GET", f"/dev/mail/{'0' * 26}", 404),
        ("POST", "/dev/mail", 405),
        ("DELETE", f"/dev/mail/{'0' * 26}", 405),
    ],
)
async def test_nothing_else_is_read_there_and_nothing_is_done(method: str, path: str, status: int) -> None:
    await _written("Hello")
    (settings().data_dir / "shop.eml").write_text("Subject: secret\n\nhidden")
    async with _asking() as browser:
        answer = await browser.request(method, path)
    assert (answer.status_code, "hidden" in answer.text) == (status, False)


async def test_an_empty_folder_says_where_mails_go() -> None:
    async with _asking() as browser:
        assert f"Mails are put into {post.folder()}." in (await browser.get("/dev/mail")).text


async def test_outside_of_development_there_is_no_such_place(monkeypatch: pytest.MonkeyPatch) -> None:
    [name] = await _written("Hello")
    monkeypatch.setattr(settings(), "environment", "production")
    async with _asking() as browser:
        answers = [await browser.get(path) for path in ("/dev/mail", f"/dev/mail/{name}", f"/dev/mail/{name}/page")]
    assert [answer.text for answer in answers] == ["Reflex"] * 3
