"""Checkout as a buyer meets it: the script a shop includes, the frame it opens, and the test bank's page."""

from razorpay_sandbox.checkout.routes import routes

__all__ = ["routes"]
