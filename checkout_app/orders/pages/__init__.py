"""The list of orders and the page of one, one page a module."""
