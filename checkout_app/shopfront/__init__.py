"""What everybody may look at: home and products."""
