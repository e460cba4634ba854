"""The work nobody waits for: handle webhooks, check orders, carry out refunds, sweep for news, look over the books.

Each is a question for rows that are due: safe to ask anywhere, any number of times, and to stop at any moment.
"""

from contextlib import AbstractAsyncContextManager

from checkout_app.core import due
from checkout_app.journal import followers
from checkout_app.payments import checks, downtimes, reconcile, refunds, sweep, webhooks

SECONDS = {"books": 60.0, "downtimes": 300.0}
"""How often what nobody makes due comes round."""


def running() -> AbstractAsyncContextManager[None]:
    """Do the work for the length of a block."""
    return due.working(
        [
            webhooks.WORK,
            reconcile.WORK,
            refunds.WORK,
            sweep.WORK,
            followers.WORK,
            due.every("books", SECONDS["books"], checks.WATCH.look),
            due.every("downtimes", SECONDS["downtimes"], downtimes.keep_up),
        ]
    )
