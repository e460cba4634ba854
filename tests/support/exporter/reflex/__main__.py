"""Stands for Reflex where a test is about when and where pages are built, not how: `python -m reflex export`.

It leaves the files that Reflex leaves, in the folder that Reflex is given, and can't go on where it was interrupted.
"""

import os
import shutil
import time
from pathlib import Path

HOLD, FAIL = "HOLD_EXPORT", "FAIL_EXPORT"
"""Files beside the builds: while the first is there, exporting goes on; when the second is there, it fails."""


def export(web: Path) -> int:
    """Export and return the exit status."""
    with (web.parent / "exports").open("a") as told:
        told.write(f"{os.getpid()}\n")
    interrupted = web / "interrupted"
    if interrupted.exists():
        return 1
    (web / "backend").mkdir(parents=True, exist_ok=True)
    interrupted.touch()
    files = web / "build" / "client"
    shutil.rmtree(files, ignore_errors=True)
    (files / "assets").mkdir(parents=True)
    while (web.parent / HOLD).exists():
        time.sleep(0.02)  # another process has no event of ours to set
    if (web.parent / FAIL).exists():
        return 1
    (web / "build" / "renderer.mjs").touch()
    (files / "404.html").write_text(os.environ["RAZORPAY_CHECKOUT_JS_URL"])
    (web / "routes.json").write_text("[]")
    interrupted.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(export(Path(os.environ["REFLEX_WEB_WORKDIR"])))
