"""What waits for a person of the shop, and what they can do about it."""
