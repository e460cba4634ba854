"""One order's page."""
