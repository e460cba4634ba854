"""What a program and all it started use of the processors and of memory, from /proc: Linux only."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PARENT, _TIMES, _RESIDENT = 1, slice(11, 15), 21
"""Where in what follows the name: utime, stime, and what ended children had of both; pages that are in memory."""


def cpu_seconds(root: int) -> float:
    """Return the seconds of CPU that a process and its descendants have used until now."""
    return sum(sum(map(int, fields[_TIMES])) for fields in _family(root)) / _TICKS


def resident_megabytes(root: int) -> float:
    """Return the memory that the largest of a process and its descendants has now: of a server, the one that serves."""
    return max(int(fields[_RESIDENT]) for fields in _family(root)) * _PAGE / 2**20


def _family(root: int) -> Iterator[list[str]]:
    known = {int(folder.name): fields for folder in Path("/proc").glob("[0-9]*") if (fields := _fields(folder))}
    family = [root]
    while family:
        pid = family.pop()
        yield known[pid]
        family += [child for child, fields in known.items() if int(fields[_PARENT]) == pid]


def _fields(folder: Path) -> list[str]:
    with suppress(OSError):  # it has just ended
        return (folder / "stat").read_text().rpartition(")")[2].split()
    return []
