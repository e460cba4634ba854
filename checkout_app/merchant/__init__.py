"""The shopkeeper's portal: today, orders and what waits for a person, what is sold, the shop itself, its people."""
