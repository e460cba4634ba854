"""The pages of what Razorpay told."""
