"""The shop's orders as its people see them: views, search, and one order with all there is about it."""
