"""What somebody does with their own account once they are signed in."""
