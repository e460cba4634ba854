"""The pages of what is for sale, for the people of the shop."""
