"""The orders of the shop: lists of them, one of them, and what is done with it."""
