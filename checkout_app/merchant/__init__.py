"""The shopkeeper's portal: orders, refunds, and what waits for a person."""
