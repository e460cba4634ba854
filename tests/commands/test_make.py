"""What `make` offers beside opening and testing: the sandbox alone, the next migration, and help that names all."""

import re
import shutil
from pathlib import Path

import httpx
import pytest

from tests.support.making import make, making
from tests.support.processes import ROOT, free_port
from tests.support.waiting import until


def test_help_has_a_line_for_everything_there_is_to_make() -> None:
    [names] = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    lines = make("help").stdout.splitlines()
    assert [line.split("\t")[0].removeprefix("  make ") for line in lines] == names.split()


def test_the_sandbox_runs_alone_and_keeps_its_state_in_the_data_folder(tmp_path: Path) -> None:
    port = free_port()
    with making("sandbox", environment={"PORT": str(port), "DATA_DIR": str(tmp_path)}):
        until(lambda: _answers(port), "the sandbox")
    assert [path.name for path in tmp_path.iterdir()] == ["sandbox-alone"]


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/v1/orders").status_code == httpx.codes.UNAUTHORIZED
    except httpx.TransportError:
        return False


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the program, to change the models of."""
    for folder in ("alembic", "checkout_app", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("Makefile", "alembic.ini", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def test_a_migration_is_numbered_named_and_carries_the_tables_to_what_the_models_say(house: Path) -> None:
    models = house / "checkout_app" / "seller" / "models.py"
    models.write_text(models.read_text() + "    motto: str | None = Field(default=None, max_length=99)\n")
    before = set((house / "alembic" / "versions").glob("*.py"))
    done = make("migration", "m=Let sellers have a motto.", root=house)
    assert done.returncode == 0, done.stderr
    [new] = set((house / "alembic" / "versions").glob("*.py")) - before
    assert new.name == f"{max(int(each.name[:4]) for each in before) + 1:04}_let_sellers_have_a_motto.py"
    assert done.stdout.startswith(f"Wrote alembic/versions/{new.name}. ")
    text = new.read_text()
    assert "###" not in text
    assert text.startswith('"""Let sellers have a motto."""\n')
    assert 'sa.Column("motto", ' in text
    assert f"There is no way down from revision {new.name[:4]}." in text


@pytest.mark.nightly
def test_a_migration_of_nothing_new_is_the_next_one_and_does_nothing(house: Path) -> None:
    before = set((house / "alembic" / "versions").glob("*.py"))
    done = make("migration", "m=Say nothing new", root=house)
    assert done.returncode == 0, done.stderr
    [new] = set((house / "alembic" / "versions").glob("*.py")) - before
    assert new.name[:4] == f"{max(int(each.name[:4]) for each in before) + 1:04}"
    assert "def upgrade() -> None:\n    pass\n" in new.read_text()


@pytest.mark.parametrize("message", ["", " . "])
def test_a_migration_without_words_is_refused(house: Path, message: str) -> None:
    before = set((house / "alembic" / "versions").glob("*.py"))
    done = make("migration", f"m={message}", root=house)
    assert done.returncode != 0
    assert "Say in a line what changes: " in done.stderr
    assert set((house / "alembic" / "versions").glob("*.py")) == before
