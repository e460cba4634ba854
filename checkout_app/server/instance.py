"""One process that serves: Reflex's own command, and the end of it as soon as nobody keeps it any more.

Whoever keeps it holds its input open and never writes to it. So the input ends when the keeper does, however that comes
about, and nothing is left behind that would serve on, and keep the port from the next one.
"""

import os
import signal
import sys
import threading


def serve() -> None:
    """Carry out Reflex's command with the arguments of this one; the process has to lead a group of its own."""
    threading.Thread(target=_end_with_keeper, name="keeper", daemon=True).start()
    from reflex.reflex import cli  # takes seconds, in which the keeper may go as well

    cli()


def _end_with_keeper() -> None:
    os.read(sys.stdin.fileno(), 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)  # who was served loses nothing: it is settled by the next one


if __name__ == "__main__":
    serve()
