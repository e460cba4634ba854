"""Account settings a merchant has in the Dashboard, and outcomes a test may order. Kept across restarts."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Literal

from razorpay_sandbox.core.errors import invalid
from razorpay_sandbox.state.store import Store

_SETTING: Final = "switches"
DAY: Final = 86_400
_CHOICES: Final = {
    "refunds": ("processed", "pending", "failed", "no_balance"),
    "fee_bearer": ("platform", "customer"),
}


@dataclass(slots=True)
class AccountSettings:
    """The sandbox's settings; times are in seconds, amounts in the smallest unit.

    ``refunds`` says how the next refunds end: ``processed`` at once, ``pending`` until somebody says otherwise,
    ``failed`` after ``refund_delay``, or refused for want of ``no_balance``. ``fee_bearer`` says who pays Razorpay's
    fee: ``platform``, which is the merchant, or ``customer``, who pays it on top of the order's amount.
    """

    auto_capture: bool = True
    unique_receipts: bool = False
    strict_fields: bool = False
    max_amount: int = 50_000_000
    refunds: Literal["processed", "pending", "failed", "no_balance"] = "processed"
    fee_bearer: Literal["platform", "customer"] = "platform"
    refund_delay: int = 2
    payment_timeout: int = 600
    late_after: int = 900
    auto_refund_after: int = 3 * DAY
    settlement_delay: int = 0
    methods: dict[str, bool] = field(
        default_factory=lambda: {"card": True, "upi": True, "netbanking": True, "wallet": True}
    )

    @classmethod
    def load(cls, store: Store) -> "AccountSettings":
        """Read what was kept; the defaults when nothing was."""
        return cls(**(store.setting(_SETTING) or {}))

    def change(self, store: Store, changes: dict[str, Any]) -> None:
        """Set some of them, by their names, and keep all."""
        known = {each.name: getattr(self, each.name) for each in fields(self)}
        for name, value in changes.items():
            if type(value) is not type(known[name]):
                raise invalid(f"The switch {name} takes a value such as {known[name]!r}.", name)
            if value not in _CHOICES.get(name, (value,)):
                raise invalid(f"The switch {name} is one of {', '.join(_CHOICES[name])}.", name)
        methods = changes.get("methods", {})
        if not methods.keys() <= self.methods.keys() or not all(isinstance(on, bool) for on in methods.values()):
            raise invalid(f"Methods are switched by {', '.join(self.methods)}, each true or false.", "methods")
        for name, value in changes.items():
            setattr(self, name, {**self.methods, **value} if name == "methods" else value)
        store.keep_setting(_SETTING, asdict(self))

    def reset(self, store: Store) -> None:
        """Go back to the defaults."""
        self.change(store, asdict(AccountSettings()))
