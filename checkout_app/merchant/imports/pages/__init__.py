"""The page on which products come in as a table."""
