"""The people of the shop, for its owners: who they are, and who is invited."""
