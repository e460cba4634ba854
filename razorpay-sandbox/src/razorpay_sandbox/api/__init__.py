"""Razorpay's REST API: who calls, what is asked, and one module for each resource."""
