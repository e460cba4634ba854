"""How the shop does today: what is sold, what waits, what runs low, and whether the books are right."""
