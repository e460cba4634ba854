"""What Razorpay told the shop, for its people: each message, and handling one again."""
