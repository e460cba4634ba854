"""What a tab that is open goes on loading after a release is kept for a day, and is in nobody's way."""

import os
from pathlib import Path

import pytest

from checkout_app.core.settings import settings
from checkout_app.server.builds import FILES
from checkout_app.server.kept_assets import folders, kept

DAY = 24 * 60 * 60


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the data."""
    monkeypatch.setattr(settings(), "data_dir", tmp_path / "data")
    return tmp_path / "data"


def _build(folder: Path, name: str) -> Path:
    assets = folder / name / FILES / "assets"
    assets.mkdir(parents=True)
    (assets / f"{name}.js").write_text(name)
    return folder / name


def _there() -> set[str]:
    return {asset.name for folder in folders() for asset in (folder / "assets").iterdir()}


def _let_a_day_go_by() -> None:
    for folder in folders():
        at = folder.stat().st_mtime - DAY - 60
        os.utime(folder, (at, at))


@pytest.mark.usefixtures("data")
def test_assets_stay_for_a_day_after_they_were_served_last(tmp_path: Path) -> None:
    one, two, three = (_build(tmp_path, name) for name in ("one", "two", "three"))
    with kept(one):
        _let_a_day_go_by()
    with kept(two):
        assert _there() == {"one.js", "two.js"}, "the first was served until a moment ago"
    _let_a_day_go_by()
    with kept(three):
        assert _there() == {"three.js"}


@pytest.mark.usefixtures("data")
def test_assets_that_went_while_they_were_served_are_there_for_who_still_has_them_open(tmp_path: Path) -> None:
    with kept(_build(tmp_path, "old")):
        _let_a_day_go_by()
        with kept(_build(tmp_path, "new")):
            assert _there() == {"new.js"}
    assert _there() == {"old.js", "new.js"}


def test_where_they_cant_be_kept_the_shop_is_open_all_the_same(
    tmp_path: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data.mkdir()
    (data / "kept-assets").touch()
    with kept(_build(tmp_path, "one")):
        assert folders() == []
    assert "assets are not kept for tabs that are open" in caplog.text


def test_a_copy_that_was_cut_short_counts_for_nothing_and_is_made_again(tmp_path: Path, data: Path) -> None:
    cut = data / "kept-assets" / ".one" / "assets"
    cut.mkdir(parents=True)
    (cut / "one.js").touch()
    assert folders() == []
    with kept(_build(tmp_path, "one")):
        [folder] = folders()
        assert (folder / "assets" / "one.js").read_text() == "one"
