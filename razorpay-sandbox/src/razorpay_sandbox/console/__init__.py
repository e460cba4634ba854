"""The sandbox's console: what happened to the money, and what a test may do to it, for a person at a browser."""

from razorpay_sandbox.console.routes import routes

__all__ = ["routes"]
