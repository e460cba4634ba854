"""The order page's second way to the truth: plain HTTP, for when the live connection does not come."""

import reflex as rx


class OrderStatusCard(rx.NoSSRComponent):
    """Shows the status of the order in this URL, if the page around it has not done so within a moment."""

    library = rx.asset("bridge.jsx", shared=True).importable_path
    tag = "OrderStatusCard"
