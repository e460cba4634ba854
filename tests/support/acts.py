"""What others do to an order's money at the gateway: the shopkeeper in the dashboard, the bank, Razorpay itself."""

from checkout_app.sandbox import returns
from tests.support.histories import History


def in_the_dashboard(history: History, payment_id: str, amount: int, receipt: str | None = None) -> str:
    """Refund a part of a payment in the dashboard; the refund's id."""
    gateway = history.inside.gateway
    with gateway.store.transaction():
        payment = gateway.store.get("payment", payment_id)
        if payment is None:
            raise AssertionError("there is no such payment")
        return returns.give_back(gateway, payment, amount, receipt=receipt).id


def at_the_bank(history: History, ends: str) -> None:
    """Let the newest refund end at the bank: `processed` or `failed`."""
    gateway = history.inside.gateway
    with gateway.store.transaction():
        refund = gateway.store.everything("refund")[-1]
        refund.hidden["ends"] = ends
        returns.conclude(gateway, refund)


def refunds_end(history: History, how: str) -> None:
    """Say how the next refunds end: `processed`, `pending`, `failed` or `no_balance`."""
    history.inside.gateway.switches.change(history.inside.gateway.store, {"refunds": how})
