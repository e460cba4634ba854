"""The shelf and the product, one page a module."""
