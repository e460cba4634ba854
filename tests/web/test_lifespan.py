"""What a server does when it starts."""

import subprocess
import sys
from pathlib import Path

from tests.support.processes import ROOT

_STARTED = """
import asyncio, gc, types
import checkout_app.checkout_app
from checkout_app.server.lifespan import opening

app = types.SimpleNamespace(event_processor=types.SimpleNamespace())  # in place of Reflex's, which a server makes

async def nothing() -> None:
    pass

async def start() -> None:
    async with opening(nothing)(app):
        print(gc.get_freeze_count(), len(gc.get_objects()))
        before = gc.get_stats()[0]["collections"]
        made = [[] for _ in range(5_000)]
        print(gc.get_stats()[0]["collections"] - before)

asyncio.run(start())
"""


def test_the_collector_leaves_the_started_program_alone_and_looks_seldom_at_the_rest(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", _STARTED]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    frozen, looked_through, looks = map(int, done.stdout.split()[-3:])
    assert frozen > 100_000 > 10 * looked_through
    assert looks <= 1
