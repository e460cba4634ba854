"""What there is for a buyer on an order's page once it is paid."""

import reflex as rx

from checkout_app.buyer.order.pages.receipt import ORDER
from checkout_app.buyer.order.views import FileView
from checkout_app.ui.native import NativeLink


def bought_files() -> rx.Component:
    """Lead to the files that were bought."""
    return rx.el.section(
        rx.el.h2("Yours to download"),
        rx.el.ul(rx.foreach(ORDER.files, _file), class_name="files"),
        class_name="part",
    )


def _file(file: rx.Var[FileView]) -> rx.Component:
    # Told as an attachment: the browser keeps it, and stays on this page.
    download = NativeLink.create(
        rx.icon("download", size=18), "Download", href=file.href, class_name="button button-primary"
    )
    return rx.el.li(
        rx.el.div(rx.el.p(rx.el.bdi(file.name)), rx.el.p(file.about, class_name="small muted")),
        rx.cond(file.href, download),
    )
