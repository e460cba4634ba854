"""The front door: builds the app from its rooms and the pages that register themselves. Wiring only."""

from starlette.applications import Starlette
from starlette.routing import Mount

from checkout_app.buyer.account.pages import account, second_factor  # noqa: F401 - register their pages
from checkout_app.buyer.login.pages import entrance, mailed  # noqa: F401 - register their pages
from checkout_app.buyer.order.pages import order  # noqa: F401 - registers its page
from checkout_app.buyer.orders import page as orders  # noqa: F401 - registers its page
from checkout_app.checkout import page as checkout  # noqa: F401 - registers its page
from checkout_app.core.settings import settings
from checkout_app.demo.load import load_demo
from checkout_app.merchant.audit_log.pages import audit as merchant_audit  # noqa: F401 - registers its page
from checkout_app.merchant.categories.pages import categories  # noqa: F401 - registers its page
from checkout_app.merchant.complaints.pages import complaints as merchant_complaints  # noqa: F401 - registers its page
from checkout_app.merchant.coupons.pages import coupons  # noqa: F401 - registers its page
from checkout_app.merchant.imports.pages import products as merchant_imports  # noqa: F401 - registers its page
from checkout_app.merchant.live.pages import live as merchant_live  # noqa: F401 - registers its page
from checkout_app.merchant.needs.pages import needs as merchant_needs  # noqa: F401 - registers its page
from checkout_app.merchant.orders.pages import order as merchant_order  # noqa: F401 - registers its page
from checkout_app.merchant.orders.pages import orders as merchant_orders  # noqa: F401 - registers its page
from checkout_app.merchant.orders.pages import sheets, together  # noqa: F401 - register their pages
from checkout_app.merchant.people.pages import people as merchant_people  # noqa: F401 - registers its page
from checkout_app.merchant.policies.pages import policies as merchant_policies  # noqa: F401 - registers its page
from checkout_app.merchant.policies.pages import policy as merchant_policy  # noqa: F401 - registers its page
from checkout_app.merchant.products.pages import form as merchant_form  # noqa: F401 - registers its pages
from checkout_app.merchant.products.pages import products as merchant_products  # noqa: F401 - registers its page
from checkout_app.merchant.shop.pages import shop as merchant_shop  # noqa: F401 - registers its page
from checkout_app.merchant.today.pages import today as merchant_today  # noqa: F401 - registers its page
from checkout_app.merchant.webhooks.pages import message, messages  # noqa: F401 - register their pages
from checkout_app.merchant.zones.pages import delivery, zone  # noqa: F401 - register their pages
from checkout_app.server.assemble import Shop
from checkout_app.server.event_errors import EventIds, answer_event_error, note_browser_error
from checkout_app.server.last_person import LastPerson
from checkout_app.server.lifespan import opening
from checkout_app.server.open_tabs import keep_few_states, keep_open_tabs
from checkout_app.server.page_loads import PageLoads
from checkout_app.server.shared_state import wait_for_redis_only_so_long
from checkout_app.shopfront.cart import page as cart  # noqa: F401 - registers its page
from checkout_app.shopfront.pages import category, home, product  # noqa: F401 - register their pages
from checkout_app.shopfront.policies import page as policies  # noqa: F401 - registers their pages
from checkout_app.ui import not_found  # noqa: F401 - registers its page
from checkout_app.ui.attention import attention
from checkout_app.ui.connection import connection_banner, error_boundary
from checkout_app.ui.head import STYLESHEETS, head_components
from checkout_app.ui.loading import loading
from checkout_app.ui.page import add_pages
from checkout_app.ui.shop import NAME
from razorpay_sandbox import KeyPair, Sandbox, SandboxConfig


def _build() -> Shop:
    sandbox = _embedded_sandbox() if settings().sandboxed else None
    wait_for_redis_only_so_long()
    beneath = [Starlette(routes=[Mount("/sandbox", app=sandbox.app)])] if sandbox else []
    shop = Shop(
        html_lang="en-IN",
        head_components=head_components(),
        stylesheets=STYLESHEETS,
        reset_style=False,
        toaster=None,
        app_wraps={
            (55, "ErrorBoundary"): lambda _stateful: error_boundary(),
            (6, "Attention"): lambda _stateful: attention(),
            (5, "Connection"): lambda stateful: connection_banner() if stateful else None,
        },
        hydrate_fallback=loading,
        api_transformer=beneath,
        frontend_exception_handler=note_browser_error,
        backend_exception_handler=answer_event_error,
    )
    shop.register_lifespan_task(opening(load_demo))
    shop.register_lifespan_task(keep_open_tabs)
    shop.register_lifespan_task(keep_few_states)
    if sandbox:
        shop.register_lifespan_task(sandbox.running)
    shop.add_middleware(EventIds())
    shop.add_middleware(LastPerson())
    shop.add_middleware(PageLoads(answer_event_error))
    add_pages(shop, NAME)
    return shop


def _embedded_sandbox() -> Sandbox:
    """Make the Razorpay that lives in this process, so that a fresh clone takes payments without an account."""
    shop = settings()
    return Sandbox(
        SandboxConfig(
            data=shop.data_dir / "sandbox",
            keys=(KeyPair(shop.razorpay_key_id, shop.razorpay_key_secret),),
            webhook_secret=shop.razorpay_webhook_secret,
            webhook_url=f"{shop.own_url}/api/webhooks/razorpay",
            base_path="/sandbox",
            merchant_name=shop.shop_name,
        )
    )


app = _build()
