"""Products out of the shop as a table, and in again."""
