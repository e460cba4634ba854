"""Carry out an operator's command, and die in it: `cut.py PLACE BYTES command…`, with the settings in the environment.

The places are numbered: each is before a change of a name in `DATA_DIR`, before a file there is opened to be written,
or before another program is started. With BYTES the command goes on there, and dies when a file grows longer than that.
"""

import os
import resource
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from checkout_app import cli

NAMES = {"os.rename", "os.remove", "os.link", "os.mkdir"}
WRITES = os.O_WRONLY | os.O_RDWR


def _die_at(place: int, length: int | None) -> None:
    folder, passed = os.environ["DATA_DIR"], 0

    def come_by(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal passed
        changes = bool(int(str(arguments[2])) & WRITES) if event == "open" else event in NAMES
        if event == "subprocess.Popen" or (changes and str(arguments[0]).startswith(folder)):
            passed += 1
            if passed == place:
                _die(length)

    sys.addaudithook(come_by)


def _die(length: int | None) -> None:
    if length is None:
        os.kill(os.getpid(), signal.SIGKILL)
    else:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python would go on
        resource.setrlimit(resource.RLIMIT_FSIZE, (length, length))


if __name__ == "__main__":
    which, bytes_left, *command = sys.argv[1:]
    _die_at(int(which), int(bytes_left) if bytes_left else None)
    raise SystemExit(cli.main(command))
