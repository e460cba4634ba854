"""Checkout: create an order from what the buyer wants, and verify the payment they made for it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from razorpay.errors import SignatureVerificationError
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.auth.tokens import Identity
from checkout_app.catalog import service as catalog
from checkout_app.catalog.errors import OutOfStock, ProductNotFound
from checkout_app.catalog.models import Product
from checkout_app.checkout.errors import IdempotencyConflict
from checkout_app.core import clock, database, ids, limits
from checkout_app.core.errors import InvalidInput
from checkout_app.core.money import LARGEST_AMOUNT, format_amount
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderClosed, OrderNotFound
from checkout_app.orders.models import Order, OrderLine, OrderStatus
from checkout_app.payments import service as payments
from checkout_app.payments import settle
from checkout_app.payments.errors import PaymentVerificationFailed
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.errors import Refused, Unavailable
from checkout_app.payments.gateway_orders import OPENING_LEASE, open_for_payment
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.statuses import PaymentStatus, Purpose

MAX_QUANTITY = 50
MAX_LINES = 20
LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Item:
    """So many units of one product, named by its id or slug."""

    product_id: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Quote:
    """What a purchase would cost now: products with quantities, and the total in minor units."""

    lines: Sequence[tuple[Product, int]]
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """An order ready to be paid in Razorpay's modal; `replayed` when an earlier call made it."""

    order: Order
    razorpay_order_id: str
    razorpay_key_id: str
    replayed: bool


@dataclass(frozen=True, slots=True)
class PaymentInfo:
    """What the modal hands over after a success. It comes from the browser, so nothing of it is believed unchecked."""

    razorpay_order_id: str
    razorpay_payment_id: str
    razorpay_signature: str


@dataclass(frozen=True, slots=True)
class VerifiedPayment:
    """An order and the payment that was verified for it; `replayed` when it had been verified before."""

    order: Order
    payment: Payment
    replayed: bool


async def quote(session: AsyncSession, items: Sequence[Item]) -> Quote:
    """Price a purchase; the same product twice becomes one line. Raises InvalidInput, ProductNotFound, OutOfStock."""
    wanted = _wanted(items)
    found = await catalog.products_by_id(session, wanted)
    quantities: dict[str, int] = {}
    products: dict[str, Product] = {}
    for name, quantity in wanted.items():
        if (product := found.get(name)) is None:
            raise ProductNotFound
        products[product.id] = product
        quantities[product.id] = quantities.get(product.id, 0) + quantity
    for product in products.values():
        if product.available is not None and product.available < quantities[product.id]:
            raise OutOfStock(product.name, product.available)
    currencies = {product.currency for product in products.values()}
    if len(currencies) > 1:
        raise InvalidInput({"items": "Everything in one order must have the same currency."})
    currency = currencies.pop()
    amount = sum(product.amount * quantities[product_id] for product_id, product in products.items())
    if amount > LARGEST_AMOUNT:
        raise InvalidInput({"items": f"One order can cost at most {format_amount(LARGEST_AMOUNT, currency)}."})
    return Quote(lines=[(products[key], quantities[key]) for key in products], amount=amount, currency=currency)


async def create_order(buyer: Identity, items: Sequence[Item], *, key: str | None = None) -> PaymentOrder:
    """Make an order, hold its stock, and open it at Razorpay.

    The same key from the same buyer always answers the same order, also when copies arrive together. Raises what
    `quote` raises, IdempotencyConflict when the key was used for something else, GatewayUnavailable when Razorpay does
    not answer (the order is kept: the same key finishes it).
    """
    await limits.hit("order", buyer.user_id)
    digest = hashlib.sha256(json.dumps(sorted(_wanted(items).items())).encode()).hexdigest()
    order, fresh = await _known_order(buyer, _checked_key(key)) if key else None, False
    if order is None:
        order, fresh = await _place(buyer, items, key or ids.new_id(), digest)
    if order.request_digest != digest:
        raise IdempotencyConflict
    return await _payment_order(order, fresh=fresh)


async def resume(buyer: Identity, order_id: str) -> PaymentOrder:
    """Open the modal again for an order that is not paid; raises OrderNotFound, OrderClosed, GatewayUnavailable."""
    async with database.read() as session:
        order = await orders.get_order(session, order_id, buyer)
    if order.status != OrderStatus.CREATED or order.expires_at <= clock.now():
        raise OrderClosed
    return await _payment_order(order, fresh=False)


async def verify_payment(buyer: Identity, info: PaymentInfo) -> VerifiedPayment:
    """Verify what the modal handed over and settle it; raises OrderNotFound, PaymentVerificationFailed.

    When Razorpay can't confirm the payment yet, the order answers with status `confirming` and is finished later.
    """
    async with database.read() as session:
        gateway_order = await payments.gateway_order(session, info.razorpay_order_id)
        if gateway_order is None:
            raise OrderNotFound
        await orders.get_order(session, gateway_order.order_id, buyer)
    return await verify_signed(gateway_order, info)


async def verify_signed(gateway_order: GatewayOrder, info: PaymentInfo) -> VerifiedPayment:
    """Verify and settle on the strength of the signature alone, as Razorpay's callback must: it brings no session."""
    _check_signature(gateway_order, info)
    if known := await _already_settled(info.razorpay_payment_id):
        return known
    try:
        settlement = await settle.settle(info.razorpay_payment_id)
    except (Unavailable, Refused):  # refused: a gateway that does not know yet what it has signed
        settlement = await settle.await_confirmation(gateway_order.id, info.razorpay_payment_id)
    except settle.ForeignPayment as foreign:
        raise PaymentVerificationFailed from foreign
    payment = settlement.payment
    fits = payment.gateway_order_id == gateway_order.id and payment.purpose != Purpose.ATTENTION
    if not fits or payment.status == PaymentStatus.FAILED:
        raise PaymentVerificationFailed
    return VerifiedPayment(order=settlement.order, payment=payment, replayed=False)


def _check_signature(gateway_order: GatewayOrder, info: PaymentInfo) -> None:
    """Check that Razorpay signed this payment for this order, by the id we stored and not the one we were told."""
    try:
        gateway().utility.verify_payment_signature(
            {
                "razorpay_order_id": gateway_order.id,
                "razorpay_payment_id": info.razorpay_payment_id,
                "razorpay_signature": info.razorpay_signature,
            }
        )
    except (SignatureVerificationError, TypeError) as forged:  # TypeError: a signature that is not ASCII
        raise PaymentVerificationFailed from forged


async def _already_settled(payment_id: str) -> VerifiedPayment | None:
    """Answer a repetition from the books: money that has its purpose keeps it."""
    async with database.read() as session:
        payment = await session.get(Payment, payment_id)
        if payment is None or payment.purpose not in {Purpose.ORDER, Purpose.RETURN}:
            return None
        order = await session.get_one(Order, payment.order_id)
        return VerifiedPayment(order=order, payment=payment, replayed=True)


async def _known_order(buyer: Identity, key: str) -> Order | None:
    async with database.read() as session:
        return await orders.order_under_key(session, buyer, key)


async def _place(buyer: Identity, items: Sequence[Item], key: str, digest: str) -> tuple[Order, bool]:
    """Make the order row with its lines and hold the stock, in one short transaction."""
    now = clock.now()
    async with database.write() as session:
        priced = await quote(session, items)
        order = Order(
            buyer_id=buyer.user_id,
            email=buyer.email,
            name=buyer.name,
            amount=priced.amount,
            currency=priced.currency,
            idempotency_key=key,
            request_digest=digest,
            expires_at=now + orders.HOLD,
            updated_at=now,
            check_at=now + orders.CHECKS[0],
            opening_until=now + OPENING_LEASE,
        )
        lines = [
            OrderLine(
                order_id=order.id,
                position=position,
                product_id=product.id,
                slug=product.slug,
                name=product.name,
                image=product.image,
                unit_amount=product.amount,
                quantity=quantity,
                amount=product.amount * quantity,
                gst_percent=product.gst_percent,
            )
            for position, (product, quantity) in enumerate(priced.lines, start=1)
        ]
        return await orders.place(session, order, lines)


async def _payment_order(order: Order, *, fresh: bool) -> PaymentOrder:
    gateway_order = await open_for_payment(order, fresh=fresh)
    return PaymentOrder(
        order=order, razorpay_order_id=gateway_order.id, razorpay_key_id=gateway_order.key_id, replayed=not fresh
    )


def _wanted(items: Sequence[Item]) -> dict[str, int]:
    """Add up what is wanted; raises InvalidInput when it is nothing, too much or no number."""
    if not 1 <= len(items) <= MAX_LINES:
        raise InvalidInput({"items": f"An order has 1 to {MAX_LINES} lines."})
    wanted: dict[str, int] = {}
    for item in items:
        if not 1 <= item.quantity <= MAX_QUANTITY:
            raise InvalidInput({"quantity": f"Choose 1 to {MAX_QUANTITY}."})
        wanted[item.product_id] = wanted.get(item.product_id, 0) + item.quantity
    if max(wanted.values()) > MAX_QUANTITY:
        raise InvalidInput({"quantity": f"Choose 1 to {MAX_QUANTITY}."})
    return wanted


def _checked_key(key: str) -> str:
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise InvalidInput({"Idempotency-Key": f"Use at most {LONGEST_KEY} printable ASCII characters."})
    return key
