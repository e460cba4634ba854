"""The work nobody waits for: handle webhooks, check orders, end holds, carry out refunds, sweep, look over the books.

And take over what was made with a former key. Each is a question for rows that are due: safe to ask anywhere, any
number of times, and to stop at any moment.
"""

from contextlib import AbstractAsyncContextManager

from checkout_app.core import due
from checkout_app.payments import downtimes, former_keys, holds, reconcile, refunds, sweep, webhooks
from checkout_app.payments.checks import watch

WORK = (
    webhooks.WORK,
    reconcile.WORK,
    holds.WORK,
    refunds.WORK,
    sweep.WORK,
    downtimes.WORK,
    former_keys.WORK,
    watch.WORK,
)


def running() -> AbstractAsyncContextManager[None]:
    """Do the work for the length of a block."""
    return due.working(WORK)
