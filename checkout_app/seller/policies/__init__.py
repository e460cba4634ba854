"""What the shop promises everybody, on pages: made from answers, changed by hand, and no text ever lost."""
