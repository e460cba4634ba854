"""What a line of the log names: the order that a call or an event is about."""

import re
from typing import Final

_ORDER: Final = re.compile(r"\border_[A-Za-z0-9]{14}\b")


def order_named_in(*texts: str) -> dict[str, str]:
    """Return the order that these texts name, if it is one and only one, as a field of a line."""
    found = {order_id for text in texts for order_id in _ORDER.findall(text)}
    return {"order_id": found.pop()} if len(found) == 1 else {}
