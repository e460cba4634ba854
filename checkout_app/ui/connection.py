"""What people see when the live connection is gone, or when a page breaks while it is drawn."""

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from checkout_app.ui.kit import button, button_link, message


def connection_banner() -> rx.Component:
    """Say that the shop can't be reached now, and that it is tried again."""
    return rx.connection_banner(
        rx.el.div(
            rx.el.p(
                rx.icon("wifi-off", size=16),
                "No connection. We keep trying; orders and payments are safe.",
                class_name="connection-text",
            ),
            class_name="connection",
            role="status",
        )
    )


def error_boundary() -> rx.Component:
    """Show an apology with ways on instead of a page that could not be drawn."""
    reload = rx.call_function(rx.Var("() => window.location.reload()"))
    return ErrorBoundary.create(
        fallback_render=rx.el.main(
            message(
                "cloud-off",
                "This page could not be shown",
                "Something went wrong on our side. Orders and payments are not affected.",
                button("Load it again", on_click=reload),
                button_link("Go to the shop", href="/", quiet=True, custom_attrs={"reloadDocument": True}),
            ),
            class_name="wrap",
        )
    )
