"""A shop in which there is something to see and to do for everybody, and everybody who might come to it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import uuid4

import pytest

from checkout_app.auth import tokens
from checkout_app.auth.callers import Caller
from checkout_app.auth.lifetimes import SHOP
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.catalog import files as catalog_files
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database, urls
from checkout_app.core.ids import new_id
from checkout_app.core.settings import settings
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Issue
from checkout_app.orders import files, links
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import settle
from checkout_app.payments.models import Payment, WebhookEvent
from checkout_app.pricing import service as coupons
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.seller.policies import service as policies
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, pdf, put_on_shelf, row, rows
from tests.support.zones import ADDRESS, make_zones

WHO: Final[Mapping[str, Role | None]] = {
    "stranger": None,
    "guest": Role.GUEST,
    "customer": Role.CUSTOMER,
    "owner": Role.OWNER,
    "shipper": Role.SHIPPER,
    "viewer": Role.VIEWER,
    "owner whose sign-in was ended": None,
    "owner whose sign-in is over": None,
    "owner who was away too long": None,
    "owner with a token of another": None,
}
"""Everybody there is, and which role they are of to the shop."""
_ALIKE: Final = {"owner whose sign-in is over", "owner who was away too long", "owner with a token of another"}
"""Who by day is left to one whose sign-in was ended: what makes each worth nothing has tests of its own."""
COUPON = "DIWALI"
TOLD = WebhookEvent(id="evt_told", event="payment.captured", body='{"event":"payment.captured"}', digest="told")


@dataclass
class House:
    """A shop in which somebody has bought, has ordered and not paid, and something waits for a person."""

    product: str
    paid: str
    """The order that is paid."""
    line: str
    """Its line, of which there is a file."""
    unpaid: str
    gateway_order: str
    payment: str
    issue: str

    def filled(self, path: str) -> str:
        """Return a path with what is there in the place of its names."""
        order_id = self.paid if "/files/" in path else self.unpaid
        named = {"id_or_slug": self.product, "product_id": self.product, "line_id": self.line, "code": COUPON}
        named["webhook_id"] = TOLD.id
        there = {
            **named,
            "pin": "570001",
            "address_id": new_id(),
            "zone_id": "rest",
            "kind": "terms",
            "slug": "table",
            "user_id": BUYER.user_id,
            "payment_id": self.payment,
        }
        return path.format(order_id=order_id, issue_id=self.issue, session_id=new_id(), shipment_id=new_id(), **there)

    async def keys(self, path: str) -> tuple[str, str]:
        """Return the key of a link to what is at a path, and that of one to something else."""
        paid, unpaid = await row(Order, self.paid), await row(Order, self.unpaid)
        if "/files/" in path:
            return parse_qs(files.link(paid, self.line).partition("?")[2])["key"][0], links.key_for(paid)
        return links.key_for(unpaid), links.key_for(paid)

    def body(self, operation: str) -> Any:
        """Return what would do what a route is there for."""
        return {
            "PUT /api/cart": {"items": [{"product_id": self.product}]},
            "POST /api/cart/from-order": {"order_id": self.paid},
            "POST /api/cart/lines": {"product_id": self.product},
            "PATCH /api/cart/lines/{line_id}": {"quantity": 1},
            "POST /api/checkout/order": {"product_id": self.product},
            "POST /api/checkout/payment": {
                "razorpay_order_id": self.gateway_order,
                "razorpay_payment_id": self.payment,
                "razorpay_signature": "0" * 64,
            },
            "POST /api/addresses": ADDRESS,
            "POST /api/complaints": {"name": "Ravi", "email": "ravi@example.in", "words": "It is late."},
            "PUT /api/merchant/zones/{zone_id}": {"rates": [{"charge": 6_000}]},
            "POST /api/merchant/products": {"name": "Bowl", "category": "Table", "amount": 48_000},
            "PATCH /api/merchant/products/{product_id}": {"amount": 50_000},
            "PUT /api/merchant/products/{product_id}/stock": {"stock": 999},
            "PUT /api/merchant/products/{product_id}/tax-rate": {"rate": 500},
            "PUT /api/merchant/products/{product_id}/variants": {"options": []},
            "PUT /api/merchant/categories/{slug}/place": {"before": ""},
            "PUT /api/merchant/categories/{slug}/name": {"name": "Tea table"},
            "POST /api/orders/{order_id}/requests": {"kind": "cancel"},
            "POST /api/merchant/people": {"email": f"{new_id()}@example.in", "role": "viewer"},
            "PATCH /api/merchant/people/{user_id}": {"role": "viewer"},
            "POST /api/merchant/refunds": {"payment_id": self.payment, "amount": 100, "reason": "Chipped"},
            "POST /api/merchant/orders/{order_id}/shipments": {"carrier": "India Post"},
            "POST /api/merchant/orders/{order_id}/mails": {"event_id": new_id()},
            "POST /api/merchant/orders/{order_id}/notes": {"note": "Call before noon."},
            "PUT /api/merchant/orders/{order_id}/address": ADDRESS,
            "POST /api/merchant/shipments": {"order_ids": [self.unpaid], "carrier": "India Post"},
            "POST /api/merchant/orders/{order_id}/returns": {
                "lines": [{"line_id": self.line, "quantity": 1}],
                "restock": True,
            },
            "POST /api/merchant/coupons": {"code": new_id()[:20], "kind": "percent", "value": 1000},
            "POST /api/merchant/issues/{issue_id}/outside": {"way": "upi"},
            "POST /api/merchant/issues/{issue_id}/resolve": {"note": "It was a mistake."},
        }.get(operation, {})


def tried(people: Iterable[str]) -> list[Any]:
    """Return people as the parameters of a test that tries them."""
    return [pytest.param(who, marks=pytest.mark.nightly) if who in _ALIKE else who for who in people]


async def furnish(everywhere: Inside) -> House:
    """Furnish the shop."""
    await everywhere.clear()
    await make_zones()
    await policies.answer({}, OPERATOR)
    product = await put_on_shelf(1000, digital=True)
    await catalog_files.put(product, "cups.pdf", pdf(), OPERATOR)
    paid = await checkout.create_order(BUYER, [Item(product)])
    history = History(everywhere, paid.order.id, product, gateway_order_ids=[paid.razorpay_order_id])
    await history.act(("attempt", 0, "success"))
    await settle.settle(everywhere.entities("payment")[-1]["id"])
    [payment] = await rows(Payment)
    unpaid = await checkout.create_order(BUYER, [Item(product, 2)])
    await coupons.create_coupon(Coupon(code=COUPON, kind=CouponKind.PERCENT, value=1000), OPERATOR)
    async with database.write() as session:
        session.add(WebhookEvent(**TOLD.model_dump()))
        [order] = await database.lock(session, Order, [unpaid.order.id])
        await orders.open_issue(session, order, IssueKind.OTHER, detail="It looks odd.")
    [issue] = await rows(Issue)
    [line] = [line for line in await rows(OrderLine) if line.order_id == paid.order.id]
    return House(product, paid.order.id, line.id, unpaid.order.id, paid.razorpay_order_id, payment.id, issue.id)


async def token_of(who: str, *, by_factor: bool = True) -> str:
    """Let somebody come as they are, each time with a sign-in of their own; a stranger has none."""
    if who == "stranger":
        return ""
    now = clock.now()
    async with database.write() as session:
        user = User(email=f"{uuid4()}@example.in", role=WHO[who] or Role.OWNER)
        session.add(user)
        token = tokens.open_session(session, user)
    async with database.write() as session:
        sign_in = await session.get_one(UserSession, tokens.read(token).session_id)
        sign_in.factor_at = now if by_factor and user.role in Caller.SHOP.roles else None
        match who:
            case "owner whose sign-in was ended":
                sign_in.revoked_at = now
            case "owner whose sign-in is over":
                sign_in.expires_at = now
            case "owner who was away too long":
                sign_in.seen_at = now - SHOP.idle
            case "owner with a token of another":
                token = f"{token.rpartition('.')[0]}.{'A' * 43}"
    return token


def everything_kept() -> Mapping[str, Sequence[Any]]:
    """Return all that is in the database: row by row, past all models, because it is asked for a thousand times."""
    file = urls.sqlite_file(settings().database_url)
    assert file
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables}  # noqa: S608 - our name
