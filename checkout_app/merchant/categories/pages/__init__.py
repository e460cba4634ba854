"""The page of the categories."""
