"""The payment window on the checkout page: what it reports while it is open, and as it closes."""
