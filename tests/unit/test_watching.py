"""The settings by which a shop is watched: what can't work is refused, and no secret of theirs is told or logged."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checkout_app.core.settings import Settings, SettingsError, settings
from checkout_app.payments import former_keys, sweep
from checkout_app.payments.checks import watch
from checkout_app.payments.checks.alarms import WATCHED
from checkout_app.server import logs
from checkout_app.server.backups import schedule
from tests.support.inside import settings_for
from tests.support.processes import ROOT

URL, SECRET = "https://hooks.example/T0/B0/in-the-path", "sixteen-letters!"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://shop.example",
    "JWT_SECRET": "s" * 32,
    "RAZORPAY_KEY_ID": "rzp_live_AAAAAAAAAAAAAA",
    "RAZORPAY_KEY_SECRET": "k" * 24,
    "RAZORPAY_WEBHOOK_SECRET": "w" * 24,
}


@contextmanager
def _read(folder: Path, **values: str) -> Iterator[Settings]:
    given = PRODUCTION | {"DATA_DIR": str(folder)} | values
    with pytest.MonkeyPatch.context() as monkeypatch, settings_for(monkeypatch, **given):
        yield settings()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"METRICS_TOKEN": "fifteen-letters"}, "METRICS_TOKEN: must have at least 16 characters"),
        ({"METRICS_TOKEN": "sixteen letters!"}, "METRICS_TOKEN: must have at least 16 characters"),
        ({"METRICS_TOKEN": "sechzehn-zeichen-ä"}, "METRICS_TOKEN: must have at least 16 characters"),
        ({"ALERT_WEBHOOK_URL": URL}, "ALERT_WEBHOOK_URL needs ALERT_WEBHOOK_SECRET"),
        ({"ALERT_WEBHOOK_URL": URL, "ALERT_WEBHOOK_SECRET": "short"}, "ALERT_WEBHOOK_SECRET: must have at least 16"),
        *(
            ({"ALERT_WEBHOOK_URL": url, "ALERT_WEBHOOK_SECRET": SECRET}, sentence)
            for url, sentence in {
                "hooks.example/in-the-path": "ALERT_WEBHOOK_URL: must be like https://hooks.example/path",
                "https:///in-the-path": "ALERT_WEBHOOK_URL: must be like https://hooks.example/path",
                "https://[nonsense/in-the-path": "ALERT_WEBHOOK_URL: must be like https://hooks.example/path",
                "https://hooks.example:99999/in-the-path": "ALERT_WEBHOOK_URL: must be like",
                "https://hooks.example:0/in-the-path": "ALERT_WEBHOOK_URL: must be like",
                "https://hooks.example/in the-path": "ALERT_WEBHOOK_URL: must be like",
                "ftp://hooks.example/in-the-path": "ALERT_WEBHOOK_URL: must be like",
                "http://hooks.example/in-the-path": "ALERT_WEBHOOK_URL must begin with https:// in production",
            }.items()
        ),
    ],
)
def test_what_cant_work_is_refused_and_not_repeated(tmp_path: Path, change: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as refused, _read(tmp_path, **change):
        pass
    assert sentence in str(refused.value)
    assert not [value for value in change.values() if value in str(refused.value)]
    assert "in-the-path" not in str(refused.value)


@pytest.mark.parametrize("url", [URL, "http://localhost:9000/", "http://127.0.0.1/x", "http://[::1]:9000/x"])
def test_an_address_is_reached_safely_or_on_this_machine(tmp_path: Path, url: str) -> None:
    with _read(tmp_path, ALERT_WEBHOOK_URL=url, ALERT_WEBHOOK_SECRET=SECRET) as read:
        assert read.alert_webhook_url == url


def test_what_is_secret_is_neither_shown_nor_logged(tmp_path: Path) -> None:
    token = "a-token-for-metrics"
    with _read(tmp_path, ALERT_WEBHOOK_URL=URL, ALERT_WEBHOOK_SECRET=SECRET, METRICS_TOKEN=token) as read:
        known = logs.secrets_of(read)
        assert {URL, SECRET, token} <= set(known)
        assert not [secret for secret in (URL, SECRET, token) if secret in repr(read)]


def test_the_runbook_says_of_every_alarm_what_to_do() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    known = {
        *(rule.name for rule in WATCHED),
        watch.UNWATCHED,
        sweep.CLOCKS,
        sweep.LISTS,
        schedule.RULE,
        former_keys.TESTED,
        former_keys.ELSEWHERE,
    }
    assert [name for name in known if not re.search(rf"^\| `{re.escape(name)}` \|", text, re.MULTILINE)] == []
