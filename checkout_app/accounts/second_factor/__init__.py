"""The second factor of the people of the shop: set up, and shown."""
