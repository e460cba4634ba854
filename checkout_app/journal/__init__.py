"""What happened, for whom it is still to be followed up, and what waits for a person."""
