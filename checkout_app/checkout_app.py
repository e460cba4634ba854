"""The front door: builds the app from its rooms. Wiring only."""

import reflex as rx
from starlette.applications import Starlette
from starlette.routing import Mount

from checkout_app.buyer.login.page import login
from checkout_app.buyer.login.state import EntranceState
from checkout_app.buyer.order.pages.order import order
from checkout_app.buyer.order.state import OrderState
from checkout_app.buyer.orders.page import orders
from checkout_app.buyer.orders.state import OrdersState
from checkout_app.checkout.page import checkout
from checkout_app.checkout.state import CheckoutState
from checkout_app.core.settings import settings
from checkout_app.demo.load import load_demo
from checkout_app.sandbox import KeyPair, Sandbox, SandboxConfig
from checkout_app.server.assemble import transformers
from checkout_app.server.lifespan import opening
from checkout_app.shopfront.pages.home import LEAD, SENTENCE, home
from checkout_app.shopfront.pages.product import product, product_known
from checkout_app.shopfront.state import BUILT_WITH, ProductState, ShelfState
from checkout_app.ui.connection import connection_banner, error_boundary
from checkout_app.ui.frame import title
from checkout_app.ui.head import STYLESHEETS, head_components
from checkout_app.ui.loading import loading
from checkout_app.ui.not_found import not_found
from checkout_app.ui.visitor import Visitor

_SHARE = f"{settings().public_url}/brand/share.png"


def _build() -> rx.App:
    sandbox = _embedded_sandbox() if settings().sandboxed else None
    beneath = [Starlette(routes=[Mount("/sandbox", app=sandbox.app)])] if sandbox else []
    shop = rx.App(
        html_lang="en-IN",
        head_components=head_components(),
        stylesheets=STYLESHEETS,
        reset_style=False,
        toaster=None,
        app_wraps={
            (55, "ErrorBoundary"): lambda _stateful: error_boundary(),
            (5, "Connection"): lambda stateful: connection_banner() if stateful else None,
        },
        hydrate_fallback=loading,
        api_transformer=[*beneath, *transformers()],
    )
    shop.register_lifespan_task(opening(load_demo))
    if sandbox:
        shop.register_lifespan_task(sandbox.running)
    _add_catalog(shop)
    _add_purchase(shop)
    return shop


def _add_catalog(shop: rx.App) -> None:
    shop.add_page(
        home,
        route="/",
        title=f"{settings().shop_name}: {SENTENCE}",
        description=LEAD,
        image=_SHARE,
        on_load=ShelfState.open_shelf,
    )
    for known in BUILT_WITH:
        shop.add_page(
            product_known(known),
            route=f"/product/{known['slug']}",
            title=title(known["name"]),
            description=known["summary"],
            image=f"{settings().public_url}{known['image']}",
            on_load=ProductState.open_product,
        )
    shop.add_page(
        product,
        route="/product/[slug]",
        title=title("Product"),
        description=LEAD,
        image=_SHARE,
        on_load=ProductState.open_product,
    )
    shop.add_page(
        not_found, route="/404", title=title("Not found"), description=LEAD, image=_SHARE, on_load=Visitor.arrive
    )


def _add_purchase(shop: rx.App) -> None:
    shop.add_page(
        login,
        route="/login",
        title=title("Continue"),
        description="Continue with your e-mail, or sign in.",
        image=_SHARE,
        on_load=EntranceState.open_entrance,
    )
    shop.add_page(
        checkout,
        route="/checkout",
        title=title("Checkout"),
        description="Review your order and pay.",
        image=_SHARE,
        on_load=CheckoutState.open_checkout,
    )
    shop.add_page(
        orders,
        route="/orders",
        title=title("My orders"),
        description="Your orders and their receipts.",
        image=_SHARE,
        on_load=OrdersState.open_orders,
    )
    shop.add_page(
        order,
        route="/orders/[order_id]",
        title=title("Your order"),
        description="Where your order stands, and its receipt.",
        image=_SHARE,
        on_load=[CheckoutState.leave_checkout, OrderState.open_order],
    )


def _embedded_sandbox() -> Sandbox:
    """Make the Razorpay that lives in this process, so that a fresh clone takes payments without an account."""
    shop = settings()
    return Sandbox(
        SandboxConfig(
            data=shop.data_dir / "sandbox",
            keys=(KeyPair(shop.razorpay_key_id, shop.razorpay_key_secret),),
            webhook_secret=shop.razorpay_webhook_secret,
            webhook_url=f"http://127.0.0.1:{shop.port}/api/webhooks/razorpay",
            base_path="/sandbox",
            merchant_name=shop.shop_name,
        )
    )


app = _build()
