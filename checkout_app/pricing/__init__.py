"""What a sale comes to, and why: pure rules of discount, delivery and tax."""
