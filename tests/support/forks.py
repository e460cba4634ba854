"""Processes of the program that are there in a moment, forked from one that has imported it and done nothing else.

What comes up is what `python …` starts: a whole process, in a session of its own, with nothing but its settings. The
imports alone, which take longer than most of what is asked of it then, are done once for all of them.
"""

import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

_IMPORTED = (
    "checkout_app.core.migrations",
    "checkout_app.demo.load",
    "checkout_app.payments.checks.report",
    "checkout_app.payments.jobs",
    "checkout_app.payments.recovery.service",
    "checkout_app.server.alerts",
    "checkout_app.server.api",
    "checkout_app.server.backups.service",
    "checkout_app.server.build",
    "checkout_app.server.doctor.report",
    "checkout_app.server.logs",
    "checkout_app.server.mails",
    "razorpay_sandbox.server.app",
    "tests.support.forks",
    "uvicorn",
)
"""What the programs import. Nothing of it looks at a setting yet."""

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(list(_IMPORTED))


def fork(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], output: Path, complaints: Path
) -> BaseProcess:
    """Start what `python` does with these arguments, a script or `-m` and a module; what it says goes into files."""
    process = _context.Process(
        target=_become, args=(arguments, folder, dict(environment), output, complaints), daemon=True
    )
    process.start()
    return process


def _become(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], output: Path, complaints: Path
) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for path, stream in ((output, sys.__stdout__), (complaints, sys.__stderr__)):
        if stream:
            with path.open("ab") as file:
                os.dup2(file.fileno(), stream.fileno())
    module = arguments[0] == "-m"
    sys.argv = list(arguments[module:])
    if module:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")
