"""What the seller promises of an order that is paid."""

from sqlmodel import bindparam, col, exists, select

from checkout_app.catalog.models import Product
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.orders.models import OrderLine
from checkout_app.seller.service import TERMS, Terms

_SENT = exists().where(
    col(OrderLine.order_id) == bindparam("order"),
    col(OrderLine.product_id) == col(Product.id),
    col(Product.digital).is_(False),
)
_PROMISED = Statement[tuple[str, str, str]](select(*TERMS).where(_SENT))


async def terms_of(session: Session, order_id: str) -> Terms:
    """Return what the seller says of an order; of one in which nothing is sent, nothing."""
    found = (await session.exec(_PROMISED, order=order_id)).one_or_none()
    return Terms(*found) if found else Terms()
