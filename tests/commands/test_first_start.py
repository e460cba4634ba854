"""The first start in production makes a shop where `.env` can keep which one it is, and misses it from then on."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from checkout_app.commands import serving
from checkout_app.core.database import DatabaseAway
from checkout_app.core.settings import settings


@pytest.fixture
def filled(live: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the `.env` of a shop that people are to buy from, where its commands are given."""
    file = tmp_path / ".env"
    file.write_text("".join(f"{name}={value}\n" for name, value in live.items()))
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield file
    settings.cache_clear()


def test_a_shop_is_begun_once_and_a_lost_one_is_not_begun_anew(filled: Path, tmp_path: Path) -> None:
    serving._update()  # noqa: SLF001 - what `run` and `release` begin with; they would build the pages next
    [line] = [line for line in filled.read_text().splitlines() if line.startswith("SHOP_ID=")]
    assert line.removeprefix("SHOP_ID=") == settings().shop_id != ""
    serving._update()  # noqa: SLF001
    (tmp_path / "shop.db").unlink()
    with pytest.raises(DatabaseAway, match=r"is known \(SHOP_ID\)"):
        serving._update()  # noqa: SLF001
    settings.cache_clear()
    with pytest.raises(DatabaseAway, match=r"is known \(SHOP_ID\)"):
        serving._update()  # noqa: SLF001


def test_without_a_file_to_keep_it_in_nothing_is_begun(filled: Path, tmp_path: Path) -> None:
    assert settings().environment == "production"
    filled.unlink()
    with pytest.raises(DatabaseAway, match="There is no shop in "):
        serving._update()  # noqa: SLF001
    assert not (tmp_path / "shop.db").exists()
