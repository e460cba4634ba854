"""A shop that writes mails, and a server that takes them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from checkout_app.journal import followers
from checkout_app.server import mails
from tests.support.inside import Inside, settings_for
from tests.support.mail_server import running_mail_server
from tests.support.mailing import FROM


@pytest.fixture(autouse=True)
async def _writing(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A shop that writes mails, as many as anybody asks for."""
    assert inside
    mails.register()
    with settings_for(monkeypatch, RATE_LIMITS="mail=1000/minute"):
        yield
    followers.forget("mail")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server that takes the shop's mails."""
    with running_mail_server() as running, settings_for(monkeypatch, SMTP_URL=running.url, MAIL_FROM=FROM):
        yield running
