"""Who may call what: every route and every handler, tried by everybody there is.

The routes are those of the app, so a new one is tried as soon as it is there, by what it says of itself; that this is
what was meant, somebody has to write down here. Who is not to be let in gets 401 or 403, or is sent to sign in, and
nothing in the database is another than before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from reflex.event import EventHandler
from reflex_base.registry import RegistrationContext
from sqlmodel import select

from checkout_app.auth import guard, tokens
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import FactorWanted, InvalidToken, NotPermitted
from checkout_app.auth.lifetimes import SHOP
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.buyer.order.state import OrderState
from checkout_app.catalog import files as catalog_files
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout_app import app
from checkout_app.core import clock, database
from checkout_app.core.ids import new_id
from checkout_app.core.orm import Base
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Issue
from checkout_app.orders import files, links
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import settle
from checkout_app.payments.models import Payment
from checkout_app.pricing import service as coupons
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.server.api import build_api
from checkout_app.ui.visitor import DECLARED
from tests.states.driver import Tab, open_tab
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, pdf, put_on_shelf, row, rows
from tests.support.zones import ADDRESS
from tests.unit.test_event_handlers import OURS

pytestmark = pytest.mark.parametrize("everywhere", ["sqlite"], indirect=True, scope="module")
FOR_WHOM: Final[Mapping[str, Caller]] = {
    "POST /api/auth/enter": Caller.ANYBODY,
    "POST /api/auth/guest": Caller.ANYBODY,
    "POST /api/auth/own": Caller.ANYBODY,
    "POST /api/auth/login": Caller.ANYBODY,
    "POST /api/auth/logout": Caller.ANYBODY,
    "POST /api/auth/register": Caller.ANYBODY,
    "POST /api/auth/keep": Caller.SIGNED_IN,
    "POST /api/auth/change-email": Caller.ACCOUNT,
    "POST /api/auth/change-password": Caller.ACCOUNT,
    "POST /api/auth/erase": Caller.ACCOUNT,
    "GET /api/auth/export": Caller.ACCOUNT,
    "POST /api/auth/send-verification": Caller.ACCOUNT,
    "GET /api/auth/sessions": Caller.ACCOUNT,
    "DELETE /api/auth/sessions": Caller.ACCOUNT,
    "DELETE /api/auth/sessions/{session_id}": Caller.ACCOUNT,
    "POST /api/auth/code": Caller.ANYBODY,
    "POST /api/auth/enter-code": Caller.ANYBODY,
    "POST /api/auth/forgot": Caller.ANYBODY,
    "POST /api/auth/accept": Caller.ANYBODY,
    "POST /api/auth/reset": Caller.ANYBODY,
    "POST /api/auth/verify": Caller.ANYBODY,
    "GET /api/auth/factor": Caller.AT_THE_DOOR,
    "POST /api/auth/factor": Caller.AT_THE_DOOR,
    "POST /api/auth/factor/confirm": Caller.AT_THE_DOOR,
    "POST /api/auth/step-up": Caller.AT_THE_DOOR,
    "GET /api/cart": Caller.ANYBODY,
    "PUT /api/cart": Caller.ANYBODY,
    "POST /api/cart/form": Caller.ANYBODY,
    "POST /api/cart/lines": Caller.ANYBODY,
    "PATCH /api/cart/lines/{line_id}": Caller.ANYBODY,
    "DELETE /api/cart/lines/{line_id}": Caller.ANYBODY,
    "GET /api/addresses": Caller.ACCOUNT,
    "POST /api/addresses": Caller.ACCOUNT,
    "DELETE /api/addresses/{address_id}": Caller.ACCOUNT,
    "GET /api/checkout/callback": Caller.ANYBODY,
    "POST /api/checkout/callback": Caller.ANYBODY,
    "POST /api/checkout/quote": Caller.ANYBODY,
    "POST /api/checkout/order": Caller.SIGNED_IN,
    "POST /api/checkout/payment": Caller.SIGNED_IN,
    "GET /api/delivery/{pin}": Caller.ANYBODY,
    "POST /api/events": Caller.ANYBODY,
    "GET /api/health": Caller.ANYBODY,
    "GET /api/health/live": Caller.ANYBODY,
    "GET /api/health/ready": Caller.ANYBODY,
    "GET /api/merchant/audit": Caller.OWNER,
    "GET /api/merchant/coupons": Caller.OWNER,
    "POST /api/merchant/coupons": Caller.OWNER,
    "POST /api/merchant/coupons/{code}/end": Caller.OWNER,
    "GET /api/merchant/delivery/{pin}": Caller.SHOP,
    "GET /api/merchant/issues": Caller.SHOP,
    "POST /api/merchant/issues/{issue_id}/resolve": Caller.OWNER,
    "POST /api/merchant/products/{product_id}/file": Caller.OWNER,
    "POST /api/merchant/refunds": Caller.OWNER,
    "GET /api/merchant/zones": Caller.SHOP,
    "PUT /api/merchant/zones/{zone_id}": Caller.OWNER,
    "DELETE /api/merchant/zones/{zone_id}": Caller.OWNER,
    "GET /api/orders": Caller.SIGNED_IN,
    "GET /api/orders/{order_id}": Caller.LINK_HOLDER,
    "GET /api/orders/{order_id}/files/{line_id}": Caller.LINK_HOLDER,
    "GET /api/orders/{order_id}/status": Caller.LINK_HOLDER,
    "POST /api/orders/{order_id}/link": Caller.SIGNED_IN,
    "POST /api/orders/{order_id}/requests": Caller.SIGNED_IN,
    "POST /api/orders/ask": Caller.ANYBODY,
    "GET /api/pages/data": Caller.ANYBODY,
    "GET /api/products": Caller.ANYBODY,
    "GET /api/products/{id_or_slug}": Caller.ANYBODY,
    "POST /api/webhooks/razorpay": Caller.GATEWAY,
}
NOT_OURS: Final[Mapping[str, str]] = {
    "/api/openapi.json": "the API's description, which anybody may read",
    "/api/docs": "the pages of that, in development alone",
    "/api/docs-static": "what they are made of",
    "/docs/oauth2-redirect": "comes with those pages; nothing leads there, since the API answers below /api/ alone",
}
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
UNKNOWN_TO_US = ("stranger", "owner with a token of another")
"""Whom nothing has to be asked about."""
COUPON = "DIWALI"
SIGN_IN = ("/login", "/continue")
API = build_api()
API.state.shop = app


def _routes() -> Iterator[tuple[str, APIRoute]]:
    for found in iter_route_contexts(API.routes):
        for method in sorted(getattr(found, "methods", None) or ()):
            if found.path not in NOT_OURS and method != "HEAD":
                assert isinstance(found.original_route, APIRoute)
                yield f"{method} {found.path}", found.original_route


ROUTES: Final = {operation: caller for operation, route in _routes() for caller in guard.declared(route)}
HANDLERS: Final[Mapping[tuple[str, str], tuple[EventHandler, Caller]]] = {
    (state.__name__, name.rpartition(".")[2]): (registered.handler, caller)
    for name, registered in RegistrationContext.get().event_handlers.items()
    if (caller := getattr(registered.handler.fn, DECLARED, None)) and (state := registered.handler.state)
}


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
        there = {**named, "pin": "570001", "address_id": new_id(), "zone_id": "rest"}
        return path.format(order_id=order_id, issue_id=self.issue, session_id=new_id(), **there)

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
            "POST /api/cart/lines": {"product_id": self.product},
            "PATCH /api/cart/lines/{line_id}": {"quantity": 1},
            "POST /api/checkout/order": {"product_id": self.product},
            "POST /api/checkout/payment": {
                "razorpay_order_id": self.gateway_order,
                "razorpay_payment_id": self.payment,
                "razorpay_signature": "0" * 64,
            },
            "POST /api/addresses": ADDRESS,
            "PUT /api/merchant/zones/{zone_id}": {"rates": [{"charge": 6_000}]},
            "POST /api/orders/{order_id}/requests": {"kind": "cancel"},
            "POST /api/merchant/refunds": {"payment_id": self.payment, "amount": 100, "reason": "Chipped"},
            "POST /api/merchant/coupons": {"code": new_id()[:20], "kind": "percent", "value": 1000},
            "POST /api/merchant/issues/{issue_id}/resolve": {"note": "It was a mistake."},
        }.get(operation, {})


@pytest.fixture(scope="module")
async def house(everywhere: Inside) -> House:
    """Furnish the shop, once for all who try."""
    await everywhere.clear()
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
        [order] = await database.lock(session, Order, [unpaid.order.id])
        await orders.open_issue(session, order, IssueKind.OTHER, detail="It looks odd.")
    [issue] = await rows(Issue)
    [line] = [line for line in await rows(OrderLine) if line.order_id == paid.order.id]
    return House(product, paid.order.id, line.id, unpaid.order.id, paid.razorpay_order_id, payment.id, issue.id)


async def _token(who: str, *, by_factor: bool = True) -> str:
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


async def _everything() -> Mapping[str, Sequence[Any]]:
    """Return all that is in the database."""
    async with database.read() as session:
        return {
            table.__name__: [vars(row).copy() for row in await session.exec(select(table))]
            for table in Base.__subclasses__()
        }


async def _ask(operation: str, token: str, body: Any, path: str) -> httpx.Response:
    method = operation.partition(" ")[0]
    headers = {
        "idempotency-key": str(uuid4()),
        "if-match": "0",
        "x-razorpay-signature": "0" * 64,
        "origin": "http://localhost:3000",
    }
    if token:
        headers["authorization"] = f"Bearer {token}"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(API), base_url="http://shop.test") as client:
        return await client.request(method, path, headers=headers, json=None if method == "GET" else body)


@pytest.mark.usefixtures("everywhere")
def test_every_route_says_what_is_written_here() -> None:
    assert dict(ROUTES) == dict(FOR_WHOM)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("operation", ROUTES)
async def test_a_route_lets_in_whom_it_is_for_and_changes_nothing_for_anybody_else(
    house: House, operation: str, who: str
) -> None:
    token, admitted = await _token(who), ROUTES[operation].admits(WHO[who])
    before = None if admitted else await _everything()
    answer = await _ask(operation, token, house.body(operation), house.filled(operation.partition(" ")[2]))
    if admitted:
        assert not any(f'"{code}"' in answer.text for code in (InvalidToken.code, NotPermitted.code)), answer.text
    else:
        refused = 403 if WHO[who] and ROUTES[operation] is not Caller.GATEWAY else 401
        assert (answer.status_code, answer.headers["content-type"]) == (refused, "application/problem+json")
        assert await _everything() == before


@pytest.mark.parametrize(
    "who", ["owner", *(pytest.param(who, marks=pytest.mark.nightly) for who in ("shipper", "viewer"))]
)
@pytest.mark.parametrize("operation", ROUTES)
async def test_a_password_alone_opens_nothing_of_the_shop_and_nothing_of_its_people(
    house: House, operation: str, who: str
) -> None:
    token, before = await _token(who, by_factor=False), await _everything()
    answer = await _ask(operation, token, house.body(operation), house.filled(operation.partition(" ")[2]))
    if ROUTES[operation] in {Caller.ACCOUNT, Caller.SHOP, Caller.OWNER}:
        shut = NotPermitted if not ROUTES[operation].admits(WHO[who]) else FactorWanted
        assert (answer.status_code, answer.json()["code"]) == (403, shut.code)
        assert await _everything() == before
    else:
        assert f'"{FactorWanted.code}"' not in answer.text


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("operation", [name for name, caller in ROUTES.items() if caller is Caller.LINK_HOLDER])
async def test_the_holder_of_a_link_is_let_in_whoever_they_are_and_who_made_one_up_is_not(
    house: House, operation: str, who: str
) -> None:
    token, path = await _token(who), house.filled(operation.partition(" ")[2])
    own, others = [await _ask(operation, token, None, f"{path}?key={key}") for key in await house.keys(path)]
    assert (own.status_code, others.status_code) == (200, 404)


PLACES: Final = {"CheckoutState": "/checkout?product=cups&quantity=1", "OrdersState": "/orders"}
"""Where a tab is whose handler is called; all others are on the page of an order."""


async def _opened(house: House, tab: Tab, state: Any) -> None:
    """Let the buyer open a page in a tab, so that all there is to steal is in its state."""
    async with database.write() as session:
        buyer = await session.get_one(User, BUYER.user_id)
        tab.cookie = f"session={tokens.open_session(session, buyer)}"
    tab.path = PLACES.get(state.__name__, f"/orders/{house.unpaid}")
    await tab.send(state.load)
    tab.went_to.clear()


def _call(house: House, handler: EventHandler) -> Any:
    """Call a handler with what it takes."""
    given: dict[str, Any] = {"order_id": house.unpaid, "result": {}, "reason": "card_declined", "nonce": ""}
    given |= {"form": {}, "shown": 0, "pin": "570001", "code": "29"}
    takes = [name for name in handler._parameters if name != "self"]  # noqa: SLF001 - as Reflex looks at it
    return handler(*(given[name] for name in takes))


@pytest.mark.usefixtures("everywhere")
def test_every_handler_says_what_is_written_down() -> None:
    declared = {name: caller for name, (_, caller) in HANDLERS.items()}
    assert declared == {(state, name): caller for state, names in OURS.items() for name, caller in names.items()}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", HANDLERS, ids=".".join)
async def test_a_handler_lets_in_whom_it_is_for_and_changes_nothing_for_anybody_else(
    house: House, name: tuple[str, str], who: str
) -> None:
    handler, caller = HANDLERS[name]
    token = await _token(who)
    async with open_tab() as tab:
        await _opened(house, tab, handler.state)
        admitted = caller.admits(WHO[who])
        before = None if admitted else await _everything()
        tab.cookie = f"session={token}"
        await tab.send(_call(house, handler))
        sent_to_sign_in = [path for path in tab.went_to if path.startswith(SIGN_IN)]
        assert tab.alerts == []
        if admitted:
            assert sent_to_sign_in == []
        else:
            assert tab.went_to == sent_to_sign_in
            assert await _everything() == before
            assert tab.went_to or who not in UNKNOWN_TO_US


@pytest.mark.parametrize("who", [name for name, role in WHO.items() if role is None])
async def test_a_tab_shows_nothing_of_an_order_to_who_is_not_let_in_unless_they_hold_its_link(
    house: House, who: str
) -> None:
    token = await _token(who)
    by_link = links.page(await row(Order, house.unpaid))
    for path, shown in ((f"/orders/{house.unpaid}", ""), (by_link, house.unpaid)):
        async with open_tab() as tab:
            tab.cookie, tab.path = f"session={token}", path
            await tab.send(OrderState.load)
            state = await tab.state(OrderState)
            assert (state.order.id, state.own) == (shown, False)
