"""Import modules and tell what that did besides: a line for each file, connection, process or setting it touched.

Run as `python tests/support/idle_import.py MODULE…`, in a folder where nothing is.
"""

import importlib
import os
import sys
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.dont_write_bytecode = True

_CHANGES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_WORK: Final = {
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.system",
    "os.posix_spawn",
    "os.fork",
    "subprocess.Popen",
    "socket.connect",
    "socket.getaddrinfo",
    "sqlite3.connect",
}
"""Not `socket.bind`: urllib3 finds out that way whether there is IPv6, and lets go at once."""
_OF_OURS: Final = (".env", "secrets.json")


def _work(event: str, arguments: tuple[Any, ...]) -> str:
    """Say what somebody is about to do; nothing, when that is no work."""
    if event != "open":
        return f"{event} {arguments[0]!s:.100}" if event in _WORK else ""
    path, _, flags = arguments
    named = isinstance(path, str | bytes | Path)
    return f"opens {path!s}" if named and (flags & _CHANGES or str(path).endswith(_OF_OURS)) else ""


def main(modules: list[str]) -> int:
    """Import one after the other and tell; 1 when there is something to tell."""
    seen: list[str] = []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if work := _work(event, arguments):
            seen.append(f"{module}: {work}")

    sys.addaudithook(watch)
    for module in modules:
        importlib.import_module(module)
        from checkout_app.core.settings import settings

        if settings.cache_info().misses:
            seen.append(f"{module}: reads the settings")
            settings.cache_clear()
    sys.stdout.write("\n".join(seen))
    return 1 if seen else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
