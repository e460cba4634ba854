"""Programs that must not do the same thing at the same time take turns; a turn ends with the program that has it."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(folder: Path, waiting: Callable[[], object]) -> Iterator[int]:
    """Have a folder to oneself for a block; `waiting` is called before waiting for whoever has it now.

    Yields the lock's descriptor. A program that is started with it has the folder as well, until it ends.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
