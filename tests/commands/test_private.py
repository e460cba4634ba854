"""What the shop keeps is nobody else's on its machine."""

import stat
from collections.abc import Mapping
from pathlib import Path

from tests.support.processes import operate


def _read_by_others(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_what_is_written_is_nobody_elses_and_what_was_there_becomes_so(development: Mapping[str, str]) -> None:
    data = Path(development["DATA_DIR"])
    data.chmod(0o755)
    (data / "shop.db").touch(0o644)
    assert len(_read_by_others(data)) == 2
    for command in (["migrate"], ["demo"], ["backup", str(data)]):
        assert operate(development, *command).returncode == 0, command
    assert _read_by_others(data) == []
