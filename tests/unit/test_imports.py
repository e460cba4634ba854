"""To import a part of the shop is no work: nothing is read, written, opened or asked before somebody wants it."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.support.processes import ROOT

SHELF = "checkout_app.shopfront.state"
"""Reflex takes the defaults of a state as its class is made, and builds the pages with them: here, the products."""
AT_WORK = {
    SHELF,
    "checkout_app.shopfront.pages.home",
    "checkout_app.shopfront.pages.product",
    "checkout_app.checkout_app",
}
"""The shelf and who imports it; the last is the front door, which builds the app for whoever serves or builds."""


def _import(folder: Path, modules: Iterable[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Import modules as a server does, which does not gather the files of a build."""
    command = [sys.executable, str(ROOT / "tests/support/idle_import.py"), *modules]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "REFLEX_BACKEND_ONLY": "true", **environment}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_module_but_the_shelf_is_imported_without_any_work_and_whatever_the_settings(tmp_path: Path) -> None:
    files = sorted((ROOT / "checkout_app").rglob("*.py"))
    modules = {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files}
    assert modules > AT_WORK
    done = _import(tmp_path, sorted(modules - AT_WORK), ENVIRONMENT="nonsense", DATABASE_URL="nonsense", PORT="0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_the_shelf_is_an_exception_for_good_reason(tmp_path: Path) -> None:
    done = _import(tmp_path, [SHELF])
    assert (done.returncode, f"{SHELF}: reads the settings" in done.stdout) == (1, True), done.stderr
