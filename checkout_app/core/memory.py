"""Python's garbage collector, which stops everything while it looks through what there is."""

import gc

_OFTEN = (10_000, 5, 5)
"""So many objects have to be new before it looks through them, and every fifth time through older ones as well.

By itself it does so for every 700, which is in every request, and ten. Almost all of what a request makes goes with it.
With five, what is left of many tabs that were closed is found as soon.
"""


def leave_program_alone() -> None:
    """Never look again through what is there now: the modules of a started program are no garbage.

    Looking through them takes 70 ms and more, in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_OFTEN)
