"""The page of where the shop sends."""
