"""The settings of mails: what can't work is refused, and the password is neither told nor logged."""

from pathlib import Path

import pytest

from checkout_app.core.settings import SettingsError, settings
from checkout_app.server import logs
from tests.support.inside import settings_for

FROM = "shop@mitti.example"


@pytest.mark.parametrize(
    ("url", "sender", "sentence"),
    [
        ("smtp://mail.example", "", "SMTP_URL needs MAIL_FROM"),
        ("smtp://mail.example", "shop", "MAIL_FROM: must be an e-mail address"),
        ("smtp://mail.example", f"{FROM}\nBcc: x@example.in", "MAIL_FROM: must be an e-mail address"),
        ("http://mail.example", FROM, "SMTP_URL: must be like smtp://"),
        ("mail.example:587", FROM, "SMTP_URL: must be like smtp://"),
        ("smtp://", FROM, "SMTP_URL: must be like smtp://"),
        ("smtp://mail.example:0", FROM, "SMTP_URL: must be like smtp://"),
        ("smtp://mail.example:99999", FROM, "SMTP_URL: must be like smtp://"),
        ("smtp://shop:hidden@mail.example/path", FROM, "SMTP_URL: must be like smtp://"),
        ("smtp://shop:hidden@mail.example?tls=no", FROM, "SMTP_URL: must be like smtp://"),
        ("smtp://shop@mail.example", FROM, "SMTP_URL: must have a user and a password, or neither"),
    ],
)
def test_what_cant_work_is_refused_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, sender: str, sentence: str
) -> None:
    with (
        settings_for(monkeypatch, DATA_DIR=str(tmp_path), SMTP_URL=url, MAIL_FROM=sender),
        pytest.raises(SettingsError) as refused,
    ):
        settings()
    assert sentence in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_the_password_is_neither_shown_nor_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "smtps://shop:hid%40den@mail.example"
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path), SMTP_URL=url, MAIL_FROM=FROM):
        assert "hid@den" in logs.secrets_of(settings())
        assert "hid%40den" not in repr(settings())
