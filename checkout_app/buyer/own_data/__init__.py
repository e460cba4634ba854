"""What the shop knows of somebody: given to them, and erased."""
