"""A shop that takes payments with Razorpay: catalogue, checkout, receipt, order history."""

__version__ = "0.2.0"
