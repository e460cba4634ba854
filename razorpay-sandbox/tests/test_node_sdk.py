"""The official Node SDK, unmodified, against the sandbox."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import KEY_ID, KEY_SECRET, ROOT, WEBHOOK_SECRET, SandboxProcess

_HERE = Path(__file__).parent / "node"
_BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder the SDK is installed in, by what the lock file says; installed once."""
    lock = (_HERE / "package-lock.json").read_bytes()
    folder = ROOT / ".cache" / f"node-sdk-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_HERE / name, folder)
        command = [str(_BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        (folder / "complete").touch()
    return folder


def test_the_node_sdk_is_served_unmodified(sandbox: SandboxProcess, node_modules: Path) -> None:
    command = [str(_BIN / "node"), str(_HERE / "conformance.mjs"), sandbox.url, KEY_ID, KEY_SECRET, WEBHOOK_SECRET]
    done = subprocess.run(command, cwd=node_modules, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "conformant", done.stderr


def test_the_lock_file_names_no_registry() -> None:
    assert b'"resolved"' not in (_HERE / "package-lock.json").read_bytes()
