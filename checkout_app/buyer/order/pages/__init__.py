"""The page of one order and the receipt on it."""
