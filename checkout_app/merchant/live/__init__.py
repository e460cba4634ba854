"""What going live needs, as the back office shows it."""
