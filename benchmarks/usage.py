"""What a program and all it started have used of the processors, from /proc: Linux only."""

import os
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)
"""Where in what follows the name: utime, stime, and what ended children had of both."""


def cpu_seconds(root: int) -> float:
    """Return the seconds of CPU that a process and its descendants have used until now."""
    known = {int(folder.name): fields for folder in Path("/proc").glob("[0-9]*") if (fields := _fields(folder))}
    ticks, family = 0, [root]
    while family:
        pid = family.pop()
        ticks += sum(map(int, known[pid][_TIMES]))
        family += [child for child, fields in known.items() if int(fields[_PARENT]) == pid]
    return ticks / _TICKS


def _fields(folder: Path) -> list[str]:
    with suppress(OSError):  # it has just ended
        return (folder / "stat").read_text().rpartition(")")[2].split()
    return []
