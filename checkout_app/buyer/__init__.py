"""The buyer's portal: sign-in, my orders, one order with its receipt."""
