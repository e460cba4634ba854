"""One's own account: what is done with it on its page, and the second factor of the people of the shop."""
