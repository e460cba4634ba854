"""The zones of the shop, as its people see and change them."""
