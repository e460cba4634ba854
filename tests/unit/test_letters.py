"""What a mail is made of: nothing in it can break out of its place."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from checkout_app.core import clock
from checkout_app.mail import letters
from checkout_app.mail.letters import Envelope, Letter
from tests.support.inside import settings_for

FROM = "shop@mitti.example"
ENVELOPE = Envelope("M", "meera@example.in", clock.now())


@pytest.mark.parametrize("name", ["Mitti\r\nBcc: evil@example.in", "मिट्टी", "x" * 300, 'A "shop", & <co>'])
def test_no_name_of_a_shop_breaks_a_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    letter = Letter(subject=f"Hello\r\nX-Evil: {name}", paragraphs=(f"<b>{name}</b>",))
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path)):
        made = letters.message(letter, ENVELOPE, sender=FROM, shop=name, accent="#A8451F")
    read = message_from_bytes(bytes(made), policy=default)
    assert set(read.keys()) == {
        *("From", "To", "Date", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"),
    }
    page = read.get_body(("html",))
    assert page is not None
    assert "<b>" not in page.get_content()
