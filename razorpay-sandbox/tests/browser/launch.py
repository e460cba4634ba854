"""How the browser is started: one that is installed, else Playwright's own."""

import os
import shutil
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = ["--disable-background-networking", "--disable-component-update", "--disable-gpu", "--no-first-run"]


def launch_options() -> dict[str, Any]:
    """Return what to start Chromium with; root, who runs tests in containers, can't use its sandbox."""
    installed = next((path for name in _NAMES if (path := shutil.which(name))), None)
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else _FLAGS
    return {"args": flags, **({"executable_path": installed} if installed else {})}
