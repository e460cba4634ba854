"""Orphans: money at the gateway for an order of this shop that the books do not know, after a restore for example.

Other shops may use the same account. So whoever comes upon a payment of an unknown order asks the gateway whose that
order is: its notes say so. Nothing but `recover` makes the order again; until then an issue and an alarm say that it is
missing.
"""

import structlog

from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.journal import issues
from checkout_app.journal.models import Issue, Subject
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import order_notes
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity
from checkout_app.payments.gateway.errors import Refused
from checkout_app.payments.models import GatewayOrder
from checkout_app.payments.statuses import PaymentStatus, payment_status

log = structlog.stdlib.get_logger(__name__)

_MOST_KEPT = 10_000
_shops: dict[str, str] = {}
"""Which shop an order at the gateway is of, as far as it has been asked: it does not change."""


async def shop_of(gateway_order_id: str) -> str:
    """Ask whose an order at the gateway is: a shop's id, empty when it does not say. Raises RazorpayError."""
    if gateway_order_id not in _shops:
        try:
            answer = await gateway().order.fetch(gateway_order_id)
        except Refused:  # another account's, or another mode's
            answer = {}
        remember(gateway_order_id, answer)
    return _shops[gateway_order_id]


def is_ours(shop_id: str) -> bool:
    """Tell whether an order that says so is this shop's; one that does not say is nobody's."""
    return shop_id != "" and shop_id == settings().shop_id


def remember(gateway_order_id: str, item: dict[str, object]) -> None:
    """Keep whose an order is that the gateway has told of."""
    if len(_shops) >= _MOST_KEPT:
        _shops.clear()
    _shops[gateway_order_id] = order_notes.shop_of(item.get("notes"))


def missing(gateway_order_id: str) -> str:
    """Say of a payment what is missing."""
    return f"its order {gateway_order_id} is this shop's and not in its books: `recover` makes it again"


def left_of(payment: PaymentEntity) -> int:
    """Return how much money of a payment the gateway has, or is about to take, and has not given back."""
    holds = payment_status(payment) in {PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED}
    return payment.amount - payment.amount_refunded if holds else 0


async def report(payment: PaymentEntity) -> bool:
    """Open an issue when a payment of an unknown order is money of this shop; returns whether it is.

    Raises RazorpayError.
    """
    gateway_order_id = payment.order_id or ""
    if not left_of(payment) or not gateway_order_id:
        return False
    if not is_ours(await shop_of(gateway_order_id)):
        log.info("payment is of another shop", payment_id=payment.id, gateway_order_id=gateway_order_id)
        return False
    issue = Issue(
        kind=IssueKind.ORPHAN,
        subject=Subject.ORPHAN,
        subject_id=gateway_order_id,
        about=payment.id,
        data={"amount": left_of(payment), "currency": payment.currency},
    )
    async with database.write() as session:
        if await session.get(GatewayOrder, gateway_order_id) is None:
            await issues.open_issue(session, issue)
    return True
