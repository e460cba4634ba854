"""The cart's page, and the forms that change what is in it."""
