"""The shop's id is kept outside of its database: in `.env`, whose other lines stay as they are."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkout_app.core import shop_id
from checkout_app.core.settings import SettingsError, settings
from tests.commands.conftest import LIVE
from tests.support.inside import settings_for


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder with a shop in production, whose `.env` has other lines too."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("# Ours\nPORT=3100\nSHOP_ID=\nACCENT=#112233\n")
    with settings_for(monkeypatch, **LIVE, DATA_DIR=str(tmp_path)):
        yield tmp_path


def test_it_is_written_into_env_and_read_from_there(live: Path) -> None:
    assert not shop_id.is_kept()
    shop_id.remember("3f2a91c07b")
    assert (live / ".env").read_text() == "# Ours\nPORT=3100\nSHOP_ID=3f2a91c07b\nACCENT=#112233\n"
    assert (live / ".env").stat().st_mode & 0o777 == 0o600
    assert settings().shop_id == "3f2a91c07b"
    settings.cache_clear()
    assert settings().shop_id == "3f2a91c07b"
    assert shop_id.is_kept()
    assert [path.name for path in live.iterdir()] == [".env"]


def test_a_line_is_added_where_there_is_none(live: Path) -> None:
    (live / ".env").write_text("PORT=3100")
    shop_id.remember("3f2a91c07b")
    assert (live / ".env").read_text() == "PORT=3100\nSHOP_ID=3f2a91c07b\n"


def test_env_stays_a_link_and_its_owners(live: Path) -> None:
    real = live / "etc" / "shop.env"
    real.parent.mkdir()
    (live / ".env").rename(real)
    (live / ".env").symlink_to(real)
    owner = 10_001 if os.geteuid() == 0 else os.geteuid()  # whoever migrates as root does not lock the service out
    os.chown(real, owner, -1)
    shop_id.remember("3f2a91c07b")
    assert (live / ".env").is_symlink()
    assert "SHOP_ID=3f2a91c07b\n" in real.read_text()
    assert (real.stat().st_uid, real.stat().st_mode & 0o777) == (owner, 0o600)


def test_without_env_it_is_the_operators_to_keep(live: Path) -> None:
    (live / ".env").unlink()
    shop_id.remember("3f2a91c07b")
    assert (settings().shop_id, shop_id.is_kept()) == ("3f2a91c07b", False)
    assert list(live.iterdir()) == []


def test_the_environment_is_not_overruled(live: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_ID", "another-shop")
    with pytest.raises(SettingsError, match="let it say SHOP_ID=3f2a91c07b"):
        shop_id.remember("3f2a91c07b")
    assert "SHOP_ID=\n" in (live / ".env").read_text()


@pytest.mark.parametrize("odd", ["a b c d", "abc", "A" * 10, "x" * 33, "id\n", "é" * 8])
@pytest.mark.usefixtures("live")
def test_an_id_that_could_not_be_kept_is_refused(monkeypatch: pytest.MonkeyPatch, odd: str) -> None:
    monkeypatch.setenv("SHOP_ID", odd)
    settings.cache_clear()
    with pytest.raises(SettingsError, match="SHOP_ID: must have 4 to 32 small letters, digits or dashes"):
        settings()
