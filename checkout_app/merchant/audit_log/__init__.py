"""The audit log, for the owners of the shop: who did what."""
