"""The demo shop, for development: its products and its buyer."""
