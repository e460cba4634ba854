"""`.env.example` lists every setting, and says nothing that the shop would not do without it."""

from pathlib import Path

import pytest

from checkout_app.core import rates
from checkout_app.core.settings import Settings
from tests.support.processes import ROOT

EXAMPLE = ROOT / ".env.example"


def test_every_setting_is_in_the_example_once() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    named = [line.partition("=")[0].lower() for line in lines if line and not line.startswith("#")]
    assert sorted(named) == sorted(name for name, field in Settings.model_fields.items() if field.init is not False)


def test_the_example_as_it_is_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    without = Settings()
    (tmp_path / ".env").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    copied = Settings()
    assert copied.model_dump(exclude={"rate_limits"}) == without.model_dump(exclude={"rate_limits"})
    assert rates.rates(copied.rate_limits) == rates.DEFAULTS
    assert {what: rates.most(what, copied.rate_limits) for what in rates.MOST} == rates.MOST
