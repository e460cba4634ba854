"""The categories, as the people of the shop see them."""
