"""The page of what going live needs."""
