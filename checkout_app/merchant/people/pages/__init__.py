"""The page of the people of the shop."""
