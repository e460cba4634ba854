"""To import a part of the shop is no work: nothing is read, written, opened or asked before somebody wants it."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.processes import ROOT

FRONT_DOOR = "checkout_app.checkout_app"
"""What builds the app for whoever serves or builds."""


def _import(folder: Path, modules: Iterable[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Import modules as a server does, which does not gather the files of a build."""
    command = [sys.executable, str(ROOT / "tests/support/idle_import.py"), *modules]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "REFLEX_BACKEND_ONLY": "true", **environment}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_module_but_the_front_door_is_imported_without_any_work_and_whatever_the_settings(tmp_path: Path) -> None:
    files = sorted((ROOT / "checkout_app").rglob("*.py"))
    modules = {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files}
    assert FRONT_DOOR in modules
    done = _import(tmp_path, sorted(modules - {FRONT_DOOR}), ENVIRONMENT="nonsense", DATABASE_URL="nonsense", PORT="0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.nightly
def test_the_front_door_is_an_exception_for_good_reason(tmp_path: Path) -> None:
    done = _import(tmp_path, [FRONT_DOOR])
    assert (done.returncode, f"{FRONT_DOOR}: reads the settings" in done.stdout) == (1, True), done.stderr
