"""Checkout: create an order from what the buyer wants, and verify the payment they made for it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from razorpay.errors import SignatureVerificationError
from sqlmodel import and_, bindparam, col, select
from structlog.contextvars import bind_contextvars

from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.tokens import Claims, Identity
from checkout_app.checkout import placing, remembered, shares
from checkout_app.checkout.errors import IdempotencyConflict, QuoteNotFound
from checkout_app.checkout.placing import Wish
from checkout_app.checkout.quote import Item, Quote, digest_of, quote_for, quote_for_anybody
from checkout_app.checkout.shown import Figures
from checkout_app.core import database, limits
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.delivery.address import Destination, PostalAddress
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderClosed, OrderNotFound
from checkout_app.orders.firms import Firm
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import OrderStatus
from checkout_app.payments import gateway_orders, keys, settle
from checkout_app.payments.errors import PaymentVerificationFailed
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.errors import Refused, Unavailable
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.statuses import PaymentStatus, Purpose
from checkout_app.pricing.models import KeptQuote

log = structlog.stdlib.get_logger(__name__)

LONGEST_KEY = 80

Paying = tuple[GatewayOrder, Order, OrderLine, Payment | None, bool]
"""What somebody says they pay for, by line, the payment if it is known, and whether the order waits for one."""

_NAMED = (
    select(GatewayOrder, Order, OrderLine, Payment)
    .add_columns(settle.WAITS)
    .join(Order, col(Order.id) == col(GatewayOrder.order_id))
    .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    .outerjoin(Payment, and_(col(Payment.id) == bindparam("payment"), col(Payment.order_id) == col(Order.id)))
    .where(col(GatewayOrder.id) == bindparam("gateway_order"))
)
_PAYING = Statement[Paying](_NAMED)
_PAYING_SIGNED_IN = Statement[Paying](_NAMED.where(tokens.SIGNED_IN))
"""Whose it is is looked at afterwards: PostgreSQL might else begin with all that somebody has ordered."""


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


async def quote(
    asking: Claims | None,
    items: Sequence[Item],
    *,
    coupon: str = "",
    to: Destination | None = None,
    browser: str = "",
    address: str = "",
) -> tuple[Quote, KeptQuote]:
    """Say what a purchase would cost now, to somebody who may be a stranger, and keep what they are told.

    `to` is where a parcel goes, `browser` what is kept of the secret by which their browser's cart is known, `address`
    their network address.

    It holds nothing: an order is priced anew. Raises what `quote_for` raises, but for InvalidToken, and RateLimited.
    """
    await limits.hit("quote", address)
    asker, priced = browser, None
    if asking:
        with suppress(InvalidToken):  # for whose sign-in has ended it costs what it costs for everybody
            buyer, priced = await quote_for(asking, items, coupon=coupon, to=to)
            asker = buyer.user_id
    if priced is None:
        priced = await quote_for_anybody(items, coupon=coupon, to=to)
    await limits.hit("kept", address)
    return priced, await remembered.keep(asker, priced, to)


async def create_order(
    asking: Claims,
    items: Sequence[Item],
    *,
    coupon: str = "",
    to: PostalAddress | None = None,
    firm: Firm | None = None,
    key: str | None = None,
    shown: Figures | None = None,
    address: str = "",
    cart_id: str | None = None,
) -> PaymentOrder:
    """Make an order, hold its stock, and open it at Razorpay; it costs what the buyer was `shown`, if that is said.

    The same key from the same buyer always answers the same order, also when copies arrive together. A `coupon` makes
    it cheaper, `to` is where a parcel goes, `firm` whom it is bought for, `address` the network address it comes from,
    and `cart_id` the cart that what is paid leaves. Raises what `quote_for` raises, PriceChanged, UnpaidOrders,
    IdempotencyConflict when the key was used for something else, OrderClosed when its order can't be paid any more,
    InvalidInput when nobody knows where a parcel goes, the seller has no use for a firm or Razorpay does not accept it,
    GatewayUnavailable when it does not answer (then the same key finishes the order).
    """
    await limits.hit("order", address or asking.user_id)
    digest, mark = digest_of(items, coupon), shares.mark_of(address)
    return await _order(asking, Wish(items, coupon, _checked_key(key), digest, shown or {}, mark, to, firm, cart_id))


async def order_quoted(
    asking: Claims,
    quote_id: str,
    *,
    browser: str = "",
    to: PostalAddress | None = None,
    firm: Firm | None = None,
    key: str | None = None,
    shown: Figures | None = None,
    address: str = "",
) -> PaymentOrder:
    """Make an order of what a quote of theirs was asked for, at its figures and no others, whether it lasts or not.

    It is theirs by their account, by the guest they were, or by `browser`. Raises QuoteNotFound, PriceChanged when
    anything costs something else by now, and what `create_order` raises.
    """
    await limits.hit("order", address or asking.user_id)
    kept = await remembered.find(asking, browser, quote_id)
    if kept is None:
        await tokens.confirm(asking)
        raise QuoteNotFound
    items, coupon, mark = remembered.items_of(kept), kept.coupon or "", shares.mark_of(address)
    digest = digest_of(items, coupon)
    told = {**kept.figures, **(shown or {})}
    return await _order(asking, Wish(items, coupon, _checked_key(key), digest, told, mark, to, firm, quote=kept))


async def _order(asking: Claims, wish: Wish) -> PaymentOrder:
    order, placed = await placing.place(asking, wish)
    bind_contextvars(order_id=order.id)
    elsewhere = wish.address is not None and order.ships_to not in (None, wish.address.as_kept())
    by_another = wish.quote is not None and order.quote_id != wish.quote.id
    if order.request_digest != wish.digest or elsewhere or by_another or order.firm != wish.firm:
        raise IdempotencyConflict
    if order.status in orders.CLOSED or (order.status == OrderStatus.CREATED and not orders.is_payable(order)):
        raise OrderClosed(order.id)
    return await _payment_order(order, placed)


async def resume(buyer: Identity, order_id: str) -> PaymentOrder:
    """Open the modal again for an order that is not paid; raises OrderNotFound, OrderClosed, GatewayUnavailable."""
    async with database.ask() as session:
        order = await orders.get_order(session, order_id, buyer)
    if not orders.is_payable(order):
        raise OrderClosed(order_id)
    return await _payment_order(order)


async def give_up(buyer: Identity, key: str) -> None:
    """Cancel the order that an attempt made, for another one is to take its place; raises OrderClosed."""
    order = await orders.order_under_key(buyer, key)
    if order is not None:
        async with database.write() as session:
            await orders.cancel(session, order.id, buyer)


async def verify_payment(asking: Claims, info: PaymentInfo) -> VerifiedPayment:
    """Verify what the modal handed over and settle it; raises InvalidToken, OrderNotFound, PaymentVerificationFailed.

    When Razorpay can't confirm the payment yet, the order answers with status `confirming` and is finished later.
    """
    named = {"gateway_order": info.razorpay_order_id, "payment": info.razorpay_payment_id}
    async with database.ask() as session:
        found = (await session.exec(_PAYING_SIGNED_IN, **named, **asking.asking())).all()
    if not found or found[0][1].buyer_id != asking.user_id:
        await tokens.confirm(asking)
        raise OrderNotFound
    return await _verify(found, info)


async def verify_signed(gateway_order: GatewayOrder, info: PaymentInfo) -> VerifiedPayment:
    """Verify and settle on the strength of the signature alone, as Razorpay's callback must: it brings no session."""
    async with database.ask() as session:
        answer = await session.exec(_PAYING, gateway_order=gateway_order.id, payment=info.razorpay_payment_id)
    return await _verify(answer.all(), info)


async def _verify(found: Sequence[Paying], info: PaymentInfo) -> VerifiedPayment:
    gateway_order, order, _, known, waits = found[0]
    bind_contextvars(order_id=order.id)
    _check_signature(gateway_order, info)
    if known is not None and known.purpose in {Purpose.ORDER, Purpose.RETURN}:  # money that has its purpose keeps it
        return VerifiedPayment(order=order, payment=known, replayed=True)
    try:
        settlement = await settle.settle(info.razorpay_payment_id, seen=[row[:3] for row in found] if waits else ())
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
    signed = f"{gateway_order.id}|{info.razorpay_payment_id}"
    if not any(_is_signed(signed, info.razorpay_signature, secret) for secret in keys.secrets_for(gateway_order)):
        raise PaymentVerificationFailed


def _is_signed(text: str, signature: str, secret: str) -> bool:
    try:
        return bool(gateway().utility.verify_signature(text, signature, secret))
    except (SignatureVerificationError, TypeError):  # TypeError: a signature that is not ASCII
        return False


async def _payment_order(order: Order, placed: Sequence[OrderLine] | None = None) -> PaymentOrder:
    gateway_order = await gateway_orders.open_for_payment(order, placed)
    return PaymentOrder(
        order=order,
        razorpay_order_id=gateway_order.id,
        razorpay_key_id=settings().razorpay_key_id,
        replayed=placed is None,
    )


def _checked_key(key: str | None) -> str | None:
    if key and (len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable()):
        raise InvalidInput({"Idempotency-Key": f"Use at most {LONGEST_KEY} printable ASCII characters."})
    return key or None
