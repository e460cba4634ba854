"""Complaints as the back office shows them."""
