"""One order, made again: from its notes at the gateway, and from the payment that says who paid.

Only the order is made here, as it was when it was placed. Its payments are settled as always, and with them comes the
rest: that it is paid, what went back, the stock. That units were sold which the shelf does not have is known already.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import structlog
from sqlmodel import col, select

from checkout_app.auth.models import Role, User
from checkout_app.catalog import service as catalog
from checkout_app.catalog import stock
from checkout_app.catalog.models import Product, Variant
from checkout_app.core import clock, database, ids
from checkout_app.core.changes import Taken
from checkout_app.core.session import Session
from checkout_app.delivery import zones
from checkout_app.orders import coupons
from checkout_app.orders import service as orders
from checkout_app.orders.lines import line_of
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import OrderEvent
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import gateway_orders, order_notes
from checkout_app.payments.gateway.entities import OrderEntity, PaymentEntity
from checkout_app.payments.order_notes import Noted, NotedLine
from checkout_app.pricing.derivation import Line, Priced, figures

log = structlog.stdlib.get_logger(__name__)

_UNKNOWN = "unknown"
"""The SKU of what an order was also about, where its notes had no room to say so."""
_PICTURE = "brand/mark.svg"
"""Of a product that the shop does not have any more."""


class _Place(NamedTuple):
    """What a line of an order is about, and whether it had to be made up."""

    product: Product
    variant: Variant
    made_up: bool


async def make_again(theirs: OrderEntity, payer: PaymentEntity) -> bool:
    """Make the order again that the gateway describes, without its money; returns False when it is there already.

    Raises ValueError when its notes do not say what it was.
    """
    noted = order_notes.read(theirs.notes)
    lines = _all_lines(noted, theirs.amount)
    number = noted.number
    while True:
        try:
            async with database.write() as session:
                if await session.get(Order, noted.order_id) is not None:
                    gateway_orders.keep(session, noted.order_id, theirs)
                    return False
                await _write_down(session, noted, number, theirs, payer, lines)
        except Taken:  # another order has got its number since
            number = ids.new_number()
        else:
            log.info("order made again", order_id=noted.order_id, gateway_order_id=theirs.id)
            return True


async def _write_down(
    session: Session,
    noted: Noted,
    number: str,
    theirs: OrderEntity,
    payer: PaymentEntity,
    noted_lines: Sequence[NotedLine],
) -> None:
    buyer = await _buyer(session, noted, payer)
    places = await _places(session, noted_lines, theirs.currency)
    order = _order(noted, number, theirs, buyer)
    came_to = _figures(noted, noted_lines, places)
    lines = [
        _line(order, position, line, places[line.sku], its)
        for position, (line, its) in enumerate(zip(noted_lines, came_to, strict=True), start=1)
    ]
    order.tax = sum(line.tax for line in lines)
    units = orders.units(lines)
    await stock.turn_up(session, units)
    if noted.sums.coupon:
        await coupons.recover(session, order, noted.sums.coupon)
    session.add(order)
    session.add_all(lines)
    stock.hold(session, units)
    gateway_orders.keep(session, order.id, theirs)
    await orders.record(session, order, OrderEvent.RECOVERED)
    lacking = _lacking(order, noted, number, lines, places.values())
    if any(not place.product.digital for place in places.values()) and await zones.there_are(session):
        lacking.append("Nobody knows where its parcel is to go.")
    if lacking:
        await orders.open_issue(session, order, IssueKind.RECOVERED, detail=" ".join(lacking))


def _all_lines(noted: Noted, amount: int) -> list[NotedLine]:
    """Return an order's lines, with one more for what had no room; raises ValueError when they come to too much."""
    lines = list(noted.lines)
    rest = amount + noted.sums.discount - noted.sums.delivery - sum(line.amount for line in lines)
    if rest < 0:
        raise ValueError("the lines in its notes cost more than the order")
    if rest:
        lines.append(NotedLine(sku=_UNKNOWN, quantity=1, unit_amount=rest, tax_rate=0, hsn=""))
    return lines


async def _buyer(session: Session, noted: Noted, payer: PaymentEntity) -> User:
    known = await session.get(User, noted.buyer_id)
    if known is not None:
        return known
    guest = User(id=noted.buyer_id, email=(payer.email or "")[:254], role=Role.GUEST)
    session.add(guest)
    return guest


async def _places(session: Session, lines: Sequence[NotedLine], currency: str) -> dict[str, _Place]:
    """Find what the lines are about, by SKU. What is not in the shop any more is put there, but not on sale."""
    skus = {line.sku for line in lines}
    found = select(Product, Variant).join(Variant, col(Variant.product_id) == col(Product.id))
    rows = (await session.exec(found.where(col(Variant.sku).in_(skus)))).all()
    places = {variant.sku: _Place(product, variant, made_up=False) for product, variant in rows}
    for line in lines:
        if line.sku not in places:
            places[line.sku] = await _make_up(session, line, currency)
    return places


async def _make_up(session: Session, line: NotedLine, currency: str) -> _Place:
    product_id = ids.new_id()
    product = Product(
        id=product_id,
        slug=f"recovered-{product_id.lower()}",
        name=line.sku[:120],
        category="Recovered",
        summary="",
        description="",
        image=_PICTURE,
        image_alt="",
        on_sale=False,
    )
    variant = Variant(
        product_id=product_id,
        sku=line.sku[:80],
        amount=line.unit_amount,
        currency=currency,
        tax_rate=line.tax_rate,
        hsn=line.hsn,
    )
    await catalog.add_product(session, product, variant)
    return _Place(product, variant, made_up=True)


def _order(noted: Noted, number: str, theirs: OrderEntity, buyer: User) -> Order:
    now = clock.now()
    return Order(
        id=noted.order_id,
        created_at=datetime.fromtimestamp(theirs.created_at, UTC),
        number=number,
        buyer_id=buyer.id,
        email=buyer.email,
        name=buyer.name,
        subtotal=theirs.amount + noted.sums.discount - noted.sums.delivery,
        discount=noted.sums.discount,
        delivery=noted.sums.delivery,
        amount=theirs.amount,
        currency=theirs.currency,
        tax_scheme=noted.tax_scheme,
        idempotency_key=ids.new_id(),  # the buyer's own is not known; nobody repeats an attempt after a restore
        request_digest=noted.request_digest,
        expires_at=now + orders.HOLD,
        updated_at=now,
        due_at=now + orders.CHECKS[0],
    )


def _figures(noted: Noted, lines: Sequence[NotedLine], places: Mapping[str, _Place]) -> list[Line]:
    """Share out again what was taken off and what sending cost."""
    priced = [Priced(line.amount, line.tax_rate, goods=not places[line.sku].product.digital) for line in lines]
    sums = noted.sums
    return figures(priced, discount=sums.discount, delivery=sums.delivery, across=sums.across)


def _line(order: Order, position: int, line: NotedLine, place: _Place, its: Line) -> OrderLine:
    """Make a line of what the variant was when it was bought."""
    product, variant, _ = place
    then = Variant(**variant.model_dump() | {"sku": line.sku[:80], "amount": line.unit_amount, "hsn": line.hsn})
    return line_of(order, position, product, then, line.quantity, its)


def _lacking(
    order: Order, noted: Noted, number: str, lines: Sequence[OrderLine], places: Iterable[_Place]
) -> list[str]:
    """Say what nobody could tell, for a person to find out."""
    lacking = []
    if not order.email:
        lacking.append("Nobody knows the buyer's e-mail address.")
    if number != noted.number:
        lacking.append(f"Its number was {noted.number}, which another order has.")
    gone = [place.variant.sku for place in places if place.made_up and place.variant.sku != _UNKNOWN]
    if gone:
        lacking.append(f"The shop does not know {', '.join(gone)} any more.")
    if noted.sums.coupon and not order.coupon:
        lacking.append(f"The shop does not know the coupon {noted.sums.coupon} any more.")
    if any(line.sku == _UNKNOWN for line in lines):
        lacking.append("Not all that was ordered is known.")
    return lacking
