"""Packages of npm that checks and measurements need: installed once for each lock, and then found."""

import shutil
import subprocess
import sys
from pathlib import Path

from checkout_app.core.turns import turn

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CACHE = ROOT / ".cache"


def install(locked: Path, name: str) -> Path:
    """Install what the lock in a folder names unless it is there, and return the folder of the packages."""
    folder = CACHE / name
    lock = (locked / "package-lock.json").read_bytes()
    CACHE.mkdir(exist_ok=True)
    with turn(CACHE, lambda: None):
        installed = folder / "installed-lock.json"
        if not installed.exists() or installed.read_bytes() != lock:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for file in ("package.json", "package-lock.json"):
                shutil.copy(locked / file, folder)
            command = [str(BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
            if subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False).returncode:
                sys.exit(f"npm could not install what {locked}/package-lock.json names")
            installed.write_bytes(lock)
    return folder / "node_modules"
