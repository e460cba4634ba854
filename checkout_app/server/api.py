"""The HTTP API, put together from the rooms' controllers."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline

from checkout_app import __version__
from checkout_app.accounts.api import router as accounts
from checkout_app.accounts.own.api import guests
from checkout_app.accounts.own.api import router as own_account
from checkout_app.accounts.second_factor.api import router as second_factor
from checkout_app.auth import guard
from checkout_app.buyer.account.api import router as own_pages
from checkout_app.buyer.api import router as buyer
from checkout_app.buyer.login.api import router as login
from checkout_app.buyer.own_data.api import router as own_data
from checkout_app.buyer.requests.api import router as asking
from checkout_app.cart.api import router as cart
from checkout_app.catalog.api import router as catalog
from checkout_app.checkout.api import router as checkout
from checkout_app.core.settings import settings
from checkout_app.delivery.api import own_addresses
from checkout_app.delivery.api import router as delivery
from checkout_app.merchant.api import router as merchant
from checkout_app.merchant.audit_log.api import router as audit_log
from checkout_app.merchant.categories.api import router as categories
from checkout_app.merchant.complaints.api import router as complaints
from checkout_app.merchant.coupons.api import router as coupons
from checkout_app.merchant.imports.api import router as imports
from checkout_app.merchant.live import findings as live_findings
from checkout_app.merchant.live.api import router as live
from checkout_app.merchant.needs.api import router as needs
from checkout_app.merchant.orders.api import router as sold
from checkout_app.merchant.people.api import router as people
from checkout_app.merchant.policies.api import router as policies
from checkout_app.merchant.products.api import router as products
from checkout_app.merchant.refunds.api import router as refunds
from checkout_app.merchant.shipments.api import router as shipments
from checkout_app.merchant.shop.api import router as seller
from checkout_app.merchant.today.api import router as today
from checkout_app.merchant.webhooks.api import router as messages
from checkout_app.merchant.zones.api import router as zones
from checkout_app.payments.api import router as payments
from checkout_app.server.bodies import Bodies
from checkout_app.server.doctor import report
from checkout_app.server.events import router as events
from checkout_app.server.health import router as health
from checkout_app.server.kept_nowhere import KeptNowhere
from checkout_app.server.methods import AlsoHead
from checkout_app.server.problems import answer_problems
from checkout_app.server.readiness import router as readiness
from checkout_app.shopfront.api import router as shopfront
from checkout_app.shopfront.cart.api import router as cart_forms
from checkout_app.shopfront.complaints.api import router as complaining

API_PATH: Final = "/api/"


def build_api() -> FastAPI:
    """Build the API below `/api`; its document is at `/api/openapi.json`, in development its pages at `/api/docs`."""
    api: FastAPI = FastAPIOffline(
        title="Checkout",
        version=__version__,
        description="Amounts are whole minor units. Refusals are problem+json with a stable `code`.",
        openapi_url="/api/openapi.json",
        docs_url="/api/docs" if settings().environment == "development" else None,
        redoc_url=None,
        static_url="/api/docs-static",
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # or each request looks for who would hear it
    )
    documents = list(api.router.routes)
    api.router.routes.clear()
    # looked through in this order, so what is asked for most comes first
    for router in (
        *(
            catalog,
            checkout,
            delivery,
            cart,
            buyer,
            asking,
            payments,
            accounts,
            guests,
            own_account,
            second_factor,
            own_data,
            own_addresses,
            own_pages,
            login,
            shopfront,
            cart_forms,
            complaining,
            merchant,
            today,
            sold,
            needs,
            messages,
            refunds,
            shipments,
            coupons,
            zones,
            imports,
            products,
            categories,
            people,
            audit_log,
            seller,
            policies,
            complaints,
            live,
        ),
        *(events, health, readiness),
    ):
        for route in declared_routes(router):
            guard.settle(route)
            api.router.routes.append(route)  # itself: a router that is included costs each request a look through it
    api.router.routes += documents
    live_findings.look_by(report.look)
    describe = api.openapi
    api.openapi = lambda: _with_proofs(describe())  # type: ignore[method-assign]
    answer_problems(api)
    api.add_middleware(Bodies)
    api.add_middleware(KeptNowhere)
    api.add_middleware(AlsoHead)
    return api


def declared_routes(router: APIRouter) -> Sequence[APIRoute]:
    """Return a router's routes; raises RuntimeError for one that does not say once for whom it is there."""
    routes = [route for route in router.routes if isinstance(route, APIRoute) and len(guard.declared(route)) == 1]
    if missing := [route for route in router.routes if route not in routes]:
        raise RuntimeError(f"{missing[0]} has to say once, by guard.open_to, for whom it is there.")
    return routes


def _with_proofs(document: dict[str, Any]) -> dict[str, Any]:
    """Say in the API's description by what somebody proves who they are."""
    document["components"]["securitySchemes"] = dict(guard.PROOFS)
    return document
