"""The pages of the policies in the back office."""
