"""What can happen to an order: what the bank, the buyer, the shopkeeper and the network do to it, in any order.

`History` of `tests/support/histories.py` acts it out.
"""

from hypothesis import strategies as st

Step = tuple[str, int, str]
"""What happens, to which one (counted round), and how."""

_HOW = {
    "attempt": ("success", "success", "failure", "authorized", "late"),
    "begin": ("",),
    "bank": ("success", "authorized", "failure"),
    "dashboard capture": ("",),
    "release": ("",),
    "offer": ("",),
    "fee": ("customer", "platform"),
    "dashboard refund": ("part", "rest"),
    "refunds end": ("processed", "pending", "failed", "no_balance"),
    "bank refunds": ("processed", "failed"),
    "refund": ("part", "line", "rest", "rest, not to be sold again"),
    "dispute": ("",),
    "decide": ("",),
    "cancel": ("",),
    "expire": ("",),
    "sell out": ("",),
    "tab adds": ("",),
    "webhook": ("",),
    "callback": ("",),
    "poll": ("",),
    "handle": ("",),
    "read": ("",),
    "write": ("",),
    "trouble": ("reset", "lost", "500", "429", "html", "empty"),
}
_OFTEN = ("attempt", "attempt", "bank", "webhook", "webhook", "webhook", "callback", "poll", "handle")

TELLING = ("callback", "decide", "handle", "write")
"""After these the books must be right at once, before any reconciler has passed."""

steps: st.SearchStrategy[Step] = st.sampled_from((*_HOW, *_OFTEN)).flatmap(
    lambda what: st.tuples(st.just(what), st.integers(0, 4), st.sampled_from(_HOW[what]))
)
