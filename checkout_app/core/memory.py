"""Python's garbage collector, which stops everything while it looks through what there is."""

import gc

_EVERY = (10_000, 5, 5)
"""How many more objects there have to be until the newest are looked through, and how often before older ones are.

Almost all of what a request makes goes with it; Python looks after every 700 objects, which is in every request.
"""


def leave_program_alone() -> None:
    """Never look again through what is there now: the modules of a started program are no garbage.

    Looking through them takes 70 ms and more, in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_EVERY)
