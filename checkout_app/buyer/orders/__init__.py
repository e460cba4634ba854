"""The list of one's own orders."""
