"""Run `make` as people do, in the virtual environment of the tests: nothing is installed for it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import ROOT, inherited

_MAKE = shutil.which("make") or "make"
_AS_INSTALLED = (f"BIN={Path(sys.executable).parent}", "RUN_STAMP=", "TEST_STAMP=")


def make(
    *words: str, environment: Mapping[str, str] | None = None, typed: str = "", root: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Make something with nothing but these settings, typing what is to be typed."""
    command, environment = [_MAKE, *words, *_AS_INSTALLED], _environment(environment)
    return subprocess.run(command, cwd=root, env=environment, input=typed, capture_output=True, text=True, check=False)


@contextmanager
def making(*words: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Make something that lasts, for the length of a block."""
    with subprocess.Popen(
        [_MAKE, *words, *_AS_INSTALLED], cwd=ROOT, env=_environment(environment), start_new_session=True
    ) as popen:
        try:
            yield
        finally:
            os.killpg(popen.pid, signal.SIGTERM)


def _environment(settings: Mapping[str, str] | None) -> dict[str, str]:
    return {**inherited(), **(settings or {})}
