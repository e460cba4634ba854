"""Coupons, as the shopkeeper sees to them."""
