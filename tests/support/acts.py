"""What others do to an order's money at the gateway: the shopkeeper in the dashboard, the bank, Razorpay itself."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from checkout_app.core import database
from checkout_app.payments.gateway.client import gateway as ask
from checkout_app.payments.models import GatewayOrder
from razorpay_sandbox.payments import refund_processing
from tests.support.histories import History
from tests.support.shops import KEY_ID


async def other_gateway_order(history: History, amount: int, currency: str = "INR") -> str:
    """Let the order have a gateway order of another sum, as a faulty program would; the next attempts pay that."""
    body = {"amount": amount, "currency": currency, "receipt": history.order_id}
    other = await ask().order.create(body | {"payment": {"capture": "automatic"}})
    row = GatewayOrder(id=other["id"], order_id=history.order_id, amount=amount, currency=currency, key_id=KEY_ID)
    async with database.write() as session:
        session.add(row)
    history.gateway_order_ids = [other["id"]]
    return str(other["id"])


def in_the_dashboard(history: History, payment_id: str, amount: int, receipt: str | None = None) -> str:
    """Refund a part of a payment in the dashboard; the refund's id."""
    gateway = history.inside.gateway
    with gateway.store.transaction():
        payment = gateway.store.get("payment", payment_id)
        if payment is None:
            raise AssertionError("there is no such payment")
        return refund_processing.issue(gateway, payment, amount, receipt=receipt).id


def at_the_bank(history: History, ends: str) -> None:
    """Let the newest refund end at the bank: `processed` or `failed`."""
    gateway = history.inside.gateway
    with gateway.store.transaction():
        refund = gateway.store.everything("refund")[-1]
        refund.hidden["ends"] = ends
        refund_processing.conclude(gateway, refund)


def refunds_end(history: History, how: str) -> None:
    """Say how the next refunds end: `processed`, `pending`, `failed` or `no_balance`."""
    history.inside.gateway.settings.change(history.inside.gateway.store, {"refunds": how})


@contextmanager
def told_oddly(history: History, kind: str, which: int = -1, **fields: object) -> Iterator[None]:
    """Let the gateway tell of one of a kind, counted from the oldest, in an odd way for the length of a block."""
    store = history.inside.gateway.store
    record = store.everything(kind)[which]
    plain = json.dumps(record.entity)
    change = "UPDATE entities SET body = ? WHERE seq = ?"
    store.rows(change, json.dumps(record.entity | fields), record.seq)
    try:
        yield
    finally:
        store.rows(change, plain, record.seq)
