"""The coupon on the checkout page: its field, and the action that takes what is typed there."""
