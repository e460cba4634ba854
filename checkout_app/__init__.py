"""A shop that takes payments with Razorpay: catalogue, checkout, receipt, order history."""
