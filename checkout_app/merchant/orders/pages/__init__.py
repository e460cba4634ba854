"""The pages about the shop's orders."""
