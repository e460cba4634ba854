"""The shop itself: what the shopkeeper says of it."""
