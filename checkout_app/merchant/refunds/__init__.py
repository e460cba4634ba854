"""Money given back: what can be, and giving it."""
