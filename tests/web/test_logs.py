"""What the log keeps to itself."""

import logging

import pytest

from checkout_app.server.logs import redact, redact_secrets


@pytest.mark.parametrize(
    "line",
    [
        "Event(name='x', router_data={'headers': {'cookie': 'session=s3cret; theme=dark', 'host': 'shop'}})",
        """{"authorization": "Bearer s3cret", "host": "shop"}""",
        "GET /_event/?EIO=4&token=s3cret&transport=websocket 101",
        "payload={'email': 'a@b.in', 'password': 's3cret'}",
        "ticket=s3cret used twice",
    ],
)
def test_cookies_tokens_and_passwords_are_blanked_out(line: str) -> None:
    kept = redact(line)
    assert "s3cret" not in kept
    assert "[redacted]" in kept


def test_what_is_no_secret_stays() -> None:
    line = "Event(name='place_order', router_data={'path': '/checkout', 'headers': {'host': 'shop'}})"
    assert redact(line) == line


def test_what_reflex_logs_about_an_event_is_redacted(caplog: pytest.LogCaptureFixture) -> None:
    redact_secrets()
    logger = logging.getLogger("reflex_base.event.processor.event_processor")
    logger.propagate = True
    logger.error("No handler for %s", {"headers": {"cookie": "session=s3cret"}})
    assert "No handler for" in caplog.text
    assert "s3cret" not in caplog.text
