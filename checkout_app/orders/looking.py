"""Who may look at an order beside doing something with it, which is its buyer's alone (`orders.service.get_order`)."""

from checkout_app.accounts import visits
from checkout_app.auth.tokens import Identity
from checkout_app.core.session import Session
from checkout_app.orders import links
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order


async def get_order(session: Session, order_id: str, buyer: Identity) -> Order:
    """Find an order of the buyer's own, or of a visit as a guest that is theirs by now; raises OrderNotFound."""
    order = await session.get(Order, order_id)
    if order is None:
        raise OrderNotFound
    if order.buyer_id != buyer.user_id and not await visits.made(session, order.buyer_id, user_id=buyer.user_id):
        raise OrderNotFound
    return order


async def get_order_by_link(session: Session, order_id: str, key: str) -> Order:
    """Find the order that a signed link opens; raises OrderNotFound."""
    order = await session.get(Order, order_id)
    if order is None or not links.opens(order, key):
        raise OrderNotFound
    return order
