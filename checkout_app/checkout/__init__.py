"""The heart: create an order, pay it, verify the payment."""
