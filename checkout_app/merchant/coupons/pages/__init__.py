"""The page of the shop's coupons."""
