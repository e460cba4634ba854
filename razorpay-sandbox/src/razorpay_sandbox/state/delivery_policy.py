"""The delivery policy: webhooks that get lost, come twice, late or in another order, when a test wants it."""

import random
from dataclasses import asdict, dataclass
from typing import Any, Final

from razorpay_sandbox.core.errors import invalid
from razorpay_sandbox.state.store import Store

_SETTING: Final = "delivery_policy"
SWAP_STEP: Final = 0.2


@dataclass(slots=True)
class DeliveryPolicy:
    """``drop`` and ``duplicate`` are shares of 0 to 1; ``duplicate`` above 1 is the number of extra copies.

    ``delay`` is in seconds. ``reorder`` sends what happens together last things first. ``factor`` scales the waits
    between retries and ``seed`` makes the shares repeatable.
    """

    drop: float = 0.0
    duplicate: float = 0.0
    delay: float = 0.0
    reorder: bool = False
    factor: float = 1.0
    seed: int = 0


class Carrier:
    """Decides over each delivery. Settings are kept across restarts."""

    def __init__(self, store: Store, factor: float) -> None:
        self._store = store
        self._usual = DeliveryPolicy(factor=factor)
        kept = store.setting(_SETTING)
        self.policy = DeliveryPolicy(**kept) if kept else self._usual
        self._dice = random.Random(self.policy.seed)  # noqa: S311  # repeatable on purpose

    def change(self, changes: dict[str, Any]) -> None:
        """Set parts of the policy; booleans count as all or nothing."""
        values = asdict(self.policy)
        for name, value in changes.items():
            number = int(value) if isinstance(value, bool) else value
            if not isinstance(number, int | float) or number < 0 or (name == "factor" and not number):
                raise invalid(f"The {name} of webhooks must be a number, not below 0.", name)
            values[name] = bool(number) if name == "reorder" else number
        self._set(DeliveryPolicy(**values))

    def reset(self) -> None:
        """Deliver as usual again."""
        self._set(self._usual)

    def _set(self, policy: DeliveryPolicy) -> None:
        self._store.keep_setting(_SETTING, asdict(policy))
        self.policy = policy
        self._dice = random.Random(policy.seed)  # noqa: S311  # repeatable on purpose

    def is_dropped(self) -> bool:
        """Decide whether the next delivery gets lost."""
        return self._dice.random() < self.policy.drop

    def copies(self) -> int:
        """Decide how often the next event is sent."""
        extra = self.policy.duplicate
        return 1 + (int(extra) if extra >= 1 else int(self._dice.random() < extra))

    def wait(self, under_way: int) -> float:
        """Decide how many seconds the next delivery waits, with so many others waiting already."""
        swapped = max(3 - under_way, 0) * SWAP_STEP if self.policy.reorder else 0.0
        return self.policy.delay + swapped
