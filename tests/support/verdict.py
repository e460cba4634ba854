"""What must be true when a history is over.

It is judged by what lies at the gateway and what was decided here, without a look at the order in which news arrived.
"""

from collections import Counter
from typing import Any

from sqlmodel import col, select

from checkout_app.cart import service as cart
from checkout_app.catalog.models import Variant
from checkout_app.core import database
from checkout_app.journal import issues as journal
from checkout_app.journal.models import Subject
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderStatus
from checkout_app.payments.models import Payment, PaymentAllocation, Refund
from checkout_app.payments.statuses import LIVE, Cause
from checkout_app.pricing.models import Coupon
from tests.support.histories import AMOUNT, COUPON, WHOSE, History
from tests.support.inside import violations


async def verdict(history: History) -> None:
    """Fail unless every paisa at the gateway is in one place, and the order, the shelf and the receipt agree."""
    assert await violations() == []
    async with database.read() as session:
        order = await session.get_one(Order, history.order_id)
        shelf = {product_id: await session.get_one(Variant, product_id) for product_id in history.wanted}
        coupon = await session.get_one(Coupon, COUPON)
        allocations = (await session.exec(select(PaymentAllocation))).all()
        asked_for = (await session.exec(select(Refund).where(Refund.cause == Cause.REQUESTED))).all()
        waits = await journal.open_issues(session, Subject.ORDER, [order.id])
        ours = {payment.id: payment for payment in (await session.exec(select(Payment))).all()}
        returns_of_kept = (
            await session.exec(select(Refund).where(col(Refund.request_key).startswith("return-")))
        ).all()
    theirs = {entity["id"]: entity for entity in history.inside.entities("payment")}
    for key, payment in ours.items():
        assert (payment.method, bool(payment.method_detail)) == (theirs[key]["method"], True)
        assert payment.error_reason == theirs[key]["error_reason"]
    captured = {key: entity for key, entity in theirs.items() if entity["captured"]}
    kept = [allocation.payment_id for allocation in allocations]
    assert len(kept) <= (history.decided != "cancelled")
    assert set(kept) <= set(captured)
    assert not [refund for refund in returns_of_kept if refund.payment_id in kept]
    refunds = [refund for refund in history.inside.entities("refund") if refund["payment_id"] in kept]
    assert len(refunds) <= history.refunds_asked_for
    if captured and history.decided == "" and not history.sold_out:
        assert kept, "paid in time, and yet no order"
    for key in set(captured) - set(kept):
        back = captured[key]["amount_refunded"] == captured[key]["amount"]
        assert back or waits, "money that is not kept has to go back"
        assert ours[key].purpose == "return"
    assert order.status == _status(history, theirs, kept)
    sold, held = order.stock == "sold", order.status in orders.UNPAID and order.stock == "held"
    assert sold or order.stock == "restocked" or not kept
    assert order.stock != "restocked" or history.refunds_asked_for, "units of a sale went back on the shelf"
    if order.status == OrderStatus.REFUNDED and sold:
        words = [refund.restock for refund in asked_for if refund.status in LIVE] or [
            each.restock for each in asked_for
        ]
        assert not all(words), "all the money is back, and its units are not"
    for product_id, units in history.wanted.items():
        left = history.shelf[product_id] - units * sold
        variant = shelf[product_id]
        assert (variant.on_hand, variant.held) == (left, units * held), "all of it is held, or nothing"
    assert held == (not kept and history.decided == "")
    assert coupon.used == (order.stock != "released"), "a coupon goes the way of the units"
    ordered = Counter(history.wanted if history.cart_id and not kept else {})
    in_cart = {line.product_id: line.quantity for line in (await cart.contents(WHOSE)).lines}
    assert in_cart == ordered + history.added, "a cart keeps what is not paid"


def _status(history: History, theirs: dict[str, Any], kept: list[str]) -> OrderStatus:
    if kept:
        refunded = theirs[kept[0]]["amount_refunded"]
        if refunded == 0:
            return OrderStatus.PAID
        whole = min(AMOUNT, theirs[kept[0]]["amount"])
        return OrderStatus.REFUNDED if refunded >= whole else OrderStatus.PARTIALLY_REFUNDED
    captured = [entity for entity in theirs.values() if entity["captured"]]
    if captured and all(entity["amount_refunded"] == entity["amount"] for entity in captured):
        return OrderStatus.REFUNDED
    if history.decided == "cancelled":
        return OrderStatus.CANCELLED
    if history.decided == "expired" or captured:
        return OrderStatus.EXPIRED
    return OrderStatus.CREATED
