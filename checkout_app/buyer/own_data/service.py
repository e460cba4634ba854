"""Give somebody all that the shop knows of them, and erase it but for what the law wants kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import and_, bindparam, col, delete, exists, func, or_, select, update

from checkout_app.accounts import recovery
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.journal import record
from checkout_app.accounts.models import Proof
from checkout_app.accounts.own import service as own
from checkout_app.accounts.own.service import SignIn
from checkout_app.accounts.visits import GUESTS, THEIRS
from checkout_app.auth.callers import Caller
from checkout_app.auth.models import ERASED, User
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.own_data.errors import OfTheShop, OrderUnderWay
from checkout_app.cart import service as carts
from checkout_app.cart.contents import Contents
from checkout_app.cart.found import find
from checkout_app.cart.models import Cart
from checkout_app.cart.owner import Owner
from checkout_app.core import database
from checkout_app.core.statements import Statement
from checkout_app.delivery import book
from checkout_app.delivery.models import Address
from checkout_app.journal.models import Issue
from checkout_app.mail import service as mails
from checkout_app.orders import by_shop, listing, requests
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import OrderPayment, OrderState
from checkout_app.payments import service as payments
from checkout_app.payments.models import Payment
from checkout_app.pricing.models import KeptQuote
from checkout_app.seller.complaints import service as complaints
from checkout_app.seller.complaints.models import Complaint

_ORDERS: Final = Statement[Order](select(Order).where(col(Order.buyer_id).in_(THEIRS)).order_by(col(Order.id).desc()))
_UNDER_WAY: Final = Statement[str](
    select(Order.id)
    .where(
        Order.buyer_id == bindparam("user"),
        or_(
            and_(col(Order.state) == OrderState.OPEN, col(Order.payment_status) == OrderPayment.UNPAID),
            col(Order.payment_status) == OrderPayment.CONFIRMING,
        ),
    )
    .limit(1)
)
_FORGET_ORDERS: Final = Statement[None](
    update(Order)
    .where(
        col(Order.buyer_id).in_(THEIRS),
        col(Order.state) != OrderState.OPEN,  # a guest may still be paying, who is somebody else if they mistyped it
        ~exists().where(col(Payment.order_id) == col(Order.id)),
    )
    .values(email="", name="", ships_to=None, firm_name=None, firm_gstin=None, quote_id=None)
)
_QUOTES: Final = Statement[KeptQuote](
    select(KeptQuote).where(col(KeptQuote.asker).in_(THEIRS)).order_by(col(KeptQuote.created_at).desc())
)
_FORGET_QUOTES: Final = Statement[None](delete(KeptQuote).where(col(KeptQuote.asker).in_(THEIRS)))
_THEIR_ORDERS: Final = Statement[str](select(Order.id).where(col(Order.buyer_id).in_(THEIRS)))
_FORGET_GUESTS: Final = Statement[None](
    update(User).where(col(User.id).in_(GUESTS)).values(email=func.lower(User.id) + ERASED, name="")
)


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """An order of somebody's, what they ordered, how they paid, and what they asked the shop for."""

    order: Order
    lines: Sequence[OrderLine]
    payments: Sequence[Payment]
    asked: Sequence[Issue]


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything about somebody, their newest order and quote first."""

    user: User
    sign_ins: Sequence[SignIn]
    cart: Contents
    addresses: Sequence[Address]
    quotes: Sequence[KeptQuote]
    orders: Sequence[OwnOrder]
    complaints: Sequence[Complaint]


async def export(identity: Identity) -> OwnData:
    """Gather everything that the shop knows of who asks."""
    sign_ins = await own.sign_ins(identity)
    async with database.read() as session:
        user = await session.get_one(User, identity.user_id)
        orders = (await session.exec(_ORDERS, user=user.id)).all()
        order_ids = [order.id for order in orders]
        lines, _ = await listing.contents(session, order_ids)
        cart = (await find(session, Owner(user.id))).contents()
        paid = await payments.payments_of_orders(session, order_ids)
        addresses = await book.own(session, user.id)
        quotes = (await session.exec(_QUOTES, user=user.id)).all()
        asked = await requests.asked_about(session, order_ids)
        wrong = await complaints.of_mailbox(session, user.email) if user.verified_at else ()
    bought = [
        OwnOrder(order, lines[order.id], paid[order.id], [issue for issue in asked if issue.subject_id == order.id])
        for order in orders
    ]
    return OwnData(user, sign_ins, cart, addresses, quotes, bought, wrong)


async def erase(identity: Identity, *, password: str = "", code: str = "") -> None:
    """Erase who asks: account, addresses and quotes, what they wrote, and whose it was of orders without any money.

    So it is with the visits as a guest that are theirs. Orders with money keep whose they were: the books and the law
    want it. Raises OfTheShop for its people, OrderUnderWay, and InvalidCredentials or CodeRefused when neither a
    password nor a mailed code proves who asks.
    """
    if identity.role in Caller.SHOP.roles:
        raise OfTheShop
    await recovery.prove(identity, password=password, code=code)
    async with database.write() as session:
        [user] = await database.lock(session, User, [identity.user_id])
        if (await session.exec(_UNDER_WAY, user=user.id)).first():
            raise OrderUnderWay
        await mails.forget_account(session, user)
        await carts.forget(session, col(Cart.user_id) == user.id)
        await session.exec(_FORGET_QUOTES, user=user.id)
        await session.exec(_FORGET_ORDERS, user=user.id)
        theirs = (await session.exec(_THEIR_ORDERS, user=user.id)).all()
        for asked in await requests.asked_about(session, theirs):
            asked.detail = ""
        await by_shop.forget_notes(session, theirs)
        if user.verified_at:
            await complaints.forget(session, user.email)
        await session.exec(_FORGET_GUESTS, user=user.id)  # by the address that they have proved until here
        user.email, user.name = f"{user.id.lower()}{ERASED}", ""
        user.password_hash = user.verified_at = None
        await session.exec(delete(Proof).where(col(Proof.user_id) == user.id))
        await recovery.end_others(session, user.id)
        await book.forget(session, user.id)
        await record(session, user.id, AccountEvent.ERASED)
