"""The page that the back office begins with."""
