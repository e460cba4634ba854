"""Who may call which route: every one of them, tried by everybody there is.

The routes are those of the app, so a new one is tried as soon as it is there, by what it says of itself; that this is
what was meant, somebody has to write down here. Who is not to be let in gets 401 or 403, and nothing in the database is
another than before.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import FactorWanted, InvalidToken, NotPermitted
from checkout_app.checkout_app import app
from checkout_app.server.api import build_api
from tests.support.house import WHO, House, everything_kept, furnish, token_of, tried
from tests.support.inside import Inside

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
    "POST /api/cart/from-order": Caller.SIGNED_IN,
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
    "POST /api/complaints": Caller.ANYBODY,
    "POST /api/complaints/form": Caller.ANYBODY,
    "GET /api/delivery/{pin}": Caller.ANYBODY,
    "POST /api/events": Caller.ANYBODY,
    "GET /api/health": Caller.ANYBODY,
    "GET /api/health/live": Caller.ANYBODY,
    "GET /api/health/ready": Caller.ANYBODY,
    "GET /api/merchant/audit": Caller.OWNER,
    "GET /api/merchant/complaints": Caller.SHOP,
    "GET /api/merchant/audit.csv": Caller.OWNER,
    "GET /api/merchant/live": Caller.SHOP,
    "GET /api/merchant/coupons": Caller.SHOP,
    "POST /api/merchant/coupons": Caller.OWNER,
    "POST /api/merchant/coupons/{code}/end": Caller.OWNER,
    "GET /api/merchant/delivery/{pin}": Caller.SHOP,
    "GET /api/merchant/issues": Caller.SHOP,
    "POST /api/merchant/issues/{issue_id}/outside": Caller.OWNER,
    "POST /api/merchant/issues/{issue_id}/recover": Caller.OWNER,
    "POST /api/merchant/issues/{issue_id}/resolve": Caller.OWNER,
    "GET /api/merchant/orders/{order_id}/shipments": Caller.SHOP,
    "POST /api/merchant/orders/{order_id}/shipments": Caller.SHIPPERS,
    "POST /api/merchant/orders/{order_id}/returns": Caller.SHIPPERS,
    "GET /api/merchant/webhooks": Caller.SHOP,
    "GET /api/merchant/webhooks/{webhook_id}": Caller.SHOP,
    "POST /api/merchant/webhooks/{webhook_id}/handle": Caller.OWNER,
    "GET /api/merchant/orders": Caller.SHOP,
    "GET /api/merchant/orders.csv": Caller.SHOP,
    "GET /api/merchant/orders/{order_id}": Caller.SHOP,
    "POST /api/merchant/orders/{order_id}/notes": Caller.SHIPPERS,
    "POST /api/merchant/orders/{order_id}/cancel": Caller.OWNER,
    "POST /api/merchant/orders/{order_id}/mails": Caller.SHIPPERS,
    "PUT /api/merchant/orders/{order_id}/address": Caller.OWNER,
    "GET /api/merchant/payments/{payment_id}/refundable": Caller.SHOP,
    "GET /api/merchant/products": Caller.SHOP,
    "POST /api/merchant/products": Caller.OWNER,
    "GET /api/merchant/products/{product_id}": Caller.SHOP,
    "PATCH /api/merchant/products/{product_id}": Caller.OWNER,
    "GET /api/merchant/products.csv": Caller.SHOP,
    "POST /api/merchant/products/import": Caller.OWNER,
    "POST /api/merchant/products/pictures": Caller.OWNER,
    "POST /api/merchant/products/{product_id}/duplicate": Caller.OWNER,
    "POST /api/merchant/products/{product_id}/file": Caller.OWNER,
    "PUT /api/merchant/products/{product_id}/stock": Caller.SHIPPERS,
    "PUT /api/merchant/products/{product_id}/tax-rate": Caller.OWNER,
    "GET /api/merchant/products/{product_id}/variants": Caller.SHOP,
    "PUT /api/merchant/products/{product_id}/variants": Caller.OWNER,
    "GET /api/merchant/categories": Caller.SHOP,
    "PUT /api/merchant/categories/{slug}/place": Caller.OWNER,
    "PUT /api/merchant/categories/{slug}/name": Caller.OWNER,
    "POST /api/merchant/refunds": Caller.OWNER,
    "POST /api/merchant/shipments": Caller.SHIPPERS,
    "POST /api/merchant/shipments/{shipment_id}/delivered": Caller.SHIPPERS,
    "GET /api/merchant/policies": Caller.SHOP,
    "PUT /api/merchant/policies": Caller.OWNER,
    "GET /api/merchant/policies/{kind}": Caller.SHOP,
    "PUT /api/merchant/policies/{kind}": Caller.OWNER,
    "GET /api/merchant/seller": Caller.SHOP,
    "PATCH /api/merchant/seller": Caller.OWNER,
    "POST /api/merchant/seller/logo": Caller.OWNER,
    "GET /api/merchant/today": Caller.SHOP,
    "GET /api/merchant/people": Caller.OWNER,
    "POST /api/merchant/people": Caller.OWNER,
    "PATCH /api/merchant/people/{user_id}": Caller.OWNER,
    "DELETE /api/merchant/people/{user_id}": Caller.OWNER,
    "POST /api/merchant/people/{user_id}/sign-out": Caller.OWNER,
    "GET /api/merchant/zones": Caller.SHOP,
    "POST /api/merchant/zones": Caller.OWNER,
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
    "GET /api/merchant/pages/data": Caller.SHOP,
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
API = build_api()
API.state.shop = app


def _routes() -> Iterator[tuple[str, APIRoute]]:
    for found in iter_route_contexts(API.routes):
        for method in sorted(getattr(found, "methods", None) or ()):
            if found.path not in NOT_OURS and method != "HEAD":
                assert isinstance(found.original_route, APIRoute)
                yield f"{method} {found.path}", found.original_route


ROUTES: Final = {operation: caller for operation, route in _routes() for caller in guard.declared(route)}


@pytest.fixture(scope="module")
async def house(everywhere: Inside) -> House:
    """The shop, furnished once for all who try."""
    return await furnish(everywhere)


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


@pytest.mark.parametrize("who", tried(WHO))
@pytest.mark.parametrize("operation", ROUTES)
async def test_a_route_lets_in_whom_it_is_for_and_changes_nothing_for_anybody_else(
    house: House, operation: str, who: str
) -> None:
    token, admitted = await token_of(who), ROUTES[operation].admits(WHO[who])
    before = None if admitted else everything_kept()
    answer = await _ask(operation, token, house.body(operation), house.filled(operation.partition(" ")[2]))
    if admitted:
        assert not any(f'"{code}"' in answer.text for code in (InvalidToken.code, NotPermitted.code)), answer.text
    else:
        refused = 403 if WHO[who] and ROUTES[operation] is not Caller.GATEWAY else 401
        assert (answer.status_code, answer.headers["content-type"]) == (refused, "application/problem+json")
        assert everything_kept() == before


@pytest.mark.parametrize(
    "who", ["owner", *(pytest.param(who, marks=pytest.mark.nightly) for who in ("shipper", "viewer"))]
)
@pytest.mark.parametrize("operation", ROUTES)
async def test_a_password_alone_opens_nothing_of_the_shop_and_nothing_of_its_people(
    house: House, operation: str, who: str
) -> None:
    token, before = await token_of(who, by_factor=False), everything_kept()
    answer = await _ask(operation, token, house.body(operation), house.filled(operation.partition(" ")[2]))
    if ROUTES[operation] in {Caller.ACCOUNT, Caller.SHOP, Caller.SHIPPERS, Caller.OWNER}:
        shut = NotPermitted if not ROUTES[operation].admits(WHO[who]) else FactorWanted
        assert (answer.status_code, answer.json()["code"]) == (403, shut.code)
        assert everything_kept() == before
    else:
        assert f'"{FactorWanted.code}"' not in answer.text


@pytest.mark.parametrize("who", tried(WHO))
@pytest.mark.parametrize("operation", [name for name, caller in ROUTES.items() if caller is Caller.LINK_HOLDER])
async def test_the_holder_of_a_link_is_let_in_whoever_they_are_and_who_made_one_up_is_not(
    house: House, operation: str, who: str
) -> None:
    token, path = await token_of(who), house.filled(operation.partition(" ")[2])
    own, others = [await _ask(operation, token, None, f"{path}?key={key}") for key in await house.keys(path)]
    assert (own.status_code, others.status_code) == (200, 404)
