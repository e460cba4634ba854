"""Our JavaScript is linted and type-checked, all of it, by tools that a lock names."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import ROOT
from tools.javascript import NOT_TYPED_YET
from tools.packages import install

LOCK = ROOT / "tools" / "js" / "package-lock.json"
FOLDERS = ("assets", "checkout_app", "razorpay-sandbox/src/razorpay_sandbox", "razorpay-sandbox/tests/node")
WRONG = (
    ("assets/sw.js", "const left = 1;", "'left' is assigned a value but never used"),
    ("checkout_app/server/live.js", "export const twice = (n) => 2 * n;", "error TS7006"),
    ("checkout_app/ui/copy_text.jsx", "const left = 1;", "'left' is assigned a value but never used"),
    ("checkout_app/ui/copy_text.jsx", 'export const shownFor = "2" * SHOWN_FOR;', "error TS2362"),
    ("checkout_app/ui/copy_text.jsx", "export const twice = (n) => 2 * n;", "error TS7006"),
    (
        "razorpay-sandbox/src/razorpay_sandbox/checkout/frame/money.js",
        "export const none = [].nothing;",
        "error TS2339",
    ),
    (
        "razorpay-sandbox/src/razorpay_sandbox/console/static/console.js",
        "if (base == 1) run();",
        "'run' is not defined",
    ),
    ("razorpay-sandbox/tests/node/conformance.mjs", "var old = 1;", "Unexpected var"),
)
"""What is wrong in the end of a file, and what is said of it."""


def _check(root: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "tools.javascript"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of our JavaScript, to break, with the tools that are installed here; `make lint` checks the whole."""
    install(LOCK.parent, "js")
    folder = tmp_path_factory.mktemp("javascript")
    for name in (*FOLDERS, "tools"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.py[cod]", "external")
        )
    cache = folder / ".cache" / "js"
    cache.mkdir(parents=True)
    (cache / "node_modules").symlink_to(ROOT / ".cache" / "js" / "node_modules")
    shutil.copy(ROOT / ".cache" / "js" / "installed-lock.json", cache)
    return folder


def _complaints(said: str) -> Iterator[str]:
    """Write each complaint with its file before it; eslint has a line for the file and indents what it says of it."""
    file = ""
    for line in said.splitlines():
        if line.startswith("/"):
            file = line
        yield f"{file} {line}" if line.startswith(" ") else line


def test_what_is_wrong_is_found_wherever_it_is(house: Path) -> None:
    whole = {file: (house / file).read_text(encoding="utf-8") for file, _, _ in WRONG}
    for file, text in whole.items():
        code = [code for broken, code, _ in WRONG if broken == file]
        (house / file).write_text("\n".join([text, *code, ""]), encoding="utf-8")
    status, said = _check(house)
    complaints = list(_complaints(said))
    missed = [each for each in WRONG if not any(each[0] in line and each[2] in line for line in complaints)]
    assert (status, missed) == (1, []), said


def _scripts() -> Iterator[str]:
    """Look for scripts everywhere but where others put theirs."""
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [
            name for name in inner if not name.startswith(".") and name not in {"node_modules", "external", "mutants"}
        ]
        for name in names:
            if name.endswith((".js", ".jsx", ".mjs", ".cjs")):
                yield Path(folder, name).relative_to(ROOT).as_posix()


def test_every_script_of_ours_is_in_a_folder_that_is_looked_at() -> None:
    scripts = list(_scripts())
    assert scripts
    assert [name for name in scripts if not name.startswith((*FOLDERS, "tools/js/"))] == []


def test_every_file_that_is_not_typed_yet_is_there_and_says_why() -> None:
    assert all(NOT_TYPED_YET.values())
    assert [name for name in NOT_TYPED_YET if not name.startswith(".cache/") and not (ROOT / name).exists()] == []


def test_the_lock_names_every_package_by_its_hash_and_no_registry() -> None:
    text = LOCK.read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert '"resolved"' not in text
    assert [name for name, package in packages.items() if name and not package["integrity"].startswith("sha512-")] == []
    named = json.loads((LOCK.parent / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert named == {name: packages[f"node_modules/{name}"]["version"] for name in named}
