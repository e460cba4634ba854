"""The pages of the shop's policies, which everybody may read."""
