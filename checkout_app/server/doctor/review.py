"""Looks at what Razorpay looks at before it gives a live key, and the law wants too: who sells, policies, prices."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from checkout_app.catalog.models import Product
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.merchant.shop.views import POLICIES, SHOP
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderPayment
from checkout_app.seller.policies.models import PolicyKind
from checkout_app.seller.presentation import TITLES, presentation
from checkout_app.seller.profile import profile
from checkout_app.server.doctor.verdicts import Verdict, green, red, yellow

_NEEDED: Final = {
    "legal_name": "legal name",
    "address_line1": "address",
    "pin": "PIN",
    "care_email": "customer care's e-mail",
    "care_phone": "customer care's phone",
}
_OFFICER: Final = {"grievance_name": "name", "grievance_designation": "designation", "grievance_email": "e-mail"}
_PAID: Final = select(Order.number).where(col(Order.payment_status) == OrderPayment.PAID).limit(1)


def _by_the_books(look: Callable[[], Awaitable[Verdict]]) -> Callable[[], Awaitable[Verdict]]:
    """Let a look say that it can't be told without the database, where that is away."""

    @wraps(look)
    async def looks() -> Verdict:
        try:
            return await look()
        except SQLAlchemyError:
            return yellow("This can't be told without the database.")

    return looks


@_by_the_books
async def seller() -> Verdict:
    """Look whether buyers, and Razorpay's review, are told who sells and how to reach them."""
    said = await profile()
    missing = [words for name, words in _NEEDED.items() if not getattr(said, name)]
    if missing:
        return red(f"Nobody is told of who sells: {', '.join(missing)}. Say it at {_at(SHOP)}.")
    return green(f"{said.legal_name} sells, and is reached at {said.care_email} and {said.care_phone}.")


@_by_the_books
async def grievance() -> Verdict:
    """Look whether the grievance officer is named, whom the law wants."""
    said = await profile()
    missing = [words for name, words in _OFFICER.items() if not getattr(said, name)]
    if missing:
        return yellow(f"The law wants a grievance officer named: {', '.join(missing)}. Say it at {_at(SHOP)}.")
    return green(f"The grievance officer is {said.grievance_name}, {said.grievance_designation}.")


@_by_the_books
async def policies() -> Verdict:
    """Look whether the pages are there that Razorpay asks for before it gives a live key."""
    written = {policy.href for policy in (await presentation()).policies}
    missing = [TITLES[kind] for kind in PolicyKind if f"/{kind}" not in written]
    if missing:
        return red(
            f"Razorpay gives no live key without pages that are not written: {', '.join(missing)}. Answer the "
            f"questions at {_at(POLICIES)}."
        )
    return green(f"Give Razorpay these pages: {', '.join(_at(f'/{kind}') for kind in PolicyKind)}.")


@_by_the_books
async def prices() -> Verdict:
    """Look whether there is anything with a price, which Razorpay's review wants to see."""
    async with database.ask(long=True) as session:
        on_sale = (await session.exec(select(func.count()).where(col(Product.on_sale)))).one()
    if not on_sale:
        return yellow("Nothing is for sale: Razorpay's review looks for products with prices.")
    return green(f"Prices are at {_at('/')}: {on_sale} products are for sale.")


@_by_the_books
async def invoice() -> Verdict:
    """Look whether there is something to show to who asks for a sample of an invoice."""
    async with database.ask(long=True) as session:
        number = (await session.exec(_PAID)).first()
    if number is None:
        return yellow(
            "Razorpay's review asks for a sample of an invoice. Buy something small, open its receipt, and print it to "
            "a PDF."
        )
    return green(f"As a sample of an invoice print the receipt of a paid order, such as {number}.")


def _at(path: str) -> str:
    return f"{settings().public_url}{path}"
