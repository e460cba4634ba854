"""The shopkeeper's portal: refunds, and what waits for a person."""
