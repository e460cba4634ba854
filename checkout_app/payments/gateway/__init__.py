"""Razorpay as this shop speaks with it: the client, what it answers, what can go wrong."""
